package dev.minidynamo.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

@EnabledOnOs(OS.LINUX)
class BatchSchedulingTest {

    private static final int WINDOW = 256;

    private final BatchScheduling scheduling = new BatchScheduling();

    /** The scheduling class of the calling thread, the 41st field of its stat file. */
    private static int policy() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        String[] fromState = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Integer.parseInt(fromState[41 - 3]);
    }

    private void requests(int atOnce) {
        for (int i = 1; i < atOnce; i++) {
            scheduling.begin();
        }
        for (int i = 0; i < 2 * WINDOW; i++) {
            scheduling.begin();
            scheduling.end();
        }
        for (int i = 1; i < atOnce; i++) {
            scheduling.end();
        }
    }

    @Test
    void threadsOfABusyNodeDoNotPushOthersAside() throws IOException {
        int before = policy();
        assertThat(before).isZero();
        requests(6);
        assertThat(policy()).isZero();
        requests(20);
        assertThat(policy()).isEqualTo(3);
        requests(6);
        assertThat(policy()).isEqualTo(3);
        requests(1);
        assertThat(policy()).isZero();
    }
}
