import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks, or with {@code write} applies, google-java-format (AOSP) to every Java file of a folder.
 * It is a program of its own because the formatter parses with the compiler of the JVM that runs
 * it: it needs the toolchain's JDK, while Maven and its plugins may run on an older one.
 *
 * <p>Arguments: {@code check|write}, the folder, and a file to leave the names of unformatted files
 * in. That file is absent when there are none; the build looks for it, since it can then fail with
 * a sentence instead of a stack trace.
 */
public final class Format {

    private static final Formatter FORMATTER =
            new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());

    private Format() {}

    public static void main(String[] args) throws IOException {
        boolean write = args[0].equals("write");
        Path report = Path.of(args[2]);
        Files.deleteIfExists(report);
        List<Path> files = javaFiles(Path.of(args[1]));
        List<Path> unformatted = files.parallelStream().filter(Format::isUnformatted).toList();
        if (unformatted.isEmpty()) {
            return;
        }
        for (Path file : unformatted) {
            if (write) {
                Files.writeString(file, formatted(Files.readString(file)));
            }
            System.out.println((write ? "formatted: " : "not formatted: ") + file);
        }
        if (!write) {
            Files.write(report, unformatted.stream().map(Path::toString).toList());
        }
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }

    private static boolean isUnformatted(Path file) {
        try {
            String source = Files.readString(file);
            return !formatted(source).equals(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The formatted source, or the source as it is when it does not parse: javac will tell. */
    private static String formatted(String source) {
        try {
            return FORMATTER.formatSourceAndFixImports(source);
        } catch (FormatterException e) {
            return source;
        }
    }
}
