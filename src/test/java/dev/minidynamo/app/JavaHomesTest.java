package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.app.JavaHomes.JavaHome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

class JavaHomesTest {

    @TempDir private Path folder;

    @Test
    void anInstallationThatTheUserNamesGoesFirst() throws IOException {
        Path named = install("mine/jdk", "26.0.1");
        install("jvm/jdk-25", "25.0.3");

        assertThat(homes(named).atLeast(25)).contains(new JavaHome(named, 26));
    }

    @Test
    void aNamedInstallationThatIsTooOldIsPassedOver() throws IOException {
        Path named = install("mine/jdk", "17.0.15");
        Path other = install("jvm/jdk-25", "25.0.3");

        assertThat(homes(named).atLeast(25)).contains(new JavaHome(other, 25));
    }

    @Test
    void theOldestThatIsNewEnoughIsTaken() throws IOException {
        install("jvm/a", "21.0.2");
        install("jvm/b", "27-ea");
        Path expected = install("jvm/c", "25");
        install("jvm/d", "26");

        assertThat(homes().atLeast(25)).contains(new JavaHome(expected, 25));
    }

    @Test
    void thereMayBeNone() throws IOException {
        install("jvm/java-8", "1.8.0_402");
        install("jvm/java-17", "17.0.15");
        Files.createDirectories(folder.resolve("jvm/not-java"));

        assertThat(homes().atLeast(25)).isEmpty();
        assertThat(homes(folder.resolve("nowhere")).atLeast(25)).isEmpty();
    }

    @Test
    void aReleaseFileWithoutAJavaIsNoInstallation() throws IOException {
        Path home = install("jvm/jdk-25", "25.0.3");
        Files.delete(home.resolve("bin/java"));

        assertThat(homes().atLeast(25)).isEmpty();
    }

    @Test
    void anInstallationInAMacBundleIsFound() throws IOException {
        Path home = install("jvm/temurin-25.jdk/Contents/Home", "25.0.3");

        assertThat(homes().atLeast(25)).contains(new JavaHome(home, 25));
    }

    @Test
    void theEnvironmentNamesInstallationsInOrder() throws IOException {
        Path jdkHome = install("mine/jdk", "25.0.3");
        Path java25Home = install("mine/other", "25.0.3");
        Map<String, String> environment =
                Map.of(
                        "JAVA_HOME", " ",
                        "JDK_HOME", jdkHome.toString(),
                        "JAVA25_HOME", java25Home.toString());

        assertThat(JavaHomes.of(environment, folder).atLeast(25))
                .contains(new JavaHome(jdkHome, 25));
    }

    @Test
    void theUsualPlacesIncludeTheUsersOwn() throws IOException {
        Path home = install(".sdkman/candidates/java/25.0.3-tem", "25.0.3");

        assertThat(JavaHomes.of(Map.of(), folder).installed()).contains(new JavaHome(home, 25));
    }

    @Test
    void aPersonIsToldWhereItLooked() {
        String sentence = Launcher.noSuitableJava(17, homes());

        assertThat(sentence)
                .startsWith("Mini Dynamo needs Java 25 or newer, and this is Java 17")
                .contains("JAVA_HOME", folder.resolve("jvm").toString());
    }

    private JavaHomes homes(Path... named) {
        return new JavaHomes(List.of(named), List.of(folder.resolve("jvm"), folder.resolve("no")));
    }

    private Path install(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.createFile(
                bin.resolve("java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
        return home;
    }
}
