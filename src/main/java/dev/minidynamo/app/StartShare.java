package dev.minidynamo.app;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Keeps a node that starts beside busy ones to its share of the processors until it has warmed.
 *
 * <p>A Java machine that starts compiles on all processors at once, and what serves on them waits.
 * Where the machine has more to do than it has processors, and another node of it serves, the
 * threads of this process stay on its share by {@code taskset(1)}. Where that program is missing,
 * nothing happens. See {@code docs/decisions/a-start-leaves-processors-to-others.md}.
 */
final class StartShare {

    private static final Logger LOG = LoggerFactory.getLogger(StartShare.class);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final int CONNECT_MILLIS = 100;
    private static final int ATTEMPTS = 5;

    /** What the process may run on when it has warmed; empty if it may now. */
    private final List<Integer> later;

    private StartShare(List<Integer> later) {
        this.later = later;
    }

    /** Gives this process the share of {@code node}, if there is a reason. */
    static StartShare take(ClusterConfig cluster, NodeId node) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return take(cluster, node, load);
    }

    static StartShare take(ClusterConfig cluster, NodeId node, double load) {
        List<Integer> all = allowed();
        List<ClusterConfig.Member> here = Carriers.ofOneHost(cluster, node);
        List<Integer> share = shareOf(all, cluster, node);
        boolean busy = load > all.size() && share.size() < all.size();
        if (busy && here.stream().anyMatch(StartShare::serves) && runOn(share)) {
            LOG.info("The machine is busy: this node begins on processors {} of {}.", share, all);
            return new StartShare(all);
        }
        return new StartShare(List.of());
    }

    /** Lets the process run wherever it might before. */
    void giveBack() {
        if (!later.isEmpty()) {
            runOn(later);
        }
    }

    /** The processors of one of the nodes that share a machine, as many as each can have. */
    static List<Integer> shareOf(List<Integer> processors, ClusterConfig cluster, NodeId node) {
        int size = Carriers.shareOf(processors.size(), cluster, node);
        int index = Carriers.ofOneHost(cluster, node).indexOf(cluster.member(node));
        List<Integer> share = new ArrayList<>();
        for (int i = 0; i < size && i < processors.size(); i++) {
            share.add(processors.get((index * size + i) % processors.size()));
        }
        return share;
    }

    /** Reads a list such as {@code 0-3,8}. */
    static List<Integer> parse(String ranges) {
        List<Integer> processors = new ArrayList<>();
        for (String range : ranges.strip().split(",", -1)) {
            String[] ends = range.split("-", 2);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int processor = Integer.parseInt(ends[0]); processor <= last; processor++) {
                processors.add(processor);
            }
        }
        return processors;
    }

    private static List<Integer> allowed() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(ALLOWED)) {
                    return parse(line.substring(ALLOWED.length()));
                }
            }
        } catch (IOException e) {
            LOG.debug("The system does not tell where this process may run.", e);
        }
        return List.of();
    }

    private static boolean serves(ClusterConfig.Member member) {
        HostPort address = HostPort.parse(member.address());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** False if that cannot be done at all. A thread that ends meanwhile ends taskset too. */
    private static boolean runOn(List<Integer> processors) {
        String list = processors.stream().map(String::valueOf).collect(Collectors.joining(","));
        String pid = String.valueOf(ProcessHandle.current().pid());
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Process taskset =
                        new ProcessBuilder("taskset", "-acp", list, pid)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start();
                if (taskset.waitFor() == 0) {
                    break;
                }
            }
            return true;
        } catch (IOException e) {
            LOG.debug("taskset cannot be run.", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
