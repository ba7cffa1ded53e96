package dev.minidynamo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.DiskFullException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

class FileDiskTest {

    @TempDir private Path directory;
    private FileDisk disk;

    @BeforeEach
    void open() throws IOException {
        disk = FileDisk.open(directory.resolve("n1"));
    }

    @AfterEach
    void close() throws IOException {
        disk.close();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        try (DiskFile file = disk.open("a")) {
            file.write(0, text("hello"));
            file.write(10, text("world"));
            file.force();
            ByteBuffer into = ByteBuffer.allocate(20);
            assertThat(file.read(0, into)).isEqualTo(15);
            assertThat(file.size()).isEqualTo(15);
            assertThat(new String(into.array(), 10, 5, StandardCharsets.US_ASCII))
                    .isEqualTo("world");
            assertThat(file.read(15, ByteBuffer.allocate(1))).isZero();
        }
    }

    @Test
    void truncatingCutsAndLengthensWithZeros() throws IOException {
        try (DiskFile file = disk.open("a")) {
            file.write(0, text("hello"));
            file.truncate(2);
            assertThat(file.size()).isEqualTo(2);
            file.truncate(200_000);
            assertThat(file.size()).isEqualTo(200_000);
            ByteBuffer into = ByteBuffer.allocate(3);
            file.read(1, into);
            assertThat(into.array()).containsExactly('e', 0, 0);
        }
    }

    @Test
    void namesAreListedInOrderAndRenamedOver() throws IOException {
        disk.createDirectories("kv/deep");
        for (String name : new String[] {"c", "a", "b"}) {
            disk.open("kv/" + name).close();
        }
        assertThat(disk.list("kv")).containsExactly("a", "b", "c", "deep");
        disk.rename("kv/a", "kv/b");
        disk.delete("kv/c");
        disk.delete("kv/c");
        disk.forceDirectory("kv");
        assertThat(disk.list("kv")).containsExactly("b", "deep");
        assertThat(disk.list("none")).isEmpty();
        assertThat(disk.exists("kv/b")).isTrue();
        assertThat(disk.exists("kv/a")).isFalse();
        assertThat(disk.usableBytes()).isPositive();
    }

    @Test
    void nobodyElseMayLookIn() throws IOException {
        assertThat(Files.getPosixFilePermissions(directory.resolve("n1")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aPathCannotLeaveTheDirectory() {
        assertThatThrownBy(() -> disk.open("../other"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSecondNodeInTheSameProcessIsRefused() {
        assertThatThrownBy(() -> FileDisk.open(directory.resolve("n1")))
                .isInstanceOf(DataDirectoryInUseException.class)
                .hasMessageContaining("is in use by another process (process ")
                .hasMessageContaining("--data-dir");
    }

    @Test
    void aSecondProcessIsRefused() throws IOException, InterruptedException {
        Process other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Intruder.class.getName(),
                                directory.resolve("n1").toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("is in use by another process (process " + ownPid() + ")");
    }

    @Test
    void aReleasedDirectoryMayBeOpenedAgain() throws IOException {
        disk.close();
        disk = FileDisk.open(directory.resolve("n1"));
        assertThat(disk.exists("lock")).isTrue();
    }

    @Test
    @DisplayName("A full disk is told apart from a broken one (P9)")
    void aFullDiskIsToldApart() {
        assertThat(FileDisk.translated(new IOException("No space left on device")))
                .isInstanceOf(DiskFullException.class);
        assertThat(FileDisk.translated(new IOException("Disk quota exceeded")))
                .isInstanceOf(DiskFullException.class);
        IOException broken = new IOException("Input/output error");
        assertThat(FileDisk.translated(broken)).isSameAs(broken);
        assertThat(FileDisk.translated(new IOException("a: Brak miejsca"), "Brak miejsca"))
                .isInstanceOf(DiskFullException.class);
    }

    private static long ownPid() {
        return ProcessHandle.current().pid();
    }

    /** Another process that wants the same directory. */
    static final class Intruder {
        public static void main(String[] args) throws IOException {
            try (FileDisk disk = FileDisk.open(Path.of(args[0]))) {
                System.out.println("got in: " + disk.usableBytes());
            } catch (DataDirectoryInUseException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
