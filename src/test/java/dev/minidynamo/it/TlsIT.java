package dev.minidynamo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A whole cluster with mutual TLS, set up by the very commands and settings of docs/operating.md.
 */
class TlsIT {

    private static final String PASSWORD = "of-the-test";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static RealFolder folder;
    private static List<Integer> ports;
    private static RealProcess cluster;
    private static HttpClient member;
    private static HttpClient stranger;

    @BeforeAll
    static void start() throws Exception {
        folder = RealFolder.create();
        Path tls = folder.path().resolve("tls");
        shell(folder.path(), documented("sh tls"));
        folder.write(
                "application.yaml",
                documented("yaml tls").replace("file:tls", "file:" + tls.toAbsolutePath()));
        ports = RealFolder.freePorts(4);
        folder.write(
                "nodes.json",
                """
                {"nodes": [{"id": "n1", "addr": "localhost:%d"}, {"id": "n2", "addr": "127.0.0.1:%d"},
                           {"id": "n3", "addr": "localhost:%d"}], "vnodes": 16, "n": 3, "r": 2, "w": 2}
                """
                        .formatted(ports.toArray()));
        member = client(tls.resolve("client.p12"));
        stranger = client(null);
        RealProcess.withStartCache(); // or else the agent makes it, at the cost of the test
        cluster =
                RealProcess.start(
                        List.of(),
                        List.of(
                                "--config=" + folder.path().resolve("nodes.json"),
                                "--data-dir=" + folder.path().resolve("data"),
                                "--listen=127.0.0.1:" + ports.get(3)),
                        environment(),
                        folder.path().resolve("cluster.log"));
        await().atMost(PATIENCE).ignoreExceptions().until(() -> put("n1", "first") == 204);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> dashboardStatus() == 200);
    }

    @AfterAll
    static void end() throws IOException {
        if (cluster != null) {
            cluster.terminate();
        }
        member.shutdownNow();
        stranger.shutdownNow();
        folder.remove();
    }

    private static String dashboard() {
        return "https://127.0.0.1:" + ports.get(3);
    }

    private static int dashboardStatus() throws Exception {
        return send(stranger, "GET", dashboard() + "/").statusCode();
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put("TLS_PASSWORD", PASSWORD);
        environment.put(
                "SPRING_CONFIG_ADDITIONAL_LOCATION",
                "file:" + folder.path().resolve("application.yaml"));
        return environment;
    }

    @Test
    void allReplicasAcknowledgeOverMutualTls() throws Exception {
        assertThat(put("n1", "all?w=3")).isEqualTo(204);
        HttpResponse<String> read = send(member, "GET", url("n2", "/kv/all?r=3"));
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.body()).isEqualTo("value");
    }

    @Test
    void aClientWithoutACertificateIsRefused() {
        for (String node : List.of("n1", "n2", "n3")) {
            assertThatThrownBy(() -> send(stranger, "GET", url(node, "/health")))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClientWithACertificateOfItsOwnMakingIsRefused() throws Exception {
        shell(
                folder.path(),
                "keytool -genkeypair -alias key -dname CN=client -keyalg EC -keystore own.p12"
                        + " -storepass \"$TLS_PASSWORD\"");
        try (HttpClient forger = client(folder.path().resolve("own.p12"))) {
            assertThatThrownBy(() -> send(forger, "GET", url("n1", "/health")))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void nothingIsServedInTheClear() throws Exception {
        String plain = url("n1", "/kv/first").replace("https:", "http:");
        assertThat(send(member, "GET", plain).statusCode()).isEqualTo(400);
    }

    @Test
    void aNodeThatIsRestartedFromTheDashboardIsSeenToBeUpAgain() throws Exception {
        String dashboard = dashboard();
        HttpResponse<String> restarted =
                send(
                        stranger,
                        "POST",
                        dashboard + "/control/nodes/n3/restart",
                        "Origin",
                        dashboard);
        assertThat(restarted.statusCode()).isLessThan(400);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> put("n3", "back?w=3") == 204);
        await().atMost(PATIENCE).until(() -> timesUp("n3") == 2);
    }

    @Test
    void theCommandLineTakesItsCertificatesFromJava() {
        Path tls = folder.path().resolve("tls");
        RealProcess put =
                RealProcess.start(
                        List.of(
                                "-Djavax.net.ssl.trustStore=" + tls.resolve("trust.p12"),
                                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
                                "-Djavax.net.ssl.keyStore=" + tls.resolve("client.p12"),
                                "-Djavax.net.ssl.keyStorePassword=" + PASSWORD),
                        List.of("put", "--url=" + url("n1", ""), "from", "here"),
                        Map.of(),
                        folder.path().resolve("put.log"));
        assertThat(put.exitStatus()).as(folder.read("put.log")).isZero();
    }

    /** How often the agent, which asks the node's health over TLS, has seen it come up. */
    private static long timesUp(String node) {
        return folder.read("cluster.log")
                .lines()
                .filter(line -> line.contains(node) && line.contains(" is up after "))
                .count();
    }

    private static int put(String node, String keyAndQuery)
            throws IOException, InterruptedException {
        return send(member, "PUT", url(node, "/kv/" + keyAndQuery)).statusCode();
    }

    private static String url(String node, String path) {
        return "https://localhost:" + ports.get(node.charAt(1) - '1') + path;
    }

    private static HttpResponse<String> send(
            HttpClient client, String method, String url, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher body =
                method.equals("GET")
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString("value");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(Duration.ofSeconds(10))
                        .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The block of docs/operating.md that is marked so. */
    private static String documented(String mark) throws IOException {
        Matcher block =
                Pattern.compile("(?s)```" + mark + "\n(.*?)```")
                        .matcher(Files.readString(Path.of("docs/operating.md")));
        assertThat(block.find()).as(mark).isTrue();
        return block.group(1);
    }

    private static void shell(Path where, String script) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", "-ec", script)
                        .directory(where.toFile())
                        .redirectErrorStream(true);
        Path bin = Path.of(System.getProperty("java.home"), "bin");
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        builder.environment().put("TLS_PASSWORD", PASSWORD);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    /** A client that trusts the authority, with a certificate or without. */
    private static HttpClient client(@Nullable Path key)
            throws GeneralSecurityException, IOException {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store(folder.path().resolve("tls/trust.p12")));
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(key == null ? null : store(key), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }

    private static KeyStore store(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }
}
