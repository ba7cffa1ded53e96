package dev.minidynamo.app.bench;

import dev.minidynamo.app.StartRefused;
import dev.minidynamo.app.bench.Workload.Operation;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread that plays many clients over one selector, so that the generator takes little of the
 * machine it shares with what it measures.
 */
final class LoadWorker implements Runnable {

    private static final long SWEEP_NANOS = 5_000_000;
    private static final long REST_NANOS = 10_000_000;
    private static final long NAP_NANOS = 50_000;
    private static final long UNFINISHED_NANOS = 1_000_000_000;
    private static final long MAX_SELECT_MILLIS = 5;
    private static final int NOT_FOUND = 404;

    private final BenchOptions options;
    private final LoadRun run;
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final RequestWriter writer;
    private final List<Client> clients = new ArrayList<>();
    private final Deque<Client> idle = new ArrayDeque<>();
    private final Deque<Long> again = new ArrayDeque<>();
    private final SplittableRandom random = new SplittableRandom();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Selector selector;
    private final Pace pace;
    private Tally tally = new Tally();
    private Phase phase;
    private long sweptNanos;

    LoadWorker(BenchOptions options, LoadRun run, int clientCount, double rate) throws IOException {
        this.options = options;
        this.run = run;
        this.phase = run.phase();
        writer = new RequestWriter(options.targets(), options.valueBytes(), options.token());
        for (URI target : options.targets()) {
            InetSocketAddress address = new InetSocketAddress(target.getHost(), port(target));
            if (address.isUnresolved()) {
                throw new StartRefused(
                        StartRefused.UNAVAILABLE, "the host of " + target + " is unknown.");
            }
            addresses.add(address);
        }
        for (int i = 0; i < clientCount; i++) {
            clients.add(new Client(addresses.size(), i % addresses.size(), writer.capacity()));
        }
        selector = Selector.open();
        pace = new Pace(rate);
    }

    /** Operations ended so far, and failures; read by another thread for progress. */
    long done() {
        return done.get();
    }

    long failed() {
        return failed.get();
    }

    /** What was counted; to be read after the thread's end. */
    Tally tally() {
        return tally;
    }

    @Override
    public void run() {
        try (selector) {
            idle.addAll(clients);
            pace.start(System.nanoTime());
            while (phase != Phase.STOP && !loaded()) {
                dispatch();
                select();
                handleReady();
                sweep();
                enter(run.phase());
            }
            countUnfinished();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            clients.forEach(LoadWorker::closeAll);
        }
    }

    private boolean loaded() {
        return phase == Phase.LOAD
                && run.allGiven()
                && again.isEmpty()
                && idle.size() == clients.size();
    }

    private void enter(Phase next) {
        if (next != phase) {
            phase = next;
            if (next == Phase.MEASURE) {
                tally = new Tally();
                pace.start(System.nanoTime());
            }
        }
    }

    private void dispatch() {
        long now = System.nanoTime();
        boolean work = true;
        while (work && !idle.isEmpty() && due(now) <= now) {
            Client client = idle.removeFirst();
            work = start(client, due(now));
            if (work) {
                pace.taken();
            } else {
                idle.addFirst(client);
            }
        }
    }

    private long due(long now) {
        return phase == Phase.LOAD ? now : pace.dueNanos(now);
    }

    /** Gives the client its next operation; false if there is none left. */
    private boolean start(Client client, long dueNanos) {
        if (phase == Phase.LOAD) {
            Long key = again.isEmpty() ? run.nextToLoad() : again.removeFirst();
            if (key == null) {
                return false;
            }
            client.operation = Operation.UPDATE;
            client.key = key;
        } else {
            client.operation = options.workload().next(random);
            client.key =
                    client.operation == Operation.INSERT
                            ? run.keySpace().fresh()
                            : run.keySpace().existing(options.workload(), random);
        }
        client.dueNanos = dueNanos;
        client.target = (client.target + 1) % addresses.size();
        boolean reading =
                client.operation == Operation.READ || client.operation == Operation.MODIFY;
        send(client, !reading);
        return true;
    }

    private void send(Client client, boolean writing) {
        client.busy = true;
        client.sentNanos = System.nanoTime();
        client.writing = writing;
        if (writing) {
            int offset = random.nextInt(writer.poolOffsets());
            writer.write(client.out, client.target, client.key, offset);
        } else {
            writer.read(client.out, client.target, client.key);
        }
        try {
            connection(client).send(client.out);
        } catch (IOException e) {
            fail(client, reason(e));
        }
    }

    private Connection connection(Client client) throws IOException {
        Connection open = client.connections[client.target];
        if (open == null) {
            open = new Connection(client, addresses.get(client.target), selector);
            client.connections[client.target] = open;
        }
        return open;
    }

    private void select() throws IOException {
        long now = System.nanoTime();
        long until = idle.isEmpty() || phase == Phase.LOAD ? Long.MAX_VALUE : due(now) - now;
        if (pace.open() && until < MAX_SELECT_MILLIS * 1_000_000) {
            if (selector.selectNow() == 0 && until > 0) {
                LockSupport.parkNanos(Math.min(until, NAP_NANOS));
            }
        } else {
            selector.select(MAX_SELECT_MILLIS);
        }
    }

    private void handleReady() {
        Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
        while (ready.hasNext()) {
            SelectionKey key = ready.next();
            ready.remove();
            if (key.isValid() && key.attachment() instanceof Connection connection) {
                handle(connection);
            }
        }
    }

    private void handle(Connection connection) {
        Client client = connection.owner();
        boolean current = client.busy && client.connections[client.target] == connection;
        try {
            if (connection.proceed() && current) {
                finish(client, connection);
            }
        } catch (IOException e) {
            if (current) {
                fail(client, reason(e));
            } else {
                drop(client, connection);
            }
        }
    }

    private void finish(Client client, Connection connection) {
        ResponseReader response = connection.response();
        int status = response.status();
        int bodyBytes = response.bodyBytes();
        if (response.closes()) {
            drop(client, connection);
        } else {
            response.reset();
        }
        String error = error(client, status, bodyBytes);
        if (error != null) {
            if (phase == Phase.LOAD && status >= 400 && status < 500) {
                run.refuse(error); // to repeat it would not help
            }
            settle(client, error);
        } else if (client.operation == Operation.MODIFY && !client.writing) {
            send(client, true);
        } else {
            succeed(client, status);
        }
    }

    private @Nullable String error(Client client, int status, int bodyBytes) {
        boolean good = status >= 200 && status < 300;
        if (!client.writing && status == NOT_FOUND) {
            return null;
        }
        if (!good) {
            return "status "
                    + status
                    + " from "
                    + options.targets().get(client.target).getAuthority();
        }
        return !client.writing && bodyBytes != options.valueBytes()
                ? "value of a wrong length"
                : null;
    }

    private void succeed(Client client, int status) {
        long nanos = System.nanoTime() - client.dueNanos;
        if (client.writing) {
            tally.write(nanos);
        } else {
            tally.read(nanos);
            if (status == NOT_FOUND) {
                tally.missing++;
            }
        }
        done.lazySet(done.get() + 1);
        client.busy = false;
        idle.addLast(client);
    }

    private void fail(Client client, String reason) {
        Connection broken = client.connections[client.target];
        if (broken != null) {
            drop(client, broken);
        }
        settle(client, reason + ", " + options.targets().get(client.target).getAuthority());
    }

    private void settle(Client client, String reason) {
        tally.error(reason);
        failed.lazySet(failed.get() + 1);
        if (phase == Phase.LOAD) {
            again.addLast(client.key);
        }
        client.busy = false;
        client.restUntilNanos = System.nanoTime() + REST_NANOS;
    }

    private void drop(Client client, Connection connection) {
        connection.close();
        for (int i = 0; i < client.connections.length; i++) {
            if (client.connections[i] == connection) {
                client.connections[i] = null;
            }
        }
    }

    /** Ends requests that take too long, and wakes clients that rested after an error. */
    private void sweep() {
        long now = System.nanoTime();
        if (now - sweptNanos < SWEEP_NANOS) {
            return;
        }
        sweptNanos = now;
        long timeout = options.timeout().toNanos();
        for (Client client : clients) {
            if (client.busy && now - client.sentNanos > timeout) {
                fail(client, "no answer in time");
            } else if (client.restUntilNanos != 0 && now >= client.restUntilNanos) {
                client.restUntilNanos = 0;
                idle.addLast(client);
            }
        }
    }

    private void countUnfinished() {
        long now = System.nanoTime();
        for (Client client : clients) {
            if (client.busy && now - client.sentNanos > UNFINISHED_NANOS) {
                tally.error("no answer by the end of the run");
            }
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static void closeAll(Client client) {
        for (Connection connection : client.connections) {
            if (connection != null) {
                connection.close();
            }
        }
    }

    private static int port(URI target) {
        return target.getPort() < 0 ? 80 : target.getPort();
    }
}
