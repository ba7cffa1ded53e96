package dev.minidynamo.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that runs the packaged jar, with its output in a file. */
public final class RealProcess {

    private static final long PATIENCE_SECONDS = 30;

    private final Process process;

    private RealProcess(Process process) {
        this.process = process;
    }

    /** The jar under test. */
    public static Path jar() {
        String jar = System.getProperty("dynamo.jar");
        if (jar == null) {
            throw new IllegalStateException(
                    "the system property dynamo.jar must name the packaged jar");
        }
        return Path.of(jar);
    }

    /** The Java that runs the tests. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Starts the jar. Of the test's environment only what Java and a shell need is passed on. */
    public static RealProcess start(
            List<String> jvmFlags,
            List<String> arguments,
            Map<String, String> environment,
            Path log) {
        return start(jvmFlags, List.of("-jar", jar().toString()), arguments, environment, log);
    }

    /** Starts the program as an agent starts its nodes, with the start cache. */
    public static RealProcess startNode(
            List<String> jvmFlags,
            List<String> arguments,
            Map<String, String> environment,
            Path log) {
        return start(jvmFlags, withStartCache(), arguments, environment, log);
    }

    /** The program with its start cache, which is made now unless it is there. */
    static List<String> withStartCache() {
        return StartCacheOfTheJar.ARGUMENTS;
    }

    /** Made once for a jar; the later tests start their nodes in half the time. */
    private static final class StartCacheOfTheJar {

        static final List<String> ARGUMENTS = make();

        private static List<String> make() {
            ProcessBuilder builder =
                    new ProcessBuilder(java(), "-jar", jar().toString(), "start-cache");
            try {
                Process making = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
                String printed =
                        new String(making.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                Matcher arguments =
                        Pattern.compile("(-XX:AOTCache=.+) (-jar) (.+)\\R").matcher(printed);
                if (!arguments.matches()) {
                    throw new IllegalStateException("start-cache printed: " + printed);
                }
                return List.of(arguments.group(1), arguments.group(2), arguments.group(3));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Starts a program that is not the jar where the build left it, such as a copy of the jar. */
    static RealProcess start(
            List<String> jvmFlags,
            List<String> program,
            List<String> arguments,
            Map<String, String> environment,
            Path log) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(jvmFlags);
        command.addAll(program);
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("DYNAMO_"));
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new RealProcess(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process as the operating system knows it. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Whether it has not ended. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Waits for its end and returns the exit status. */
    public int exitStatus() {
        awaitEnd();
        return process.exitValue();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM, and SIGKILL if that is not enough. */
    public void terminate() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /** Sends STOP or CONT. */
    public void signal(String name) {
        try {
            Process shell =
                    new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                            .start();
            if (shell.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("process " + process.pid() + " has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static boolean isOfNode(ProcessHandle handle, String id) {
        return handle.isAlive()
                && handle.info().arguments().stream()
                        .flatMap(Arrays::stream)
                        .anyMatch(("--id=" + id)::equals);
    }
}
