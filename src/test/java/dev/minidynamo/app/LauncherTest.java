package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class LauncherTest {

    @Test
    void theSameJarIsStartedAgainWithTheSameArguments() {
        List<String> command =
                Launcher.command(
                        Path.of("jdk", "bin", "java"),
                        List.of("-Xmx1g", "-Da=b c"),
                        "mini-dynamo.jar",
                        new String[] {"put", "a key", ""});

        assertThat(command)
                .containsExactly(
                        Path.of("jdk", "bin", "java").toString(),
                        "-Xmx1g",
                        "-Da=b c",
                        "-Ddynamo.launcher.pid=" + ProcessHandle.current().pid(),
                        "-jar",
                        "mini-dynamo.jar",
                        "put",
                        "a key",
                        "");
    }

    @Test
    void theProgramLearnsThatItsLauncherWasKilled() throws Exception {
        Process launcher =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Sleeper.class.getName())
                        .start();
        CountDownLatch gone = new CountDownLatch(1);
        Launcher.watch(launcher.pid(), gone::countDown);

        assertThat(gone.await(50, TimeUnit.MILLISECONDS)).isFalse();
        launcher.destroyForcibly();
        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aLauncherThatIsAlreadyGoneCountsAsKilled() throws Exception {
        Process ended =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--version")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(ended.waitFor(30, TimeUnit.SECONDS)).isTrue();
        CountDownLatch gone = new CountDownLatch(1);

        Launcher.watch(ended.pid(), gone::countDown);

        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** A process to be killed. It would end by itself, should the test not come to that. */
    static final class Sleeper {

        private Sleeper() {}

        public static void main(String[] args) throws InterruptedException {
            TimeUnit.SECONDS.sleep(60);
        }
    }
}
