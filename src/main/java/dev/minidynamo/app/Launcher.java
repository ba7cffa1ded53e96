package dev.minidynamo.app;

import dev.minidynamo.app.JavaHomes.JavaHome;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The entry of the jar: it sees to it that the program runs on a Java that is new enough.
 *
 * <p>On an older Java it starts the same jar again on a newer one that it finds, passes on what
 * ends it, and ends as that one ends; where there is none it says so in a sentence. To get that far
 * on an older Java this class is compiled for Java 17, and it finds the program by name: a
 * reference to a class of Java 25 would not compile here.
 */
public final class Launcher {

    static final int NEEDED_JAVA = 25;

    private static final String MAIN_CLASS = "dev.minidynamo.app.MiniDynamo";
    private static final String LAUNCHER_PID = "dynamo.launcher.pid";
    private static final String LOADER_OF_NESTED_JARS =
            "org.springframework.boot.loader.launch.LaunchedClassLoader";
    private static final String FASTER_LOADER = "dev.minidynamo.app.JarsInJar";

    private static final int NO_SUITABLE_JAVA = 2;
    private static final int LAUNCHER_GONE = 1;

    private static @Nullable Process program;

    private Launcher() {}

    public static void main(String[] args) throws Throwable {
        int running = Runtime.version().feature();
        if (running < NEEDED_JAVA) {
            System.exit(relaunch(running, args));
        }
        Long launcher = Long.getLong(LAUNCHER_PID);
        if (launcher != null) {
            watch(launcher, () -> System.exit(LAUNCHER_GONE));
        }
        ClassLoader classes = faster(Launcher.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(classes);
        MethodHandle main =
                MethodHandles.publicLookup()
                        .findStatic(
                                Class.forName(MAIN_CLASS, true, classes),
                                "main",
                                MethodType.methodType(void.class, String[].class));
        main.invokeExact(args);
    }

    /** A faster class loader of the jars in the jar, if the program runs from such. */
    private static ClassLoader faster(ClassLoader given) throws ReflectiveOperationException {
        if (!given.getClass().getName().equals(LOADER_OF_NESTED_JARS)) {
            return given;
        }
        Constructor<?> loader =
                Class.forName(FASTER_LOADER).getDeclaredConstructor(URLClassLoader.class);
        return (ClassLoader) loader.newInstance(given);
    }

    private static int relaunch(int running, String[] args)
            throws IOException, InterruptedException {
        JavaHomes homes =
                JavaHomes.of(System.getenv(), Path.of(System.getProperty("user.home", "")));
        Optional<JavaHome> home = homes.atLeast(NEEDED_JAVA);
        if (home.isEmpty()) {
            System.err.println(noSuitableJava(running, homes));
            return NO_SUITABLE_JAVA;
        }
        List<String> command =
                command(
                        home.get().executable(),
                        ManagementFactory.getRuntimeMXBean().getInputArguments(),
                        System.getProperty("java.class.path", ""),
                        args);
        return start(command).waitFor();
    }

    /** Holds the lock from before the hook is set, so that no signal can miss the program. */
    private static synchronized Process start(List<String> command) throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(Launcher::end));
        program = new ProcessBuilder(command).inheritIO().start();
        return program;
    }

    /** Passes a SIGTERM or SIGINT on, and stays until the program has ended in its own time. */
    private static synchronized void end() {
        if (program == null) {
            return;
        }
        program.destroy();
        try {
            program.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static List<String> command(
            Path executable, List<String> jvmArguments, String jar, String[] args) {
        List<String> command = new ArrayList<>();
        command.add(executable.toString());
        command.addAll(jvmArguments);
        command.add("-D" + LAUNCHER_PID + "=" + ProcessHandle.current().pid());
        command.add("-jar");
        command.add(jar);
        command.addAll(List.of(args));
        return command;
    }

    static String noSuitableJava(int running, JavaHomes homes) {
        return "Mini Dynamo needs Java %d or newer, and this is Java %d (%s). None was found in %s. Set JAVA_HOME to one."
                .formatted(NEEDED_JAVA, running, System.getProperty("java.home"), homes.places());
    }

    /**
     * Runs an action once a process is gone. A launcher that is killed outright can pass nothing
     * on, and the program must not stay behind without it.
     */
    static void watch(long pid, Runnable whenGone) {
        Thread watcher =
                new Thread(
                        () -> {
                            ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
                            whenGone.run();
                        },
                        "launcher-watch");
        watcher.setDaemon(true);
        watcher.start();
    }
}
