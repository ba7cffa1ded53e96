package dev.minidynamo.sim;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.MalformedMessageException;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestBatch;
import dev.minidynamo.protocol.Transport;
import dev.minidynamo.protocol.WireIdentity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The network between simulated nodes: it delays, loses, duplicates, reorders and partitions.
 *
 * <p>Every message goes through the binary codec, so that what arrives is what the wire would
 * carry. Every request is answered exactly once, by its timeout at the latest, as {@link Transport}
 * says.
 */
final class SimNetwork {

    /** How many of a thousand messages meet with what, and how long a message takes. */
    record Rates(
            int lostPerMille,
            int doublePerMille,
            int slowPerMille,
            long minMicros,
            long maxMicros) {}

    /** One end of the network. */
    interface Station {

        /** The running process, or null if there is none that listens. */
        SimLife listening();

        WireIdentity identity();

        /** Takes a batch in; the answer comes later, within the same life. */
        void receive(RequestBatch batch, Consumer<BatchAnswer> answer);
    }

    /** Sees what passes, for the checkers. */
    interface Observer {

        void asked(NodeId from, NodeId to, Request request);

        /** {@code reply} is about to leave {@code by}. */
        void answered(NodeId by, Request request, Reply reply);
    }

    private static final int ANSWER_BYTES = 8 << 20;
    private static final long NANOS = 1_000_000;

    private final SimLoop loop;
    private final SimRandom random;
    private final Rates base;
    private final Observer observer;
    private final Trace trace;
    private final BatchCodec codec = new BatchCodec();
    private final SimLife wire = new SimLife("wire");
    private final Map<NodeId, Station> stations = new TreeMap<>();
    private final Links links;
    private final List<Call> calls = new ArrayList<>();
    private int mostCalls;

    SimNetwork(SimLoop loop, SimRandom random, Shape shape, Observer observer, Trace trace) {
        this.loop = loop;
        this.random = random;
        this.base = shape.rates();
        this.observer = observer;
        this.trace = trace;
        this.links = new Links(shape.nodes());
    }

    void attach(NodeId id, Station station) {
        stations.put(id, station);
    }

    Links links() {
        return links;
    }

    /** The most requests that were without an answer at one time. */
    int mostCalls() {
        return mostCalls;
    }

    /** What is wrong with each direction of each link. */
    static final class Links {

        private final int[][] cuts;
        private final long[][] slowMillis;
        private final long[][] holdMillis;
        private int lossPercent;
        private int doublePercent;
        private boolean calm;

        Links(int nodes) {
            cuts = new int[nodes][nodes];
            slowMillis = new long[nodes][nodes];
            holdMillis = new long[nodes][nodes];
        }

        void cut(int from, int to, int by) {
            cuts[from][to] += by;
        }

        void slow(int from, int to, long millis) {
            slowMillis[from][to] = millis;
        }

        void hold(int from, int to, long millis) {
            holdMillis[from][to] = millis;
        }

        void lose(int percent) {
            lossPercent = percent;
        }

        void duplicate(int percent) {
            doublePercent = percent;
        }

        /** Ends all faults, the usual losses included. */
        void heal() {
            for (int i = 0; i < cuts.length; i++) {
                Arrays.fill(cuts[i], 0);
                Arrays.fill(slowMillis[i], 0);
                Arrays.fill(holdMillis[i], 0);
            }
            lossPercent = 0;
            doublePercent = 0;
            calm = true;
        }
    }

    /** The network as the process {@code life} of node {@code self} sees it. */
    Transport transport(NodeId self, SimLife life) {
        return (to, request, priority, timeoutMillis, onReply) -> {
            Call call = new Call(self, to, life, request, onReply);
            calls.removeIf(c -> c.answered || c.life.ended());
            calls.add(call);
            mostCalls = Math.max(mostCalls, calls.size());
            long timeout = Math.max(0, timeoutMillis);
            at(
                    timeout * NANOS,
                    life,
                    () -> call.answer(failed(Reply.Failure.TIMEOUT, "no answer in time")));
            observer.asked(self, to, request);
            RequestBatch.Item item = new RequestBatch.Item((int) timeout, priority, request);
            byte[] bytes =
                    codec.encode(
                            new RequestBatch(stationOf(self).identity().header(), List.of(item)));
            trace.add(1, Arrays.hashCode(bytes), () -> self + " -> " + to + "  " + request);
            transmit(self, to, () -> arrive(call, bytes));
        };
    }

    /** The process of {@code id} has ended: some of its callers find their connection broken. */
    void processEnded(NodeId id) {
        for (Call call : List.copyOf(calls)) {
            if (call.to.equals(id) && !call.answered && random.nextInt(2) == 0) {
                transmit(
                        id,
                        call.from,
                        () -> call.deliver(failed(Reply.Failure.BROKEN, "the connection broke")));
            }
        }
    }

    private Station stationOf(NodeId id) {
        Station station = stations.get(id);
        if (station == null) {
            throw new IllegalStateException(id + " is not attached");
        }
        return station;
    }

    private static Reply failed(Reply.Failure failure, String why) {
        return new Reply.Failed(failure, why);
    }

    private void at(long delayNanos, SimLife life, Runnable task) {
        loop.at(loop.nowNanos() + delayNanos, life, task);
    }

    /** Lets a message go from one node to another, once, twice or never. */
    private void transmit(NodeId from, NodeId to, Runnable arrival) {
        int a = Shape.index(from);
        int b = Shape.index(to);
        int copies = 1;
        if (!links.calm) {
            boolean doubled =
                    random.nextInt(1000) < base.doublePerMille()
                            || random.nextInt(100) < links.doublePercent;
            copies = doubled ? 2 : 1;
        }
        for (int i = 0; i < copies; i++) {
            boolean lost =
                    links.cuts[a][b] > 0
                            || (!links.calm
                                    && (random.nextInt(1000) < base.lostPerMille()
                                            || random.nextInt(100) < links.lossPercent));
            if (lost) {
                trace.add(2, b, () -> "lost: " + from + " -> " + to);
            } else {
                at(delayNanos(a, b), wire, arrival);
            }
        }
    }

    private long delayNanos(int from, int to) {
        long spread = base.maxMicros() - base.minMicros();
        long micros = base.minMicros() + random.nextInt((int) spread + 1);
        if (!links.calm && random.nextInt(1000) < base.slowPerMille()) {
            micros += random.nextInt(1_500_000);
        }
        long millis = links.slowMillis[from][to];
        if (links.holdMillis[from][to] > 0 && random.nextInt(2) == 0) {
            millis += links.holdMillis[from][to];
        }
        return micros * 1000 + millis * NANOS;
    }

    private void arrive(Call call, byte[] bytes) {
        Station station = stationOf(call.to);
        SimLife life = station.listening();
        if (life == null) {
            Reply refused = failed(Reply.Failure.UNREACHABLE, "connection refused");
            transmit(call.to, call.from, () -> call.deliver(refused));
            return;
        }
        at(
                0,
                life,
                () -> {
                    RequestBatch batch = decode(bytes);
                    station.receive(batch, answer -> respond(call, station, answer));
                });
    }

    private RequestBatch decode(byte[] bytes) {
        try {
            return codec.decodeRequests(bytes, bytes.length);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("the codec does not read what it wrote", e);
        }
    }

    private void respond(Call call, Station station, BatchAnswer answer) {
        if (answer instanceof BatchAnswer.Replies replies) {
            observer.answered(call.to, call.request, replies.replies().getFirst());
        }
        byte[] bytes = codec.encode(answer, ANSWER_BYTES);
        trace.add(3, Arrays.hashCode(bytes), () -> call.from + " <- " + call.to + "  " + answer);
        transmit(call.to, call.from, () -> at(0, call.life, () -> answered(call, bytes)));
    }

    private void answered(Call call, byte[] bytes) {
        BatchAnswer answer;
        try {
            answer = codec.decodeAnswer(bytes, bytes.length);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("the codec does not read what it wrote", e);
        }
        switch (answer) {
            case BatchAnswer.Replies replies -> {
                stationOf(call.from).identity().observe(replies.header());
                call.answer(replies.replies().getFirst());
            }
            case BatchAnswer.Refusal refusal ->
                    call.answer(new Reply.Refused(refusal.reason(), refusal.detail()));
        }
    }

    /** A request under way. */
    private final class Call {

        private final NodeId from;
        private final NodeId to;
        private final SimLife life;
        private final Request request;
        private final Consumer<Reply> onReply;
        private boolean answered;

        Call(NodeId from, NodeId to, SimLife life, Request request, Consumer<Reply> onReply) {
            this.from = from;
            this.to = to;
            this.life = life;
            this.request = request;
            this.onReply = onReply;
        }

        void deliver(Reply reply) {
            at(0, life, () -> answer(reply));
        }

        void answer(Reply reply) {
            if (!answered) {
                answered = true;
                onReply.accept(reply);
            }
        }
    }
}
