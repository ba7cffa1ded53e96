package dev.minidynamo.antientropy;

import dev.minidynamo.env.Scheduler.Timer;
import dev.minidynamo.membership.Membership.Liveness;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.WalStore;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Anti-entropy of one node: compares it with its peers in turn, one at each interval, and again at
 * once with one that still differs.
 *
 * <p>Rounds with different peers do not wait for each other, so a slow peer delays only its own. A
 * node that is not synchronised compares itself with all peers it needs without waiting for the
 * interval, even where anti-entropy is off (Dynamo, SOSP 2007, §4.7).
 */
public class AntiEntropyScheduler {

    /** Between two looks at what a node still needs to be synchronised. */
    private static final long SYNCHRONISE_MILLIS = 100;

    /** Least pause between two rounds with one peer. */
    private static final long PAUSE_MILLIS = 10;

    /** How long a peer that leads a repair is left to it. */
    private static final long LEADING_MILLIS = 500;

    private final Replicating node;
    private final Synchroniser synchroniser;
    private final AntiEntropyAnswers answers;
    private final StrayCopies strays;
    private final List<PeerRounds> peers = new ArrayList<>();

    private boolean enabled;
    private boolean running;
    private @Nullable Timer timer;
    private boolean synchronising;
    private int turn;
    private @Nullable NodeId lastPeer;
    private long lastRunMillis;
    private Round.@Nullable Result lastResult;
    private String lastError = "";

    /**
     * @param tree empty, not yet registered with the store: this does it
     */
    @SuppressWarnings("this-escape")
    public AntiEntropyScheduler(
            NodeId self,
            Ring ring,
            WalStore store,
            HashTree tree,
            AntiEntropyPorts ports,
            AntiEntropyOptions options) {
        store.onChange(tree);
        node = new Replicating(self, ring, store, tree, ports, options);
        synchroniser = new Synchroniser(node);
        answers = new AntiEntropyAnswers(node, synchroniser);
        strays = new StrayCopies(node);
        enabled = options.enabled();
        for (NodeId peer : ring.nodes()) {
            if (!peer.equals(self)) {
                peers.add(new PeerRounds(peer, options.youngMillis()));
            }
        }
        ports.membership().onChange((peer, liveness) -> heardOf(liveness));
    }

    /** Begins to compare. */
    public void start() {
        if (running) {
            return;
        }
        running = true;
        synchroniser.start();
        timer = node.ports().scheduler().every(node.options().intervalMillis(), this::takeTurn);
        synchronise();
    }

    /** Ends it; answers to what is under way are not acted on. */
    public void stop() {
        running = false;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        for (PeerRounds peer : peers) {
            if (peer.round != null) {
                peer.round.cancel();
                peer.round = null;
            }
        }
    }

    /** Switches the comparison at the interval on or off. */
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    /** Whether this node's replica counts in read quorums and may repair others (P7, P13). */
    public boolean synchronised() {
        return synchroniser.synchronised();
    }

    /** Whether everything acknowledged for a key is here, so that it may be answered (P5). */
    public boolean isComplete(Key key) {
        int partition = Ring.partitionOf(Ring.tokenOf(key));
        return synchroniser.synchronised() && !synchroniser.gained().get(partition);
    }

    /** How long ago this node was last without data and not synchronised; -1 if never. */
    public long blankMillisAgo() {
        return synchroniser.blankMillisAgo();
    }

    /** How far the data reach, for the peers; nothing is told unless this node is synchronised. */
    public DataMark mark() {
        return synchroniser.synchronised() ? node.dataMark() : DataMark.NONE;
    }

    /** Answers a peer's question for hashes. */
    public Reply treeHashes(NodeId from, Request.TreeHashes request) {
        if (request.level() != HashTree.ROOT_LEVEL) {
            for (PeerRounds peer : peers) {
                if (peer.id.equals(from)) {
                    peer.descentSeenMillis = node.monotonicMillis();
                }
            }
        }
        return answers.treeHashes(from, request);
    }

    /** Answers a peer's question for the entries of leaves. */
    public Reply leafList(Request.LeafList request) {
        return answers.leafList(request);
    }

    /** Answers a peer's question for cells. */
    public Reply fetch(NodeId from, Request.Fetch request) {
        return answers.fetch(from, request);
    }

    private void heardOf(Liveness liveness) {
        if (running && liveness == Liveness.UP && !synchroniser.synchronised()) {
            // After the answer that was heard has been taken note of in full.
            node.ports().scheduler().execute(this::lookAtSynchronisation);
        }
    }

    private void synchronise() {
        if (!running || synchronising) {
            return;
        }
        lookAtSynchronisation();
        if (!synchroniser.synchronised() || synchroniser.outstanding() > 0) {
            synchronising = true;
            node.ports()
                    .scheduler()
                    .after(
                            SYNCHRONISE_MILLIS,
                            () -> {
                                synchronising = false;
                                synchronise();
                            });
        }
    }

    private void lookAtSynchronisation() {
        if (!running) {
            return;
        }
        synchroniser.evaluate();
        for (PeerRounds peer : peers) {
            if (isFree(peer) && synchroniser.isUrgent(peer.id)) {
                begin(peer);
            }
        }
    }

    private boolean isFree(PeerRounds peer) {
        return peer.round == null && node.ports().membership().liveness(peer.id) == Liveness.UP;
    }

    private void takeTurn() {
        synchroniser.noteDamage();
        synchronise();
        if (!synchroniser.synchronised()) {
            return;
        }
        strays.pass();
        if (!enabled && synchroniser.outstanding() == 0) {
            return;
        }
        for (int i = 0; i < peers.size(); i++) {
            PeerRounds peer = peers.get(turn);
            turn = (turn + 1) % peers.size();
            if (isFree(peer) && !isLeading(peer) && !node.tree().shared(peer.id).isEmpty()) {
                begin(peer);
                return;
            }
        }
    }

    private boolean isLeading(PeerRounds peer) {
        return node.monotonicMillis() - peer.descentSeenMillis < LEADING_MILLIS
                && synchroniser.leavesTheLeadTo(peer.id);
    }

    private void begin(PeerRounds peer) {
        Round round = new Round(node, synchroniser, peer, result -> ended(peer, result));
        peer.round = round;
        round.start();
    }

    private void ended(PeerRounds peer, Round.Result result) {
        lastPeer = peer.id;
        lastRunMillis = node.ports().clock().wallMillis();
        lastResult = result;
        if (result.errors() > 0) {
            lastError = peer.id + " " + result.lastError();
        }
        peer.add(result, lastRunMillis);
        synchroniser.evaluate();
        if (running && result.errors() == 0 && (result.more() || result.repaired() > 0)) {
            node.ports().scheduler().after(pauseAfter(result), () -> goOn(peer));
        } else {
            peer.round = null;
        }
    }

    private void goOn(PeerRounds peer) {
        if (!running) {
            return;
        }
        peer.round = null;
        boolean needed =
                synchroniser.synchronised()
                        ? enabled && !isLeading(peer)
                        : !synchroniser.wanted(peer.id).isEmpty();
        if (needed && isFree(peer)) {
            begin(peer);
        }
    }

    private long pauseAfter(Round.Result result) {
        long least = result.repaired() * 1_000 / node.options().maxKeysPerSecond();
        return Math.max(PAUSE_MILLIS, least - result.durationMillis());
    }

    /** What has been done, for people. */
    public AntiEntropyStatus status() {
        Round.Result last = lastResult;
        return new AntiEntropyStatus(
                enabled,
                node.options().intervalMillis(),
                node.options().maxKeysPerRound(),
                lastPeer,
                lastRunMillis,
                last == null ? 0 : last.durationMillis(),
                last == null ? 0 : last.compared(),
                last == null ? 0 : last.pulled(),
                last == null ? 0 : last.pushed(),
                peers.stream().mapToLong(p -> p.pulled).sum(),
                peers.stream().mapToLong(p -> p.pushed).sum(),
                peers.stream().mapToLong(p -> p.errors).sum(),
                lastError,
                synchroniser.synchronised(),
                synchroniser.cause() == UnsynchronisedCause.NONE
                        ? ""
                        : synchroniser.cause().name().toLowerCase(Locale.ROOT),
                synchroniser.outstanding(),
                synchroniser.buried(),
                node.tree().strays(),
                strays.handedOver(),
                peers.stream().map(AntiEntropyScheduler::statusOf).toList());
    }

    private static AntiEntropyStatus.Peer statusOf(PeerRounds peer) {
        return new AntiEntropyStatus.Peer(
                peer.id,
                peer.rounds,
                peer.differing,
                peer.more,
                peer.pulled,
                peer.pushed,
                peer.bytes,
                peer.errors,
                peer.lastRoundWallMillis);
    }
}
