package dev.minidynamo.sim;

import static dev.minidynamo.sim.MutantSeams.acknowledgingAtOnce;
import static dev.minidynamo.sim.MutantSeams.options;
import static dev.minidynamo.sim.MutantSeams.replica;
import static dev.minidynamo.sim.MutantSeams.replies;
import static dev.minidynamo.sim.MutantSeams.requests;
import static dev.minidynamo.sim.MutantSeams.sending;
import static dev.minidynamo.sim.MutantSeams.withRemote;
import static dev.minidynamo.sim.Mutants.isClientWrite;
import static dev.minidynamo.sim.Mutants.onReplySoon;

import dev.minidynamo.coordinator.CoordinatorOptions;
import dev.minidynamo.model.Cell;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Request.Cause;
import dev.minidynamo.protocol.Transport;
import dev.minidynamo.sim.Mutants.Mutant;
import dev.minidynamo.wal.LogOptions;

import java.util.List;

/** Bugs on the way of a write and of a read. */
final class WriteMutants {

    private WriteMutants() {}

    static void addTo(List<Mutant> all) {
        all.add(
                new Mutant(
                        "[3] writes that are still in flight at W are cancelled",
                        sending((real, to, request, priority, timeout, onReply) -> {
                            if (!isClientWrite(request) || to.value().charAt(1) % 2 == 0) {
                                real.send(to, request, priority, timeout, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "[7] a write without an answer counts as acknowledged",
                        replies((request, reply) ->
                                isClientWrite(request) && reply instanceof Reply.Failed
                                        ? new Reply.Written()
                                        : reply)));
        all.add(
                new Mutant(
                        "[20] a full disk counts as acknowledged",
                        replies((request, reply) ->
                                isClientWrite(request)
                                                && reply instanceof Reply.Refused refused
                                                && refused.reason() == Reply.Reason.DISK_FULL
                                        ? new Reply.Written()
                                        : reply),
                        FaultKind.DISK_FULL,
                        FaultKind.FULL_RESTART));
        all.add(
                new Mutant(
                        "an overloaded replica counts as acknowledged",
                        replies((request, reply) ->
                                isClientWrite(request)
                                                && reply instanceof Reply.Refused refused
                                                && refused.reason() == Reply.Reason.OVERLOADED
                                        ? new Reply.Written()
                                        : reply),
                        Scenario::overloads));
        all.add(
                new Mutant(
                        "no request is shed",
                        options(o -> with(o, o.coordinator().standInAfterMillis(), 64 << 20)),
                        Scenario::overloads));
        all.add(
                new Mutant(
                        "what waits for a slow disk has no bound",
                        options(WriteMutants::withEndlessQueue),
                        Scenario::overloads));
        all.add(
                new Mutant(
                        "[10] a replica hides that it holds something newer",
                        replica((rooms, from, request, onReply) ->
                                rooms.real()
                                        .handle(
                                                from,
                                                request,
                                                reply ->
                                                        onReply.accept(
                                                                reply instanceof Reply.Superseded
                                                                        ? new Reply.Written()
                                                                        : reply)))));
        all.add(
                new Mutant(
                        "a replica acknowledges before its log is forced",
                        acknowledgingAtOnce(Mutants::isClientWrite)));
        all.add(
                new Mutant(
                        "nobody stands in for a silent primary in time",
                        options(o -> with(o, 5_000, o.coordinator().maxInFlightBytes())),
                        Scenario::asksTheHealthy));
        all.add(
                new Mutant(
                        "a read asks no more replicas than it needs",
                        askingFew(),
                        Scenario::asksTheHealthy));
        all.add(
                new Mutant(
                        "a request that gets no answer never ends",
                        sending((real, to, request, priority, timeout, onReply) ->
                                real.send(
                                        to,
                                        request,
                                        priority,
                                        timeout,
                                        reply -> {
                                            if (!(reply instanceof Reply.Failed)) {
                                                onReply.accept(reply);
                                            }
                                        }))));
        all.add(
                new Mutant(
                        "[11] two cells of one version differ",
                        requests(request ->
                                request instanceof Request.Write write
                                                && write.cause() == Cause.READ_REPAIR
                                                && write.cell() instanceof Cell.Live live
                                        ? new Request.Write(
                                                write.key(), altered(live), write.cause(), null)
                                        : request)));
        all.add(
                new Mutant(
                        "read repair is not waited for",
                        sending((real, to, request, priority, timeout, onReply) -> {
                            boolean repair =
                                    request instanceof Request.Write w
                                            && w.cause() == Cause.READ_REPAIR;
                            if (repair) {
                                real.send(to, new Request.Ping(0), priority, timeout, p -> {});
                                onReplySoon(real, to, onReply);
                            } else {
                                real.send(to, request, priority, timeout, onReply);
                            }
                        })));
    }

    private static NodeOptions withEndlessQueue(NodeOptions o) {
        LogOptions log = o.store().log().withMaxQueueBytes(64 << 20);
        return MutantSeams.with(o, o.store().withLog(log), o.antiEntropy(), o.coordinator());
    }

    private static NodeOptions with(NodeOptions o, long standInAfterMillis, long inFlightBytes) {
        var c = o.coordinator();
        return MutantSeams.with(
                o,
                o.store(),
                o.antiEntropy(),
                new CoordinatorOptions(
                        standInAfterMillis,
                        c.maxDriftMillis(),
                        inFlightBytes,
                        c.maxBackgroundRepairs(),
                        c.youngMillis(),
                        c.maxOperationMillis()));
    }

    private static Blueprint askingFew() {
        return (options, ports, ring) -> {
            int needed = Math.max(options.cluster().r(), options.cluster().w());
            Transport asking =
                    (to, request, priority, timeout, onReply) -> {
                        if (request instanceof Request.Read read
                                && ring.preferenceList(read.key()).primaries().indexOf(to)
                                        >= needed) {
                            Reply none = new Reply.Failed(Reply.Failure.UNREACHABLE, "planted");
                            onReplySoon(ports.remote(), to, reply -> onReply.accept(none));
                        } else {
                            ports.remote().send(to, request, priority, timeout, onReply);
                        }
                    };
            return new Blueprint.Production(options, withRemote(ports, asking), ring);
        };
    }

    private static Cell altered(Cell.Live live) {
        byte[] bytes = live.value().clone();
        bytes[bytes.length - 1] ^= 1;
        return new Cell.Live(live.version(), bytes, live.contentType(), live.expiresAtMillis());
    }
}
