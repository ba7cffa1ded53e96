package dev.minidynamo.membership;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport;
import dev.minidynamo.sim.SimLife;
import dev.minidynamo.sim.SimLoop;
import dev.minidynamo.sim.SimRandom;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Nodes that do nothing but send each other heartbeats, over a network that loses and delays. */
final class PingNet {

    static final long WALL_START = 1_700_000_000_000L;

    final SimLoop loop = new SimLoop();
    final Map<NodeId, Node> nodes = new LinkedHashMap<>();
    private final SimRandom random;
    private final List<NodeId> ring = new ArrayList<>();
    double loss;
    long leastDelayNanos = 200_000;
    long mostDelayNanos = 2_000_000;

    PingNet(long seed, int size) {
        random = new SimRandom(seed);
        for (int i = 1; i <= size; i++) {
            ring.add(new NodeId("n" + i));
        }
        ring.forEach(id -> nodes.put(id, new Node(id)));
    }

    Node node(int number) {
        return nodes.get(new NodeId("n" + number));
    }

    void startAll() {
        nodes.values().forEach(Node::start);
    }

    private long delay() {
        return leastDelayNanos + Math.floorMod(random.nextLong(), mostDelayNanos - leastDelayNanos);
    }

    private boolean lost() {
        return random.nextInt(1_000_000) < loss * 1_000_000;
    }

    /** One node; its process can be paused and killed. */
    final class Node implements Clock, Transport {

        final NodeId id;
        SimLife life;
        Membership membership;
        boolean alive;
        long wallOffsetMillis;
        boolean synchronised = true;
        long blankMillisAgo = -1;
        int pings;
        final List<String> changes = new ArrayList<>();

        Node(NodeId id) {
            this.id = id;
            life = new SimLife(id.value());
            membership = build();
        }

        private Membership build() {
            Scheduler scheduler = loop.scheduler(life);
            return new Membership(
                    id,
                    ring,
                    new MembershipPorts(this, scheduler, this),
                    MembershipOptions.defaults());
        }

        void start() {
            life = new SimLife(id.value());
            alive = true;
            membership = build();
            membership.onChange(
                    (peer, now) -> changes.add(peer + " " + now + " at " + loop.nowMillis()));
            Membership started = membership;
            loop.at(loop.nowNanos(), life, started::start);
        }

        void kill() {
            life.end();
            alive = false;
        }

        void pause() {
            life.pause();
        }

        void resume() {
            life.resume(loop);
        }

        Membership.Liveness sees(Node other) {
            return membership.liveness(other.id);
        }

        @Override
        public long wallMillis() {
            return WALL_START + loop.nowMillis() + wallOffsetMillis;
        }

        @Override
        public long monotonicNanos() {
            return loop.nowNanos() - 7_000_000_000L;
        }

        @Override
        public void send(
                NodeId to,
                Request request,
                Priority priority,
                long timeoutMillis,
                Consumer<Reply> onReply) {
            pings++;
            SimLife mine = life;
            Membership asker = membership;
            long sent = loop.nowNanos();
            boolean[] answered = {false};
            Consumer<Reply> once =
                    reply -> {
                        if (!answered[0]) {
                            answered[0] = true;
                            // A node's transport tells the failure detector of every outcome.
                            asker.observe(to, reply, loop.nowNanos() - sent);
                            onReply.accept(reply);
                        }
                    };
            loop.at(
                    loop.nowNanos() + timeoutMillis * 1_000_000,
                    mine,
                    () -> once.accept(new Reply.Failed(Reply.Failure.TIMEOUT, "")));
            Node target = PingNet.this.nodes.get(to);
            if (!target.alive) {
                Reply refused = new Reply.Failed(Reply.Failure.UNREACHABLE, "refused");
                loop.at(loop.nowNanos() + delay(), mine, () -> once.accept(refused));
            } else if (!lost()) {
                SimLife theirs = target.life;
                loop.at(
                        loop.nowNanos() + delay(),
                        theirs,
                        () -> {
                            Reply pong =
                                    new Reply.Pong(
                                            target.wallMillis(),
                                            target.synchronised,
                                            target.blankMillisAgo,
                                            DataMark.NONE);
                            if (!lost()) {
                                loop.at(loop.nowNanos() + delay(), mine, () -> once.accept(pong));
                            }
                        });
            }
        }
    }

    /** What every node believes of every other. */
    Map<String, Membership.Liveness> beliefs() {
        Map<String, Membership.Liveness> all = new TreeMap<>();
        for (Node a : nodes.values()) {
            for (Node b : nodes.values()) {
                if (a != b && a.alive) {
                    all.put(a.id + " of " + b.id, a.sees(b));
                }
            }
        }
        return all;
    }
}
