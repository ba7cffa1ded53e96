package dev.minidynamo.api;

import com.sun.management.OperatingSystemMXBean;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the hop between two nodes: writes of 100 bytes from one to the other over loopback, both
 * with a real web server, in one process.
 *
 * <p>Arguments: seconds of warm-up, seconds of measurement, then numbers of callers. Prints
 * operations per second and the CPU that each takes on both sides together.
 */
final class HopMeasurement {

    private final TestNode from;
    private final NodeId to;
    private final int callers;
    private final Request.Write write;
    private volatile boolean stopping;
    private long done;
    private long failed;
    private int active;

    private HopMeasurement(TestNode from, NodeId to, int callers) {
        this.from = from;
        this.to = to;
        this.callers = callers;
        Cell cell =
                new Cell.Live(
                        new Version(1, from.self, 1),
                        new byte[100],
                        Cell.DEFAULT_CONTENT_TYPE,
                        Cell.NEVER);
        this.write =
                new Request.Write(
                        Key.utf8("user00000000000000000001"), cell, Request.Cause.CLIENT, null);
    }

    public static void main(String[] args) {
        ClusterConfig config = TestNode.cluster(2);
        try (TestNode n1 = new TestNode(config, new NodeId("n1"), ApiOptions.defaults());
                TestNode n2 = new TestNode(config, new NodeId("n2"), ApiOptions.defaults())) {
            new HopMeasurement(n1, n2.self, 64).run(Integer.parseInt(args[0]), "warm-up");
            for (int i = 2; i < args.length; i++) {
                int callers = Integer.parseInt(args[i]);
                new HopMeasurement(n1, n2.self, callers)
                        .run(Integer.parseInt(args[1]), callers + " callers");
            }
        }
    }

    private void run(int seconds, String label) {
        OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long began = System.nanoTime();
        from.loop.execute(() -> {
            for (active = 0; active < callers; active++) {
                send();
            }
        });
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
        stopping = true;
        Waiter<Long> end = new Waiter<>();
        awaitIdle(end);
        long operations = end.await();
        double elapsed = (System.nanoTime() - began) / 1e9;
        double micros = (system.getProcessCpuTime() - cpu) / 1e3 / operations;
        System.out.printf(
                "%-12s %8.0f operations/s, %5.1f us of CPU each, %d failed%n",
                label, operations / elapsed, micros, failed);
    }

    private void awaitIdle(Waiter<Long> end) {
        from.loop.execute(() -> {
            if (active == 0) {
                end.accept(done);
            } else {
                from.loop.after(1, () -> awaitIdle(end));
            }
        });
    }

    private void send() {
        from.transport.send(to, write, Priority.CLIENT, 5_000, this::replied);
    }

    private void replied(Reply reply) {
        done++;
        failed += reply instanceof Reply.Written ? 0 : 1;
        if (stopping) {
            active--;
        } else {
            send();
        }
    }
}
