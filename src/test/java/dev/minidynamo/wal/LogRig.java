package dev.minidynamo.wal;

import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.sim.SimLife;
import dev.minidynamo.sim.SimLoop;
import dev.minidynamo.sim.SimRandom;
import dev.minidynamo.sim.SimWorker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A log on a simulated disk, for tests: opens, appends, dies and opens again. */
final class LogRig {

    static final long MINUTE = 60_000;

    final SimLoop loop = new SimLoop();
    final SimDisk disk;
    final List<String> replayed = new ArrayList<>();
    final List<Long> positions = new ArrayList<>();
    final List<Integer> frames = new ArrayList<>();
    final List<String> fatal = new ArrayList<>();
    LogOptions options =
            LogOptions.defaults("kv").withSegments(1 << 20, 16 << 10).withReserve(64 << 10);
    SimLife life = new SimLife("log");
    @Nullable SegmentedLog log;
    @Nullable Recovery recovery;
    @Nullable IOException refused;

    LogRig(long seed) {
        this(new SimDisk(new SimRandom(seed)));
    }

    LogRig(SimDisk disk) {
        this.disk = disk;
    }

    LogPorts ports() {
        return new LogPorts(
                disk,
                new SimWorker(loop, life, disk),
                loop.scheduler(life),
                loop.clock(1_700_000_000_000L),
                fatal::add);
    }

    /** Opens the log; {@link #log} stays null if it refuses or the process dies. */
    LogRig open(LogMark from, LogMark durable) {
        life = new SimLife("log");
        replayed.clear();
        positions.clear();
        frames.clear();
        fatal.clear();
        log = null;
        refused = null;
        OpenRequest request =
                new OpenRequest(from, durable, this::replay, (done, all, records) -> {});
        SegmentedLog.open(
                ports(),
                options,
                request,
                opened -> {
                    log = opened.log();
                    recovery = opened.recovery();
                },
                failure -> refused = failure);
        loop.runUntil(() -> log != null || refused != null || life.ended(), MINUTE);
        return this;
    }

    LogRig open() {
        return open(LogMark.START, LogMark.START);
    }

    private void replay(long position, int frameBytes, byte[] bytes, int from, int length) {
        positions.add(position);
        frames.add(frameBytes);
        replayed.add(text(Arrays.copyOfRange(bytes, from, from + length)));
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    SegmentedLog log() {
        SegmentedLog opened = log;
        if (opened == null) {
            throw new AssertionError("the log is not open: " + refused);
        }
        return opened;
    }

    Recovery recovery() {
        Recovery found = recovery;
        if (found == null) {
            throw new AssertionError("the log is not open");
        }
        return found;
    }

    /** Appends without waiting; the outcome goes into {@code outcomes} as the text or "full". */
    void append(String text, List<String> outcomes) {
        log().append(
                        text.getBytes(StandardCharsets.UTF_8),
                        new Appended() {
                            @Override
                            public void durable(long position, int frameBytes) {
                                outcomes.add(text);
                                positions.add(position);
                                frames.add(frameBytes);
                            }

                            @Override
                            public void diskFull(String why) {
                                outcomes.add("full");
                            }
                        });
    }

    /** Appends and waits for the outcomes. */
    List<String> appendAll(List<String> texts) {
        List<String> outcomes = new ArrayList<>();
        texts.forEach(text -> append(text, outcomes));
        loop.runUntil(() -> outcomes.size() == texts.size() || life.ended(), MINUTE);
        return outcomes;
    }

    static List<String> texts(String stem, int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(stem + i);
        }
        return texts;
    }

    void killProcess() {
        life.end();
        disk.killProcess();
    }

    void losePower() {
        life.end();
        disk.losePower();
    }
}
