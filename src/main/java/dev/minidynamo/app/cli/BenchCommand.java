package dev.minidynamo.app.cli;

import dev.minidynamo.app.Durations;
import dev.minidynamo.app.StartRefused;
import dev.minidynamo.app.bench.BenchOptions;
import dev.minidynamo.app.bench.BenchResult;
import dev.minidynamo.app.bench.LoadRun;
import dev.minidynamo.app.bench.Ratios;
import dev.minidynamo.app.bench.Workload;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code bench}: measures throughput and latency, alone or against a peer. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures throughput and latency with YCSB's workloads and zipfian keys.",
            "",
            "Each client has one request under way and asks all given nodes in turn. Without --rate"
                + " the next request follows the answer (closed loop). With --rate requests are due"
                + " at a steady rate, and latency counts from when they were due (open loop), so"
                + " that a stall is not hidden.",
            ""
        })
public final class BenchCommand implements Callable<Integer> {

    @Mixin private final KeyOptions client = new KeyOptions();

    @Option(
            names = "--workload",
            defaultValue = "A",
            paramLabel = "A|B|C|D|F|W",
            description = "The mix of operations; W only writes (${DEFAULT-VALUE}).")
    private Workload workload = Workload.A;

    @Option(names = "--keys", defaultValue = "100000", description = "Keys (${DEFAULT-VALUE}).")
    private int keys;

    @Option(
            names = "--value-bytes",
            defaultValue = "100",
            description = "Bytes of a value (${DEFAULT-VALUE}).")
    private int valueBytes;

    @Option(
            names = "--connections",
            defaultValue = "64",
            description = "Clients (${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--threads", defaultValue = "1", description = "Threads (${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--warm-up",
            defaultValue = "10s",
            paramLabel = "TIME",
            description = "Time before it is measured (${DEFAULT-VALUE}).")
    private String warmUp = "10s";

    @Option(
            names = "--duration",
            defaultValue = "30s",
            paramLabel = "TIME",
            description = "Time that is measured (${DEFAULT-VALUE}).")
    private String duration = "30s";

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "Requests a second over all clients; 0: as fast as answers come.")
    private double rate;

    @Option(
            names = "--no-load",
            description = "Do not store the keys first, because they are there.")
    private boolean noLoad;

    @Option(
            names = "--peer",
            split = ",",
            paramLabel = "URL",
            description = "Another system's addresses, measured in turn with ours.")
    private List<String> peer = new ArrayList<>();

    @Option(
            names = "--runs",
            defaultValue = "3",
            description = "Runs of each, in turn, with --peer (${DEFAULT-VALUE}).")
    private int runs;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Output output = new Output(spec, client.json);
        BenchOptions ours = options(client.urls, !noLoad);
        Progress progress = Progress.onTerminal();
        if (peer.isEmpty()) {
            requireReachable(client.urls);
            BenchResult result = run(progress, "", ours);
            if (client.json) {
                output.json(report(result));
            } else {
                new BenchTable(output).show("bench", ours, List.of(result));
            }
            return result.errorCount() == 0 ? Exit.OK : Exit.FAILED;
        }
        return compare(output, progress, ours, options(peer, !noLoad));
    }

    private int compare(Output output, Progress progress, BenchOptions ours, BenchOptions theirs)
            throws IOException, InterruptedException {
        requireReachable(client.urls);
        requireReachable(peer);
        List<BenchResult> our = new ArrayList<>();
        List<BenchResult> their = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            boolean first = run == 1;
            their.add(
                    run(
                            progress,
                            "peer, run " + run + ": ",
                            first ? theirs : theirs.withoutLoad()));
            our.add(run(progress, "ours, run " + run + ": ", first ? ours : ours.withoutLoad()));
        }
        Ratios ratios = Ratios.of(our, their);
        if (client.json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("ours", our.stream().map(this::report).toList());
            all.put("peer", their.stream().map(this::report).toList());
            all.put("ratios", ratios);
            output.json(all);
        } else {
            BenchTable table = new BenchTable(output);
            table.show("peer", theirs, their);
            table.show("ours", ours, our);
            output.line(
                    "ours / peer: throughput %.2f   p50 %.2f   p99 %.2f   (medians of %d runs in turn)"
                            .formatted(ratios.throughput(), ratios.p50(), ratios.p99(), runs));
        }
        boolean clean =
                our.stream().allMatch(result -> result.errorCount() == 0)
                        && their.stream().allMatch(result -> result.errorCount() == 0);
        return clean ? Exit.OK : Exit.FAILED;
    }

    private static BenchResult run(Progress progress, String name, BenchOptions options)
            throws IOException, InterruptedException {
        try {
            return new LoadRun(options, at -> progress.bar(at.done(), name + at.text())).run();
        } finally {
            progress.clear();
        }
    }

    private BenchOptions options(List<String> urls, boolean load) {
        atLeast("keys", keys, 1);
        atLeast("value-bytes", valueBytes, 1);
        atLeast("connections", connections, 1);
        atLeast("threads", threads, 1);
        atLeast("runs", runs, 1);
        if (!(rate >= 0)) {
            throw refuse("rate", String.valueOf(rate), "a number from 0");
        }
        return new BenchOptions(
                urls.stream().map(BenchCommand::target).toList(),
                workload,
                keys,
                valueBytes,
                connections,
                threads,
                time("warm-up", warmUp),
                time("duration", duration),
                time("timeout", client.timeout),
                rate,
                load,
                client.token);
    }

    private void requireReachable(List<String> urls) {
        ClientOptions asked = new ClientOptions();
        asked.urls = urls;
        asked.token = client.token;
        new Client(asked).send(Client.Call.of("GET", Client.keyPath("bench", Map.of())));
    }

    private Map<String, Object> report(BenchResult result) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("workload", workload);
        report.put("keys", keys);
        report.put("valueBytes", valueBytes);
        report.put("connections", connections);
        report.put("rate", rate);
        report.put("operationsPerSecond", result.throughput());
        report.put("errorCount", result.errorCount());
        report.put("result", result);
        return report;
    }

    private static URI target(String url) {
        try {
            URI uri = URI.create(url.contains("://") ? url : "http://" + url);
            if ("https".equals(uri.getScheme())) {
                throw new StartRefused(
                        StartRefused.USAGE,
                        "url is \""
                                + url
                                + "\"; bench speaks HTTP in the clear only, so that it measures the"
                                + " nodes and not its own encryption.");
            }
            if (uri.getHost() != null && uri.getScheme().equals("http")) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw refuse("url", url, "an address such as http://localhost:9001");
        }
        throw refuse("url", url, "an address such as http://localhost:9001");
    }

    private static Duration time(String name, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw refuse(name, text, Durations.ACCEPTED);
        }
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw refuse(name, String.valueOf(value), "a whole number from " + least);
        }
    }

    private static StartRefused refuse(String name, String value, String accepted) {
        return new StartRefused(
                StartRefused.USAGE, name + " is \"" + value + "\"; accepted is " + accepted + ".");
    }
}
