package dev.minidynamo.app;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * {@code start-cache}: makes the {@link StartCache} now, as a container image does when it is
 * built.
 */
@Command(
        name = "start-cache",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        description = {
            "Makes what lets nodes start fast, which an agent otherwise does at its first run.",
            ""
        })
final class StartCacheCommand implements Callable<Integer> {

    @Override
    public Integer call() throws InterruptedException {
        StartCache cache = ChildCommand.ofThisProgram("256m").cache();
        if (cache == null) {
            throw new StartRefused(StartRefused.USAGE, "a start cache needs the program as a jar.");
        }
        try {
            cache.make(false);
            System.out.println(String.join(" ", cache.arguments()));
            return 0;
        } catch (IOException e) {
            throw new StartRefused(
                    StartRefused.UNAVAILABLE, "the start cache could not be made: " + e + ".");
        }
    }
}
