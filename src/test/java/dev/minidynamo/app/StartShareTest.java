package dev.minidynamo.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class StartShareTest {

    private static final double BUSY = 10_000;
    private static final NodeId N1 = new NodeId("n1");

    private static ClusterConfig cluster(int second) {
        return new ClusterConfig(
                "c",
                List.of(
                        new ClusterConfig.Member(N1, "127.0.0.1:1", "", null),
                        new ClusterConfig.Member(
                                new NodeId("n2"), "127.0.0.1:" + second, "", null)),
                8,
                1,
                1,
                1);
    }

    private static List<Integer> processors() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> StartShare.parse(line.split("\t", 2)[1]))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0|0", "0-3|0,1,2,3", "1,4-5|1,4,5"})
    void processorsAreReadAsTheSystemWritesThem(String ranges, String processors) {
        assertThat(StartShare.parse(ranges + "\n").stream().map(String::valueOf))
                .containsExactly(processors.split(",", -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0-7|n1|0-3", "0-7|n2|4-7", "0-1|n2|1", "2-4|n2|3", "5|n2|5"})
    void eachNodeOfAMachineHasAShareOfItsOwn(String all, String node, String share) {
        ClusterConfig cluster = cluster(2);
        assertThat(StartShare.shareOf(StartShare.parse(all), cluster, new NodeId(node)))
                .isEqualTo(StartShare.parse(share));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aStartBesideBusyNodesLeavesThemTheOtherProcessors() throws IOException {
        List<Integer> all = processors();
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ClusterConfig cluster = cluster(other.getLocalPort());
            StartShare share = StartShare.take(cluster, N1, BUSY);
            assertThat(processors()).isEqualTo(StartShare.shareOf(all, cluster, N1));
            share.giveBack();
            assertThat(processors()).isEqualTo(all);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aStartOnAnIdleMachineOrBesideNobodyHasAll() throws IOException {
        List<Integer> all = processors();
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StartShare.take(cluster(other.getLocalPort()), N1, 0.1);
            assertThat(processors()).isEqualTo(all);
        }
        StartShare.take(cluster(2), N1, BUSY);
        assertThat(processors()).isEqualTo(all);
    }
}
