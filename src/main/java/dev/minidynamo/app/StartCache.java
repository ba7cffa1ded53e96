package dev.minidynamo.app;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * What lets a node start in half of the time: the program unpacked, and an image of its classes,
 * loaded and linked, that the Java virtual machine maps instead of doing that work again.
 *
 * <p>A jar with jars inside cannot have such an image, so it is unpacked beside itself; a jar that
 * is unpacked already, as in the container, has its image beside it. The image is made by a
 * rehearsal: a node that serves a few hundred requests and ends. It fits one program, one Java and
 * one set of flags, which its {@link #fingerprint} names. Source: JEP 483 and JEP 514.
 */
final class StartCache {

    private static final String IMAGE = "start.aot";
    private static final long PATIENCE_SECONDS = 300;

    private final Path jar;
    private final Path java;
    private final List<String> jvmFlags;
    private final boolean packed;
    private final Path folder;
    private final String fingerprint;

    private StartCache(Path jar, Path java, List<String> jvmFlags) throws IOException {
        this.jar = jar.toAbsolutePath();
        this.java = java;
        this.jvmFlags = jvmFlags.stream().filter(flag -> !flag.startsWith("-Xmx")).toList();
        this.fingerprint = fingerprint(this.jar, this.jvmFlags);
        this.packed = !Files.isDirectory(this.jar.resolveSibling("lib"));
        this.folder = packed ? shelf().resolve(fingerprint) : this.jar.resolveSibling("");
    }

    /**
     * The cache of a program, whether or not it has been made.
     *
     * @param classPath of the program; only a jar can have a cache
     * @return null if it cannot have one
     */
    static @Nullable StartCache of(String classPath, Path java, List<String> jvmFlags) {
        Path jar = Path.of(classPath);
        try {
            boolean one = classPath.endsWith(".jar") && Files.isRegularFile(jar);
            return one ? new StartCache(jar, java, jvmFlags) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static String fingerprint(Path jar, List<String> jvmFlags) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(Files.readAllBytes(jar));
        crc.update((Runtime.version() + " " + jvmFlags).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private Path shelf() {
        return jar.resolveSibling(jar.getFileName() + ".start");
    }

    private Path image() {
        return folder.resolve(IMAGE);
    }

    private Path note() {
        return folder.resolve(IMAGE + ".for");
    }

    private Path program() {
        return packed ? folder.resolve(jar.getFileName()) : jar;
    }

    /** Whether it has been made, for this very program. */
    boolean ready() {
        try {
            return Files.exists(image()) && Files.readString(note()).equals(fingerprint);
        } catch (IOException e) {
            return false;
        }
    }

    /** What to start instead of the jar: the flag and the program that {@code java} needs. */
    List<String> arguments() {
        return List.of("-XX:AOTCache=" + image(), "-jar", program().toString());
    }

    /**
     * Makes it, unless it is there; waits for another process that is at it. It takes some ten
     * seconds of a processor.
     *
     * @param gently whether at the lowest priority
     * @throws IOException if it could not be made, such as for a folder that takes no files
     * @throws InterruptedException if interrupted; nothing that was started runs on then
     */
    void make(boolean gently) throws IOException, InterruptedException {
        Path lock = packed ? shelf().resolve("lock") : folder.resolve(IMAGE + ".lock");
        Files.createDirectories(lock.toAbsolutePath().getParent());
        try (FileChannel channel =
                        FileChannel.open(
                                lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (held.isValid() && !ready()) {
                if (packed) {
                    clear(shelf(), lock);
                    unpack(gently);
                }
                rehearse(gently);
            }
        } finally {
            if (!packed) {
                Files.deleteIfExists(lock);
            }
        }
    }

    private void unpack(boolean gently) throws IOException, InterruptedException {
        run(
                List.of(
                        java.toString(),
                        "-Djarmode=tools",
                        "-jar",
                        jar.toString(),
                        "extract",
                        "--destination",
                        folder.toString()),
                gently,
                shelf());
    }

    private void rehearse(boolean gently) throws IOException, InterruptedException {
        Path made = folder.resolve(IMAGE + ".new");
        Path scratch = Files.createTempDirectory("mini-dynamo-rehearsal-");
        try {
            List<String> command = new ArrayList<>();
            command.add(java.toString());
            command.addAll(jvmFlags);
            command.add("-Xmx256m");
            command.add("-XX:AOTCacheOutput=" + made);
            command.add("-jar");
            command.add(program().toString());
            command.addAll(Rehearsal.arguments(scratch));
            run(command, gently, scratch);
            if (!Files.exists(made)) {
                throw new IOException("the rehearsal left no image");
            }
            Files.writeString(note(), fingerprint);
            Files.move(made, image(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
            clear(scratch, null);
        }
    }

    /** Runs a command in a folder, without the settings that a user made for the real nodes. */
    private static void run(List<String> command, boolean gently, Path where)
            throws IOException, InterruptedException {
        List<String> full = new ArrayList<>();
        if (gently && Files.isExecutable(Path.of("/usr/bin/nice"))) {
            full.addAll(List.of("/usr/bin/nice", "-n", "19"));
        }
        full.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(full)
                        .directory(where.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("DYNAMO_") || name.startsWith("SPRING_"));
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the rehearsal took too long");
            }
            if (process.exitValue() != 0) {
                throw new IOException("the rehearsal ended with status " + process.exitValue());
            }
        } finally {
            end(process);
        }
    }

    /** Ends a process and those it started, and returns when they have let go of their files. */
    private static void end(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().join());
    }

    /** Removes what is in a folder except one file, and the folder too if all may go. */
    private static void clear(Path folder, @Nullable Path except) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                boolean kept = file.equals(except) || (except != null && file.equals(folder));
                if (!kept) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            return; // nothing to remove
        }
    }
}
