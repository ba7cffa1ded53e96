package dev.minidynamo.app;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that runs this same program as a child process.
 *
 * <p>It names the Java that runs now, and not the {@code java} of the path, so that no launcher
 * stands between the agent and its node.
 */
final class ChildCommand {

    private static final int MANY_PROCESSORS = 8;

    private final String java;
    private final List<String> jvmFlags;
    private final List<String> program;
    private final @Nullable StartCache cache;

    private ChildCommand(String java, List<String> jvmFlags, String classPath) {
        this.java = java;
        this.jvmFlags = jvmFlags;
        this.program = program(java, jvmFlags, classPath);
        this.cache = StartCache.of(classPath, Path.of(java), jvmFlags);
    }

    /**
     * @param heap the greatest heap, as {@code -Xmx} takes it
     */
    static ChildCommand ofThisProgram(String heap) {
        return new ChildCommand(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                jvmFlags(heap, Runtime.getRuntime().availableProcessors()),
                System.getProperty("java.class.path"));
    }

    /** What lets the program start faster, or null where that cannot be. */
    @Nullable StartCache cache() {
        return cache;
    }

    /**
     * The command with these arguments; it uses the start cache if that has been made meanwhile.
     */
    List<String> with(List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (cache != null && cache.ready()) {
            command.add(java);
            command.addAll(jvmFlags);
            command.addAll(cache.arguments());
        } else {
            command.addAll(program);
        }
        command.addAll(arguments);
        return command;
    }

    static List<String> program(String java, List<String> jvmFlags, String classPath) {
        List<String> command = new ArrayList<>();
        command.add(java);
        command.addAll(jvmFlags);
        boolean jar = classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);
        if (jar) {
            command.add("-jar");
            command.add(classPath);
        } else {
            command.add("@" + argumentFile(classPath));
            command.add(MiniDynamo.class.getName());
        }
        return command;
    }

    /** Small nodes: the serial collector costs least where processors are few. */
    static List<String> jvmFlags(String heap, int processors) {
        List<String> flags = new ArrayList<>();
        flags.add("-Xmx" + heap);
        flags.add("-Xms32m");
        flags.add(processors < MANY_PROCESSORS ? "-XX:+UseSerialGC" : "-XX:+UseG1GC");
        flags.add("-XX:+UseCompactObjectHeaders");
        flags.add("-XX:MetaspaceSize=64m"); // or else classes fill it and a start collects all
        flags.add("-XX:+ExitOnOutOfMemoryError");
        flags.add("-XX:-UsePerfData");
        flags.add("--enable-native-access=ALL-UNNAMED");
        return flags;
    }

    /** A class path can be longer than a command line may be, so it goes through a file. */
    private static Path argumentFile(String classPath) {
        try {
            Path file = Files.createTempFile("mini-dynamo-", ".args");
            file.toFile().deleteOnExit();
            String quoted = classPath.replace("\\", "\\\\").replace("\"", "\\\"");
            return Files.writeString(file, "-cp \"" + quoted + "\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
