package dev.minidynamo.app.observe;

import dev.minidynamo.antientropy.AntiEntropyStatus;
import dev.minidynamo.app.observe.Meters.About;
import dev.minidynamo.hints.HintStatus;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.membership.MembershipStatus;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.runtime.Traffic;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The metrics that a node has of each of its peers: hints, liveness, queues and differences; see
 * docs/operating.md.
 */
final class PeerMetrics implements MeterBinder {

    private static final double MILLIS = 1e3;
    private static final About HINTS =
            new About(
                    "dynamo.processed.hints", "hints", "Hints for a peer, by what became of them");
    private static final About TRANSFERRED =
            new About(
                    "dynamo.antientropy.keys",
                    "keys",
                    "Keys that anti-entropy brought from a peer (pulled) or to it (pushed)");

    private static final About BODIES =
            new About(
                    "dynamo.peer",
                    "bytes",
                    "Bytes of the batches sent to a peer and of its answers");

    private final Samples samples;
    private final List<NodeId> peers;

    PeerMetrics(Samples samples, List<NodeId> peers) {
        this.samples = samples;
        this.peers = peers;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry, samples);
        for (NodeId peer : peers) {
            OfPeer of = new OfPeer(meters, peer, Tags.of("peer", peer.value()));
            liveness(of);
            hints(of);
            antiEntropy(of);
            traffic(of);
        }
    }

    private static void traffic(OfPeer of) {
        of.meters.gauge(
                new About("dynamo.queue", "bytes", "Bytes that wait to be sent to a peer"),
                of.tags,
                of.sent(Traffic::queuedBytes));
        of.meters.counter(
                new About("dynamo.peer.batches", "batches", "POSTs that a peer answered"),
                of.tags,
                of.sent(Traffic::batches));
        of.meters.counter(
                new About(
                        "dynamo.peer.requests",
                        "requests",
                        "Requests that a peer answered; a batch carries one or more"),
                of.tags,
                of.sent(Traffic::requests));
        of.meters.counter(BODIES, of.tags.and("direction", "sent"), of.sent(Traffic::sentBytes));
        of.meters.counter(
                BODIES, of.tags.and("direction", "received"), of.sent(Traffic::receivedBytes));
    }

    private static void liveness(OfPeer of) {
        of.member(
                new About(
                        "dynamo.peer.phi",
                        "phi",
                        "Suspicion that a peer is gone: 1 is wrong once in 10 times, 2 once in"
                                + " 100"),
                MembershipStatus.Peer::phi);
        of.member(
                new About("dynamo.peer.up", "boolean", "1 when a peer is believed to be up"),
                peer -> peer.liveness() == Membership.Liveness.UP ? 1 : 0);
        of.member(
                new About("dynamo.peer.silence", "seconds", "Time since a peer was last heard"),
                peer -> peer.silentMillis() / MILLIS);
        of.member(
                new About("dynamo.peer.round.trip", "seconds", "Round trip of a peer's heartbeats"),
                peer -> peer.roundTripMillis() / MILLIS);
        of.member(
                new About(
                        "dynamo.peer.clock.offset",
                        "seconds",
                        "How far a peer's clock is ahead of ours"),
                peer -> peer.clockOffsetMillis() / MILLIS);
    }

    private static void hints(OfPeer of) {
        of.held(
                new About("dynamo.hints", "hints", "Hints held for a peer"),
                HintStatus.Target::count);
        of.held(
                new About("dynamo.hint", "bytes", "Bytes of the hints held for a peer"),
                HintStatus.Target::bytes);
        of.held(
                new About(
                        "dynamo.hint.oldest", "seconds", "Age of the oldest hint held for a peer"),
                target -> target.oldestAgeMillis() / MILLIS);
        of.processed("stored", HintStatus.Target::stored);
        of.processed("delivered", HintStatus.Target::delivered);
        of.processed("expired", HintStatus.Target::expired);
        of.processed("overflowed", HintStatus.Target::overflowed);
        of.processed("damaged", HintStatus.Target::damaged);
        of.processed("refused", HintStatus.Target::refused);
        of.processed("failed", HintStatus.Target::failed);
    }

    private static void antiEntropy(OfPeer of) {
        of.meters.gauge(
                new About(
                        "dynamo.divergence",
                        "entries",
                        "Entries that differed from a peer's in the last comparison"),
                of.tags,
                of.compared(AntiEntropyStatus.Peer::differing));
        of.meters.counter(
                TRANSFERRED,
                of.tags.and("direction", "pulled"),
                of.compared(AntiEntropyStatus.Peer::pulled));
        of.meters.counter(
                TRANSFERRED,
                of.tags.and("direction", "pushed"),
                of.compared(AntiEntropyStatus.Peer::pushed));
        of.meters.counter(
                new About(
                        "dynamo.antientropy",
                        "bytes",
                        "Bytes exchanged with a peer by comparisons"),
                of.tags,
                of.compared(AntiEntropyStatus.Peer::bytes));
        of.meters.counter(
                new About(
                        "dynamo.antientropy.errors",
                        "errors",
                        "Comparisons with a peer that failed"),
                of.tags,
                of.compared(AntiEntropyStatus.Peer::errors));
    }

    /** The meters of one peer; a value is 0 as long as the node's room has not met the peer. */
    private record OfPeer(Meters meters, NodeId peer, Tags tags) {

        void member(About about, ToDoubleFunction<MembershipStatus.Peer> value) {
            meters.gauge(
                    about,
                    tags,
                    sample ->
                            sample.status().membership().peers().stream()
                                    .filter(one -> one.id().equals(peer))
                                    .mapToDouble(value)
                                    .findFirst()
                                    .orElse(0));
        }

        void held(About about, ToDoubleFunction<HintStatus.Target> value) {
            meters.gauge(about, tags, target(value));
        }

        void processed(String outcome, ToDoubleFunction<HintStatus.Target> count) {
            meters.counter(HINTS, tags.and("outcome", outcome), target(count));
        }

        private ToDoubleFunction<Sample> target(ToDoubleFunction<HintStatus.Target> value) {
            return sample ->
                    sample.status().hints().targets().stream()
                            .filter(one -> one.target().equals(peer))
                            .mapToDouble(value)
                            .findFirst()
                            .orElse(0);
        }

        ToDoubleFunction<Sample> sent(ToDoubleFunction<Traffic> value) {
            return sample -> value.applyAsDouble(sample.traffic().getOrDefault(peer, Traffic.NONE));
        }

        ToDoubleFunction<Sample> compared(ToDoubleFunction<AntiEntropyStatus.Peer> value) {
            return sample ->
                    sample.status().antiEntropy().peers().stream()
                            .filter(one -> one.id().equals(peer))
                            .mapToDouble(value)
                            .findFirst()
                            .orElse(0);
        }
    }
}
