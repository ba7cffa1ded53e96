package dev.minidynamo.sim;

import static dev.minidynamo.sim.MutantSeams.acknowledgingAtOnce;
import static dev.minidynamo.sim.MutantSeams.assembly;
import static dev.minidynamo.sim.MutantSeams.disk;
import static dev.minidynamo.sim.MutantSeams.replica;
import static dev.minidynamo.sim.MutantSeams.replies;
import static dev.minidynamo.sim.MutantSeams.sending;
import static dev.minidynamo.sim.MutantSeams.withDisk;
import static dev.minidynamo.sim.Mutants.onReplySoon;

import dev.minidynamo.env.Disk;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Request.Cause;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.sim.MutantSeams.PassingDisk;
import dev.minidynamo.sim.Mutants.Mutant;

import java.io.IOException;
import java.util.List;

/** Bugs of hints. */
final class HintMutants {

    private HintMutants() {}

    private static boolean isHint(Request request) {
        return request instanceof Request.Write write && write.hintFor() != null;
    }

    private static boolean isDelivery(Request request) {
        return request instanceof Request.Write write && write.cause() == Cause.HINT;
    }

    static void addTo(List<Mutant> all) {
        all.add(
                new Mutant(
                        "[1] [2] no hint is kept beside the own copy",
                        replica((rooms, from, request, onReply) -> {
                            if (isHint(request) && from.equals(rooms.options().self())) {
                                onReply.accept(new Reply.Written());
                            } else {
                                rooms.real().handle(from, request, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "[5] a fallback keeps a plain copy instead of a hint",
                        replica((rooms, from, request, onReply) ->
                                rooms.real()
                                        .handle(
                                                from,
                                                request instanceof Request.Write w
                                                        ? new Request.Write(
                                                                w.key(), w.cell(), w.cause(), null)
                                                        : request,
                                                onReply))));
        all.add(
                new Mutant(
                        "a hint is deleted before its target has acknowledged it",
                        sending((real, to, request, priority, timeout, onReply) -> {
                            if (isDelivery(request)) {
                                onReplySoon(real, to, onReply);
                            } else {
                                real.send(to, request, priority, timeout, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "[17] a hint whose delivery failed counts as delivered",
                        replies((request, reply) ->
                                isDelivery(request)
                                                && (reply instanceof Reply.Failed
                                                        || reply instanceof Reply.Refused)
                                        ? new Reply.Written()
                                        : reply)));
        all.add(
                new Mutant(
                        "a hint is acknowledged before it is durable",
                        acknowledgingAtOnce(HintMutants::isHint)));
        all.add(
                new Mutant(
                        "a hint is kept for the wrong node",
                        replica((rooms, from, request, onReply) ->
                                rooms.real()
                                        .handle(
                                                from,
                                                isHint(request)
                                                        ? misdirected(
                                                                rooms, (Request.Write) request)
                                                        : request,
                                                onReply))));
        all.add(
                new Mutant(
                        "[16] hints are never delivered",
                        sending((real, to, request, priority, timeout, onReply) -> {
                            if (isDelivery(request)) {
                                real.send(
                                        to,
                                        new Request.Ping(0),
                                        priority,
                                        timeout,
                                        r ->
                                                onReply.accept(
                                                        new Reply.Failed(
                                                                Reply.Failure.TIMEOUT, "mutant")));
                            } else {
                                real.send(to, request, priority, timeout, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "[22] hints are forgotten at a restart",
                        disk(real ->
                                new PassingDisk(real) {
                                    @Override
                                    public List<String> list(String directory) throws IOException {
                                        return directory.equals("hints")
                                                ? List.of()
                                                : super.list(directory);
                                    }
                                })));
        all.add(
                new Mutant(
                        "hints for a node that was removed from nodes.json are thrown away",
                        assembly((options, ports, ring) ->
                                new Blueprint.Production(
                                        options,
                                        withDisk(ports, new WithoutStrangers(ports.disk(), ring)),
                                        ring))));
    }

    /** A disk on which only the nodes of the ring have hints. */
    private static final class WithoutStrangers extends PassingDisk {

        private final Ring ring;

        WithoutStrangers(Disk real, Ring ring) {
            super(real);
            this.ring = ring;
        }

        @Override
        public List<String> list(String directory) throws IOException {
            return super.list(directory).stream()
                    .filter(name ->
                            !directory.equals("hints") || ring.nodes().contains(new NodeId(name)))
                    .toList();
        }
    }

    private static Request misdirected(MutantSeams.Rooms rooms, Request.Write write) {
        for (NodeId node : rooms.ring().nodes()) {
            if (!node.equals(write.hintFor()) && !node.equals(rooms.options().self())) {
                return new Request.Write(write.key(), write.cell(), write.cause(), node);
            }
        }
        return write;
    }
}
