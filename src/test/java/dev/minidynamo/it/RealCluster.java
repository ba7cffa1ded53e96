package dev.minidynamo.it;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * A cluster of real processes, started from the packaged jar on free ports and in a folder of its
 * own, both gone after {@link #close}.
 *
 * <p>The nodes are either processes of this test ({@link Plan#start}), or an agent's with its
 * dashboard ({@link Plan#startWithDashboard}), where they are steered by HTTP as a user does it.
 *
 * <pre>{@code
 * try (RealCluster cluster = RealCluster.of(3).flags("--ae=false").start()) {
 *     cluster.put("n1", "cat", "miaow");
 *     cluster.kill("n2");
 *     assertThat(cluster.get("n3", "cat")).isEqualTo("miaow");
 * }
 * }</pre>
 */
public final class RealCluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MILLIS = 10;

    private final ClusterPlan plan;
    private final RealFolder folder;
    private final Map<String, Integer> ports = new TreeMap<>();
    private final Map<String, RealProcess> processes = new LinkedHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
    private final int dashboardPort;
    private @Nullable RealProcess agent;

    private RealCluster(ClusterPlan plan) {
        this.plan = plan;
        this.folder = RealFolder.create();
        List<Integer> free = plan.ports();
        for (int i = 1; i <= plan.nodes; i++) {
            ports.put("n" + i, free.get(i));
        }
        this.dashboardPort = free.getFirst();
        folder.write("nodes.json", plan.nodesJson(ports));
    }

    /** A cluster of this many nodes, n1, n2 and so on. */
    public static ClusterPlan of(int nodes) {
        return new ClusterPlan(nodes);
    }

    /**
     * Starts each node as a process of this test, and waits until all answer and see each other.
     */
    static RealCluster started(ClusterPlan plan) {
        RealCluster cluster = new RealCluster(plan);
        cluster.closeIfFailing(() -> {
            cluster.ids().forEach(id -> plan.data.accept(id, cluster.data(id)));
            cluster.ports.keySet().forEach(cluster::launch);
            cluster.ports.keySet().forEach(cluster::awaitReady);
            cluster.ports.keySet().forEach(cluster::awaitAcquainted);
        });
        return cluster;
    }

    /** Starts the whole cluster by one command, as a user does, with the dashboard. */
    static RealCluster startedWithDashboard(ClusterPlan plan) {
        RealCluster cluster = new RealCluster(plan);
        cluster.closeIfFailing(() -> {
            cluster.launchAgent();
            cluster.ports.keySet().forEach(cluster::awaitReady);
            cluster.ports.keySet().forEach(cluster::awaitAcquainted);
            cluster.await(
                    "the dashboard answers", () -> cluster.answers(cluster.dashboardUrl() + "/"));
        });
        return cluster;
    }

    /** The ids of the nodes, in order. */
    public List<String> ids() {
        return List.copyOf(ports.keySet());
    }

    /** Where a node serves, without a slash at the end. */
    public String url(String id) {
        return "http://127.0.0.1:" + ports.get(id);
    }

    /** Where the dashboard serves, without a slash at the end. */
    public String dashboardUrl() {
        return "http://127.0.0.1:" + dashboardPort;
    }

    /**
     * The folder with nodes.json, the logs of the processes, and the data of each node in data/ID.
     */
    public Path folder() {
        return folder.path();
    }

    /** What a node, or "agent", has printed. */
    public String log(String id) {
        return folder.read((agent == null ? id : "agent") + ".log");
    }

    /** Ends a node by SIGKILL. */
    public void kill(String id) {
        if (agent == null) {
            process(id).kill();
        } else {
            steer(id, "kill");
        }
    }

    /** Stops a node by SIGSTOP. */
    public void pause(String id) {
        if (agent == null) {
            process(id).signal("STOP");
        } else {
            steer(id, "pause");
        }
    }

    /** Lets a paused node run on. */
    public void resume(String id) {
        if (agent == null) {
            process(id).signal("CONT");
        } else {
            steer(id, "resume");
        }
    }

    /** Starts a node afresh, whether or not it runs, and waits until it is ready. */
    public void restart(String id) {
        if (agent == null) {
            process(id).terminate();
            launch(id);
        } else {
            steer(id, "restart");
        }
        awaitReady(id);
    }

    /** Whether the process of a node exists (paused or not), as the operating system says. */
    public boolean alive(String id) {
        return processOf(id).isPresent();
    }

    /** The process of a node, if there is one, as the operating system says. */
    public Optional<ProcessHandle> processOf(String id) {
        if (agent == null) {
            return Optional.of(process(id).handle()).filter(ProcessHandle::isAlive);
        }
        return agent.handle()
                .children()
                .filter(child -> RealProcess.isOfNode(child, id))
                .findFirst();
    }

    /** Waits until a node answers readiness. */
    public void awaitReady(String id) {
        await(id + " is ready", () -> ready(id));
    }

    /** A node is ready before it has heard of the others. */
    private void awaitAcquainted(String id) {
        await(
                id + " sees that all are up",
                () -> liveness(id).values().stream().filter("UP"::equals).count() == ports.size());
    }

    /** Waits until one node knows that another is down. */
    public void awaitDown(String observer, String dead) {
        await(
                observer + " knows that " + dead + " is down",
                () -> "DOWN".equals(liveness(observer).get(dead)));
    }

    /** What a node believes of each. */
    private Map<String, String> liveness(String observer) {
        String ring = send("GET", url(observer) + "/debug/ring", null).body();
        Map<String, String> liveness = new TreeMap<>();
        for (JsonNode node : JsonMapper.shared().readTree(ring).get("nodes")) {
            liveness.put(node.get("id").asString(), node.get("liveness").asString());
        }
        return liveness;
    }

    private boolean ready(String id) {
        RealProcess own = agent == null ? processes.get(id) : agent;
        if (own != null && !own.alive()) {
            throw new IllegalStateException(
                    "The process of " + id + " ended. It printed:\n" + log(id));
        }
        return answers(url(id) + "/health") && answers(url(id) + "/actuator/health/readiness");
    }

    private boolean answers(String url) {
        try {
            return send("GET", url, null).statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Waits for a condition, at most a minute; the failure carries what the nodes printed. */
    public void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "Not within "
                                + PATIENCE.toSeconds()
                                + " s: "
                                + what
                                + ".\n"
                                + folder.logs());
            }
            LockSupport.parkNanos(LOOK_AGAIN_MILLIS * 1_000_000);
        }
    }

    /** Puts a value through a node and returns the status. */
    public int put(String id, String key, String value) {
        return send("PUT", url(id) + "/kv/" + key, value).statusCode();
    }

    /** The value that a node answers, or null for a 404; any other status fails. */
    public @Nullable String get(String id, String key) {
        HttpResponse<String> answer = send("GET", url(id) + "/kv/" + key, null);
        if (answer.statusCode() == 404) {
            return null;
        }
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " for " + key + ": " + answer.body());
        }
        return answer.body();
    }

    /**
     * Sends a request, with further headers as name and value in turn.
     *
     * @throws UncheckedIOException if there is no answer
     */
    public HttpResponse<String> send(
            String method, String url, @Nullable String body, String... headers) {
        HttpRequest.BodyPublisher publisher =
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url)).timeout(REQUEST).method(method, publisher);
        String secret = plan.environment.get("DYNAMO_SECRET");
        if (secret != null) {
            request.setHeader("Authorization", "Bearer " + secret);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The sum of a metric over all its labels and all nodes that answer. */
    public double metric(String name) {
        return metric(name, ids().stream().filter(this::alive).toList());
    }

    /** The same over the given nodes. */
    public double metric(String name, List<String> nodes) {
        Pattern form = Pattern.compile("(?m)^" + name + "(?:\\{[^}]*})? (\\S+)$");
        return nodes.stream()
                .map(node -> send("GET", url(node) + "/actuator/prometheus", null).body())
                .flatMap(text -> form.matcher(text).results())
                .mapToDouble(line -> Double.parseDouble(line.group(1)))
                .sum();
    }

    /** The process of a node that this test started. */
    public RealProcess process(String id) {
        RealProcess process = processes.get(id);
        if (process == null) {
            throw new IllegalArgumentException(id + " is no process of this test");
        }
        return process;
    }

    private void steer(String id, String verb) {
        HttpResponse<String> answer =
                send(
                        "POST",
                        dashboardUrl() + "/control/nodes/" + id + "/" + verb,
                        "",
                        "Origin",
                        dashboardUrl());
        if (answer.statusCode() / 100 == 4 || answer.statusCode() / 100 == 5) {
            throw new AssertionError(
                    verb + " of " + id + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private void launch(String id) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--id=" + id);
        arguments.add("--config=" + folder.path().resolve("nodes.json"));
        arguments.add("--data-dir=" + data(id));
        arguments.add("--fault-injection=true");
        arguments.addAll(plan.flags);
        processes.put(
                id, RealProcess.startNode(plan.jvmFlags, arguments, environment(id), logOf(id)));
    }

    private Path data(String id) {
        return folder.path().resolve("data").resolve(id);
    }

    private void launchAgent() {
        RealProcess.withStartCache(); // or else the agent makes it, at the cost of the test
        List<String> arguments = new ArrayList<>();
        arguments.add("--config=" + folder.path().resolve("nodes.json"));
        arguments.add("--data-dir=" + folder.path().resolve("data"));
        arguments.add("--listen=127.0.0.1:" + dashboardPort);
        arguments.addAll(plan.flags);
        agent =
                RealProcess.start(
                        List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                        arguments,
                        environment("agent"),
                        logOf("agent"));
    }

    private Map<String, String> environment(String process) {
        Map<String, String> environment = new TreeMap<>(plan.environment);
        environment.putAll(plan.ownEnvironment.getOrDefault(process, Map.of()));
        return environment;
    }

    private Path logOf(String process) {
        return folder.path().resolve(process + ".log");
    }

    private void closeIfFailing(Runnable start) {
        boolean started = false;
        try {
            start.run();
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /** Ends every process, an agent's nodes included, and removes the folder. */
    @Override
    public void close() {
        http.shutdownNow();
        if (agent != null) {
            agent.terminate();
        }
        processes.values().forEach(RealProcess::kill);
        try {
            folder.remove();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
