package dev.minidynamo.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code bench}. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures a cluster.")
public final class BenchCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
