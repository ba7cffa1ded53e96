package dev.minidynamo.api;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Lets the threads of a busy node finish before those that they wake, where the system is Linux.
 *
 * <p>Ordinarily a thread that is woken may push another off its processor. Where few processors
 * serve many requests that costs more than the requests do, and batches leave half empty. A thread
 * of the class {@code SCHED_BATCH} (sched(7)) waits for its turn, with the same share of the
 * processors. With few requests under way that would let them wait for other programs, so the class
 * follows the load. See {@code docs/decisions/busy-threads-do-not-push.md}.
 */
final class BatchScheduling {

    private static final Logger LOG = LoggerFactory.getLogger(BatchScheduling.class);

    private static final int SCHED_OTHER = 0;
    private static final int SCHED_BATCH = 3;

    /** Requests over which the mean is taken; a power of two. */
    private static final int WINDOW = 256;

    /** From so many requests under way on, on average, the node is busy. */
    private static final double MANY = 8;

    /** With fewer than so many it is busy no longer. */
    private static final double FEW = 4;

    private static final Path THREADS = Path.of("/proc/self/task");

    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final LongAdder seen = new LongAdder();
    private volatile boolean batch;

    /** The calls of the C library; looked up when they are needed first. */
    private static final class Kernel {

        private static final MethodHandle SET =
                call("sched_setscheduler", ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        private static final MethodHandle GET = call("sched_getscheduler");

        /** A {@code struct sched_param} with priority 0, the only one that both classes have. */
        private static final MemorySegment NO_PRIORITY =
                Arena.global().allocate(ValueLayout.JAVA_INT);

        @SuppressWarnings("restricted") // the jar's manifest allows it
        private static MethodHandle call(String name, ValueLayout... more) {
            Linker linker = Linker.nativeLinker();
            FunctionDescriptor form =
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)
                            .appendArgumentLayouts(more);
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), form);
        }

        /** Changes the class of a thread that has class {@code from}. */
        static void change(int thread, int from, int to) {
            try {
                if ((int) GET.invokeExact(thread) == from) {
                    int ignored = (int) SET.invokeExact(thread, to, NO_PRIORITY);
                }
            } catch (Throwable unexpected) {
                throw new IllegalStateException(unexpected);
            }
        }
    }

    /** A request begins. */
    void begin() {
        seen.add(underWay.incrementAndGet());
        if ((begun.incrementAndGet() & (WINDOW - 1)) == 0) {
            judge((double) seen.sumThenReset() / WINDOW);
        }
    }

    /** A request that began has ended. */
    void end() {
        underWay.decrementAndGet();
    }

    private void judge(double mean) {
        if (batch ? mean < FEW : mean >= MANY) {
            change(!batch);
        }
    }

    private synchronized void change(boolean toBatch) {
        if (batch == toBatch || !Files.isDirectory(THREADS)) {
            return;
        }
        batch = toBatch;
        int from = toBatch ? SCHED_OTHER : SCHED_BATCH;
        int to = toBatch ? SCHED_BATCH : SCHED_OTHER;
        try (Stream<Path> threads = Files.list(THREADS)) {
            threads.mapToInt(thread -> Integer.parseInt(thread.getFileName().toString()))
                    .forEach(thread -> Kernel.change(thread, from, to));
        } catch (IOException e) {
            LOG.debug("The threads of this process cannot be listed.", e);
        }
    }
}
