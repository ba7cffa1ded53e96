package dev.minidynamo.it;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Sets the wall clock of one process off, by way of libfaketime. */
final class WrongClock {

    private static final String LIBRARY = "libfaketimeMT.so.1";

    private WrongClock() {}

    /** The environment of a process whose wall clock is off by {@code seconds}. */
    static Map<String, String> environment(int seconds) {
        return Map.of(
                "LD_PRELOAD", library(),
                "FAKETIME", "%+ds".formatted(seconds),
                "FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }

    /** Where distributions put the library; without it the test is skipped, and says so. */
    private static String library() {
        try (Stream<Path> files = Files.find(Path.of("/usr/lib"), 3, WrongClock::isLibrary)) {
            return files.map(Path::toString)
                    .findFirst()
                    .orElseGet(() -> Assumptions.abort("libfaketime is not installed"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isLibrary(Path path, Object attributes) {
        return path.endsWith(LIBRARY);
    }
}
