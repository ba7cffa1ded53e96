package dev.minidynamo.sim;

import static dev.minidynamo.sim.MutantSeams.assembly;
import static dev.minidynamo.sim.MutantSeams.options;
import static dev.minidynamo.sim.MutantSeams.replies;
import static dev.minidynamo.sim.MutantSeams.sending;

import dev.minidynamo.coordinator.CoordinatorOptions;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.Node;
import dev.minidynamo.node.NodeAssembly;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.node.NodePorts;
import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestBatch;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.sim.Mutants.Mutant;
import dev.minidynamo.store.WalStore;
import dev.minidynamo.version.HybridLogicalClock;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Bugs of clocks, of the admission of messages and of the view of peers. */
final class ClockMutants {

    private ClockMutants() {}

    static void addTo(List<Mutant> all) {
        all.add(
                new Mutant(
                        "[10] the hybrid clock begins anew at each restart",
                        assembly(ForgetfulClock::new)));
        all.add(
                new Mutant(
                        "[12] any timestamp is accepted", options(ClockMutants::withEndlessDrift)));
        all.add(
                new Mutant(
                        "a message is taken however old it is",
                        new Admitting(
                                Blueprint.PRODUCTION,
                                (real, batch) -> {
                                    var refusal = real.refusal(batch);
                                    return refusal != null
                                                    && refusal.reason()
                                                            == Reply.Reason.STALE_MESSAGE
                                            ? null
                                            : refusal;
                                })));
        all.add(
                new Mutant(
                        "[19] a node with another ring is listened to",
                        new Admitting(
                                Blueprint.PRODUCTION,
                                (real, batch) -> {
                                    var refusal = real.refusal(batch);
                                    return refusal != null
                                                    && refusal.reason()
                                                            == Reply.Reason.RING_MISMATCH
                                            ? null
                                            : refusal;
                                }),
                        FaultKind.OTHER_RING));
        all.add(
                new Mutant(
                        "a peer that was down once is never asked again", new GrudgingBlueprint()));
        all.add(
                new Mutant(
                        "an old backup passes for the last data",
                        replies(MutantSeams::withoutMark)));
    }

    private static NodeOptions withEndlessDrift(NodeOptions o) {
        var c = o.coordinator();
        return MutantSeams.with(
                o,
                o.store(),
                o.antiEntropy(),
                new CoordinatorOptions(
                        c.standInAfterMillis(),
                        Long.MAX_VALUE >>> 20,
                        c.maxInFlightBytes(),
                        c.maxBackgroundRepairs(),
                        c.youngMillis(),
                        c.maxOperationMillis()));
    }

    private static final class ForgetfulClock extends Blueprint.Production {

        private final NodePorts ports;

        ForgetfulClock(NodeOptions options, NodePorts ports, Ring ring) {
            super(options, ports, ring);
            this.ports = ports;
        }

        @Override
        public HybridLogicalClock hybridClock(WalStore store) {
            return new HybridLogicalClock(ports.clock(), 0);
        }
    }

    /** A blueprint that lets other batches in. */
    private record Admitting(Blueprint base, Judge judge) implements Blueprint {

        interface Judge {
            BatchAnswer.Refusal refusal(Admission real, RequestBatch batch);
        }

        @Override
        public NodeAssembly assembly(NodeOptions options, NodePorts ports, Ring ring) {
            return base.assembly(options, ports, ring);
        }

        @Override
        public Admission admission(Node node, ClusterConfig config) {
            Admission real = base.admission(node, config);
            return batch -> judge.refusal(real, batch);
        }
    }

    private static final class GrudgingBlueprint implements Blueprint {

        @Override
        public NodeAssembly assembly(NodeOptions options, NodePorts ports, Ring ring) {
            Map<NodeId, Boolean> down = new TreeMap<>();
            return sending((real, to, request, priority, timeout, onReply) ->
                            real.send(
                                    to,
                                    down.containsKey(to) ? new Request.Ping(0) : request,
                                    priority,
                                    timeout,
                                    reply -> {
                                        boolean lost =
                                                reply instanceof Reply.Failed
                                                        || down.containsKey(to);
                                        if (lost) {
                                            down.put(to, true);
                                        }
                                        onReply.accept(
                                                lost
                                                        ? new Reply.Failed(
                                                                Reply.Failure.UNREACHABLE, "mutant")
                                                        : reply);
                                    }))
                    .assembly(options, ports, ring);
        }
    }
}
