package dev.minidynamo.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.sim.SimRandom;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** P1, P9, P10 on a real disk, with a real process that dies. */
class RealDiskIT {

    @TempDir Path directory;

    private final TreeMap<Integer, Integer> acknowledged = new TreeMap<>();
    private int next;

    @Test
    @DisplayName("P1: SIGKILL during writing, snapshot and compaction, 10 times, loses nothing")
    void tenKillsLoseNothing() throws Exception {
        kill(10);
    }

    @Test
    @Tag("soak")
    @DisplayName("P1: SIGKILL during writing, snapshot and compaction, 100 times, loses nothing")
    void aHundredKillsLoseNothing() throws Exception {
        kill(100);
    }

    private void kill(int times) throws Exception {
        SimRandom random = new SimRandom(42);
        for (int i = 0; i < times; i++) {
            Process process = start(List.of());
            killAfter(process, 300 + random.nextInt(6_000));
            assertNothingIsLost();
        }
    }

    private Process start(List<String> before) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(WriterProcess.class.getName());
        command.addAll(List.of(data().toString(), Integer.toString(next)));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("errors").toFile())
                .start();
    }

    private Path data() {
        return directory.resolve("data");
    }

    private void killAfter(Process process, int acknowledgements) throws Exception {
        try (BufferedReader lines = lines(process)) {
            assertThat(lines.readLine()).as(errors()).isEqualTo("open");
            int seen = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(line);
                if (++seen == acknowledgements) {
                    process.toHandle().destroyForcibly();
                }
            }
            assertThat(seen).isGreaterThanOrEqualTo(acknowledgements);
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private static BufferedReader lines(Process process) {
        return new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("errors"));
    }

    /** Takes note of an acknowledged write; the last line of a killed process may be cut off. */
    private void take(String line) {
        int number = line.isEmpty() ? -1 : Integer.parseInt(line);
        if (number >= next - 1000 && number < next + 1_000_000) {
            acknowledged.merge(number % WriterProcess.KEYS, number, Math::max);
            next = Math.max(next, number + 1);
        }
    }

    private void assertNothingIsLost() throws IOException {
        try (RealRig rig = open()) {
            assertThat(rig.ask(WalStore::status).start().recovery().damage()).isEmpty();
            rig.ask(store -> {
                acknowledged.forEach((key, number) -> assertHeld(store, key, number));
                return true;
            });
        }
        next += 1000;
    }

    private RealRig open() throws IOException {
        return new RealRig(
                data(),
                WriterProcess.options(),
                sentence -> {
                    throw new AssertionError(sentence);
                });
    }

    private static void assertHeld(RealRig rig, int key, int number) {
        rig.ask(store -> {
            assertHeld(store, key, number);
            return true;
        });
    }

    private static void assertHeld(WalStore store, int key, int number) {
        ReadResult result = store.read(RealRig.key(key));
        assertThat(result).isInstanceOf(ReadResult.Found.class);
        Cell cell = ((ReadResult.Found) result).cell();
        Cell least = WriterProcess.cell(number).cell();
        assertThat(cell.version()).isGreaterThanOrEqualTo(least.version());
        long written =
                cell.version().timestamp() - WriterProcess.cell(0).cell().version().timestamp();
        assertThat(cell).isEqualTo(WriterProcess.cell((int) written).cell());
    }

    @Test
    @DisplayName(
            "P10: after a force that fails with EIO the process exits, and what it acknowledged is"
                    + " there")
    void aFailedForceEndsTheProcess() throws Exception {
        if (!succeeds("strace", "-o", "/dev/null", "-e", "inject=fdatasync:error=EIO", "true")) {
            abort(
                    "SKIPPED: strace cannot trace here, so no force was made to fail on a real"
                            + " disk.");
        }
        Process process =
                start(
                        List.of(
                                "strace",
                                "-f",
                                "-o",
                                "/dev/null",
                                "-e",
                                "trace=fdatasync,fsync",
                                "-e",
                                "inject=fdatasync:error=EIO:when=150+"));
        try (BufferedReader lines = lines(process)) {
            assertThat(lines.readLine()).as(errors()).isEqualTo("open");
            lines.lines().forEach(this::take);
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(WriterProcess.STORAGE_FAILED);
        assertThat(errors()).contains("Nothing more is acknowledged");
        assertThat(acknowledged).isNotEmpty();
        assertNothingIsLost();
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().transferTo(OutputStream.nullOutputStream());
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    @Test
    @DisplayName(
            "P9: on a full tmpfs writes are refused, deletes and reads go on, and space brings it"
                    + " back")
    void aFullFileSystemIsSurvived() throws Exception {
        Path small = Files.createDirectory(directory.resolve("data"));
        if (!succeeds("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", small.toString())) {
            abort("SKIPPED: no tmpfs can be mounted here, so no real disk was filled.");
        }
        try {
            fill(small);
        } finally {
            assertThat(succeeds("umount", small.toString())).isTrue();
        }
    }

    private void fill(Path small) throws IOException {
        Path filler = small.resolve("filler");
        try (RealRig rig = open()) {
            rig.write(1000, 32, WriterProcess::cell);
            Files.write(filler, new byte[6 << 20]);
            int[] refused = {0};
            for (int round = 1; round < 60 && refused[0] == 0; round++) {
                int first = round * 2000;
                int[] applied = {0};
                rig.write(2000, 32, i -> distinct(first + i), i -> applied[0]++);
                refused[0] = 2000 - applied[0];
            }
            assertThat(refused[0]).isPositive();
            Key key = RealRig.key(7);
            Cell tombstone = new Cell.Tombstone(WriterProcess.cell(500_000).cell().version());
            assertThat(apply(rig, key, tombstone)).isEqualTo(new ApplyResult.Applied());
            assertHeld(rig, 8, 8);
            Files.delete(filler);
            StoredCell later = WriterProcess.cell(600_000);
            Awaitility.await()
                    .until(() ->
                            apply(rig, later.key(), later.cell()) instanceof ApplyResult.Applied);
        }
        try (RealRig rig = open()) {
            assertHeld(rig, 8, 8);
            assertHeld(rig, 600_000 % WriterProcess.KEYS, 600_000);
        }
    }

    /** A cell of a key of its own, so that nothing of it is dead. */
    private static StoredCell distinct(int number) {
        return RealRig.cell(
                1_000_000 + number, WriterProcess.cell(number).cell().version().timestamp());
    }

    private static ApplyResult apply(RealRig rig, Key key, Cell cell) {
        return rig.await((Consumer<ApplyResult> done) -> rig.store.apply(key, cell, done));
    }
}
