package dev.minidynamo.app;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Java installations of this machine, as far as their usual places tell.
 *
 * <p>A version is read from an installation's {@code release} file and never asked of its {@code
 * java}, so looking at many costs nothing and runs nothing. Like {@link Launcher} this class is
 * compiled for Java 17.
 */
final class JavaHomes {

    /** One installation and its feature release, such as 25. */
    record JavaHome(Path path, int feature) {

        Path executable() {
            Path windows = path.resolve("bin/java.exe");
            return Files.exists(windows) ? windows : path.resolve("bin/java");
        }
    }

    private static final List<String> VARIABLES = List.of("JAVA_HOME", "JDK_HOME", "JAVA25_HOME");
    private static final List<String> PARENTS =
            List.of("/usr/lib/jvm", "/usr/java", "/opt", "/Library/Java/JavaVirtualMachines");
    private static final List<String> PARENTS_IN_USER_HOME =
            List.of(".sdkman/candidates/java", ".jdks", "Library/Java/JavaVirtualMachines");
    private static final List<String> PARENTS_IN_PROGRAM_FILES =
            List.of("Java", "Eclipse Adoptium", "Amazon Corretto", "Microsoft", "Zulu");

    private static final Pattern VERSION =
            Pattern.compile("^JAVA_VERSION=\"(\\d+)", Pattern.MULTILINE);

    private final List<Path> named;
    private final List<Path> parents;

    /**
     * @param named installations that the user points to; they go before all others
     * @param parents folders whose children are installations
     */
    JavaHomes(List<Path> named, List<Path> parents) {
        this.named = List.copyOf(named);
        this.parents = List.copyOf(parents);
    }

    static JavaHomes of(Map<String, String> environment, Path userHome) {
        List<Path> named = new ArrayList<>();
        for (String variable : VARIABLES) {
            String value = environment.getOrDefault(variable, "");
            if (!value.isBlank()) {
                named.add(Path.of(value));
            }
        }
        List<Path> parents = new ArrayList<>();
        PARENTS.forEach(parent -> parents.add(Path.of(parent)));
        PARENTS_IN_USER_HOME.forEach(parent -> parents.add(userHome.resolve(parent)));
        String programFiles = environment.get("ProgramFiles");
        if (programFiles != null) {
            Path root = Path.of(programFiles);
            PARENTS_IN_PROGRAM_FILES.forEach(parent -> parents.add(root.resolve(parent)));
        }
        return new JavaHomes(named, parents);
    }

    /**
     * The first named installation that is new enough, else among the others the oldest that is:
     * the nearest to what Mini Dynamo is tested on.
     */
    Optional<JavaHome> atLeast(int feature) {
        Optional<JavaHome> chosen =
                named.stream()
                        .flatMap(home -> at(home).stream())
                        .filter(home -> home.feature() >= feature)
                        .findFirst();
        return chosen.or(() ->
                installed().stream()
                        .filter(home -> home.feature() >= feature)
                        .min(
                                Comparator.comparingInt(JavaHome::feature)
                                        .thenComparing(JavaHome::path)));
    }

    /** Every installation below the parents. A folder that cannot be read holds none. */
    List<JavaHome> installed() {
        List<JavaHome> homes = new ArrayList<>();
        for (Path parent : parents) {
            for (Path child : children(parent)) {
                at(child).or(() -> at(child.resolve("Contents/Home"))).ifPresent(homes::add);
            }
        }
        return homes;
    }

    private static List<Path> children(Path parent) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            entries.forEach(children::add);
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        return children;
    }

    /** Where this looked, for a person. */
    String places() {
        List<String> places = new ArrayList<>();
        places.add(String.join(", ", VARIABLES));
        parents.forEach(parent -> places.add(parent.toString()));
        return String.join(", ", places);
    }

    private static Optional<JavaHome> at(Path path) {
        try {
            Matcher version = VERSION.matcher(Files.readString(path.resolve("release")));
            if (!version.find()) {
                return Optional.empty();
            }
            JavaHome home = new JavaHome(path, Integer.parseInt(version.group(1)));
            return Files.isExecutable(home.executable()) ? Optional.of(home) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
