package dev.minidynamo;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;

import dev.minidynamo.app.Launcher;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The house rules that a machine can check. */
class ArchitectureTest {

    private static final int MAX_LINES = 400;
    private static final Path SOURCES = Path.of("src/main/java");

    private static final List<String> SPRING_ROOMS =
            List.of("runtime", "api", "agent", "dashboard", "app");

    /** Calls that would let a clock, chance, a thread or a wait into the core. */
    private static final List<Pattern> FORBIDDEN_CALLS =
            List.of(
                    Pattern.compile("java\\.lang\\.System\\.(currentTimeMillis|nanoTime)"),
                    Pattern.compile("java\\.time\\.\\w+\\.now"),
                    Pattern.compile("java\\.time\\.Clock\\.(system|tick).*"),
                    Pattern.compile("java\\.lang\\.Math\\.random"),
                    Pattern.compile("java\\.util\\.UUID\\.randomUUID"),
                    Pattern.compile(
                            "java\\.util\\.concurrent\\.CompletableFuture\\.(get|join|\\w+Async)"),
                    Pattern.compile("java\\.util\\..*\\.(parallel|parallelStream)"));

    private static final Set<String> FORBIDDEN_TYPES =
            Set.of(
                    "java.lang.Thread",
                    "java.util.Random",
                    "java.util.Timer",
                    "java.util.concurrent.Executors",
                    "java.util.concurrent.ThreadLocalRandom",
                    "java.security.SecureRandom",
                    "java.io.File");

    private static JavaClasses product;

    @BeforeAll
    static void readTheProduct() {
        URL classes = Launcher.class.getProtectionDomain().getCodeSource().getLocation();
        product = new ClassFileImporter().importUrl(classes);
    }

    static Set<String> rooms() {
        return Rooms.MAY_USE.keySet();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomUsesOnlyTheRoomsThatTheTableAllows(String room) {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(Rooms.BASE + "." + room + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(Rooms.forbiddenTo(room)));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomSaysItsJobAndIsNullMarked(String room) throws IOException {
        String folder = Rooms.BASE.replace('.', '/') + "/" + room;
        assertThat(SOURCES.resolve(folder).resolve("package-info.java"))
                .content()
                .startsWith("/**")
                .contains("@" + NullMarked.class.getSimpleName());
    }

    @Test
    void everyClassLivesInARoom() {
        check(classes().should().resideInAnyPackage(Rooms.packages(Rooms.MAY_USE.keySet())));
    }

    @Test
    void theRoomsFormNoCycle() {
        check(slices().matching(Rooms.BASE + ".(*)..").should().beFreeOfCycles());
    }

    @Test
    void onlyTheOuterRoomsKnowSpring() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(Rooms.packages(SPRING_ROOMS))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("org.springframework.."));
    }

    @Test
    void theCoreTakesTimeChanceAndThreadsFromItsPorts() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(Rooms.packages(Rooms.CORE))
                        .should()
                        .accessTargetWhere(
                                describe("belongs to a port", ArchitectureTest::isForbiddenCall)));
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(Rooms.packages(Rooms.CORE))
                        .should()
                        .dependOnClassesThat(
                                describe("belong to a port", ArchitectureTest::isForbiddenType)));
    }

    @Test
    void nobodyUsesTheOldJackson() {
        check(
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("com.fasterxml.jackson.databind.."));
    }

    @Test
    void noClassIsADrawerForOddsAndEnds() {
        check(noClasses().should().haveNameMatching(".*(Util|Helper)s?"));
    }

    @Test
    void noFileIsLongerThanFourHundredLines() throws IOException {
        Set<String> tooLong = new TreeSet<>();
        try (var files = Files.walk(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                int lines = Files.readAllLines(file).size();
                if (lines > MAX_LINES) {
                    tooLong.add(file + " has " + lines);
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    private static boolean isForbiddenCall(JavaAccess<?> access) {
        String target = access.getTargetOwner().getName() + "." + access.getTarget().getName();
        return FORBIDDEN_CALLS.stream().anyMatch(call -> call.matcher(target).matches());
    }

    private static boolean isForbiddenType(JavaClass type) {
        String outermost = type.getName().split("\\$", 2)[0];
        return FORBIDDEN_TYPES.contains(outermost)
                || type.getPackageName().startsWith("java.nio.file");
    }

    private static void check(ArchRule rule) {
        rule.check(product);
    }
}
