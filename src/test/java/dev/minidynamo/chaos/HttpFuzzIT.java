package dev.minidynamo.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Hostile and clumsy clients at the socket of a real node: nothing that they send crashes it, hangs
 * it, or reaches another key.
 */
class HttpFuzzIT {

    private static final int LIMIT = 1 << 20;
    private static final String WITNESS = "witness";
    private static final String WITNESS_VALUE = "untouched";

    @TempDir private static Path folder;

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = new ProcessCluster(folder, 1);
        cluster.startAll();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        cluster.close();
    }

    @BeforeEach
    void putTheWitness() throws IOException {
        assertThat(send("PUT /kv/" + WITNESS, "", WITNESS_VALUE.getBytes(StandardCharsets.UTF_8)))
                .startsWith("HTTP/1.1 204");
    }

    /** The node lives, answers, and the witness holds what it held. */
    private static void allIsWell() throws IOException {
        assertThat(cluster.alive(0)).isTrue();
        assertThat(send("GET /kv/" + WITNESS, "", new byte[0]))
                .startsWith("HTTP/1.1 200")
                .endsWith(WITNESS_VALUE);
    }

    private static String send(String line, String headers, byte[] body) throws IOException {
        String length = line.startsWith("GET") ? "" : "Content-Length: " + body.length + "\r\n";
        return exchange(
                join(
                        line
                                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                + length
                                + headers
                                + "\r\n",
                        body));
    }

    private static byte[] join(String head, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }

    /**
     * Sends bytes as they are; what came back until the end, a reset, or ten seconds of silence.
     */
    private static String exchange(byte[] message) throws IOException {
        try (Socket socket = connect()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(message);
                socket.getOutputStream().flush();
                InputStream in = socket.getInputStream();
                byte[] buffer = new byte[8192];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    all.write(buffer, 0, n);
                }
            } catch (SocketTimeoutException silence) {
                all.writeBytes("(silence)".getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException reset) {
                all.writeBytes("(reset)".getBytes(StandardCharsets.ISO_8859_1));
            }
            return all.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", cluster.port(0)), 10_000);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    @Test
    void awkwardKeysAreKeysOfTheirOwn() throws IOException {
        List<String> keys =
                List.of(
                        "a%2Fb",
                        "a//b",
                        "/a/b",
                        "a;b",
                        "a;b=c",
                        "%01",
                        "%C3%A9",
                        "%E9",
                        "%FF%FE",
                        "a%25b",
                        "a%2525b",
                        "a+b",
                        "a%20b",
                        "a%5Cb",
                        "%0D%0Ax",
                        "%0d%0aSet-Cookie:x",
                        "a.b",
                        "...",
                        "a:b",
                        "a@b",
                        "%7F",
                        "%22");
        for (String key : keys) {
            byte[] value = ("value of " + key).getBytes(StandardCharsets.US_ASCII);
            assertThat(status(send("PUT /kv/" + key, "", value))).as("PUT " + key).isEqualTo(204);
        }
        for (String key : keys) {
            String answer = send("GET /kv/" + key, "", new byte[0]);
            assertThat(status(answer)).as("GET " + key).isEqualTo(200);
            assertThat(answer).as("GET " + key).endsWith("value of " + key);
            String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
            assertThat(head).doesNotContainIgnoringCase("set-cookie");
        }
        allIsWell();
    }

    @Test
    void badTargetsAreRefusedAndReachNobody() throws IOException {
        List<String> targets =
                List.of(
                        "/kv/",
                        "/kv",
                        "/kv?key=",
                        "/kv/%",
                        "/kv/%4",
                        "/kv/%zz",
                        "/kv/.",
                        "/kv/..",
                        "/kv/a/../" + WITNESS,
                        "/kv/./" + WITNESS,
                        "/kv/a/%2e%2e/" + WITNESS,
                        "/kv/x/../../kv/" + WITNESS,
                        "/kv/" + "k".repeat(1025),
                        "/kv\\" + WITNESS,
                        "/kv/" + WITNESS + "?w=0",
                        "/kv/" + WITNESS + "?w=99",
                        "/kv/" + WITNESS + "?w=x",
                        "/kv/" + WITNESS + "?mode=none",
                        "/kv/" + WITNESS + "?ttl=-1",
                        "/kv/" + WITNESS + "?timeout=-5");
        for (String target : targets) {
            String answer = send("PUT " + target, "", new byte[] {'x'});
            assertThat(status(answer)).as("PUT " + target).isBetween(400, 499);
            allIsWell();
        }
    }

    @Test
    void theLongestKeyIsTakenAndOneByteMoreIsNot() throws IOException {
        assertThat(status(send("PUT /kv/" + "k".repeat(1024), "", new byte[1]))).isEqualTo(204);
        assertThat(status(send("PUT /kv/" + "k".repeat(1025), "", new byte[1]))).isEqualTo(414);
        assertThat(status(send("PUT /kv/" + "%01".repeat(1024), "", new byte[1]))).isEqualTo(204);
        allIsWell();
    }

    /** Tomcat refuses a zero byte in a path; as a parameter it is a key like any other. */
    @Test
    void aZeroByteIsAKeyAsAParameter() throws IOException {
        assertThat(status(send("PUT /kv/%00", "", new byte[1]))).isEqualTo(400);
        assertThat(status(send("PUT /kv?key=%00", "", new byte[1]))).isEqualTo(204);
        assertThat(status(send("GET /kv?key=%00", "", new byte[0]))).isEqualTo(200);
        allIsWell();
    }

    @Test
    void theLargestBodyIsTakenAndOneByteMoreIsNot() throws IOException {
        assertThat(status(send("PUT /kv/large", "", new byte[LIMIT]))).isEqualTo(204);
        assertThat(status(send("PUT /kv/larger", "", new byte[LIMIT + 1]))).isIn(413, 0);
        assertThat(status(send("GET /kv/larger", "", new byte[0]))).isEqualTo(404);
        allIsWell();
    }

    @Test
    void aChunkedBodyOverTheLimitIsNotStored() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                "PUT /kv/chunked HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        byte[] chunk = new byte[64 << 10];
        for (int i = 0; i < 40; i++) {
            out.writeBytes("10000\r\n".getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(chunk);
            out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(status(exchange(out.toByteArray()))).isIn(413, 0);
        assertThat(status(send("GET /kv/chunked", "", new byte[0]))).isEqualTo(404);
        allIsWell();
    }

    @Test
    void malformedMessagesEndTheConnectionAndNothingElse() throws IOException {
        List<String> messages =
                List.of(
                        "\r\n\r\n",
                        "GET\r\n\r\n",
                        "GET /kv/a HTTP/9.9\r\nHost: h\r\n\r\n",
                        "BREW /kv/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                        "PUT /kv/a HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\nx",
                        "PUT /kv/a HTTP/1.1\r\n"
                                + "Host: h\r\n"
                                + "Content-Length: 1\r\n"
                                + "Content-Length: 2\r\n\r\n"
                                + "xy",
                        "PUT /kv/a HTTP/1.1\r\n"
                                + "Host: h\r\n"
                                + "Content-Length: 99999999999999999999\r\n\r\n"
                                + "x",
                        "PUT /kv/a HTTP/1.1\r\n"
                                + "Host: h\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "ZZ\r\n"
                                + "x\r\n",
                        "PUT /kv/a HTTP/1.1\r\n"
                                + "Host: h\r\n"
                                + "Transfer-Encoding: chunked\r\n"
                                + "Content-Length: 5\r\n\r\n"
                                + "0\r\n\r\n"
                                + "GET /x",
                        "GET /kv/a\r\nHost: h\r\n\r\n",
                        "GET /kv/a HTTP/1.1\r\n: no name\r\n\r\n",
                        "GET /kv/\u0000 HTTP/1.1\r\nHost: h\r\n\r\n",
                        "GET /kv/a HTTP/1.1\r\nHost: h\r\nX: " + "y".repeat(100_000) + "\r\n\r\n");
        for (String message : messages) {
            int status = status(exchange(message.getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(status / 100)
                    .as(message.substring(0, Math.min(60, message.length())))
                    .isNotEqualTo(2);
            allIsWell();
        }
    }

    @Test
    void aBodyThatNeverComesStoresNothing() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(
                            "PUT /kv/short HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nonly this"
                                    .getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(status(send("GET /kv/short", "", new byte[0]))).isEqualTo(404);
        allIsWell();
    }

    @Test
    void idleAndSlowConnectionsKeepNobodyElseOut() throws IOException {
        List<SocketChannel> open = new ArrayList<>();
        try {
            open(1_000, open);
            allIsWell();
        } finally {
            close(open);
        }
        allIsWell();
    }

    /**
     * More connections than a node takes at one time: those on top wait, and take their turn when
     * silent ones are closed. The node lives on, and serves again as soon as they are gone.
     */
    @Test
    void tenThousandIdleConnectionsDoNotEndTheNode() throws IOException {
        int many = Integer.getInteger("dynamo.fuzz.idle", mostSockets());
        List<SocketChannel> open = new ArrayList<>();
        try {
            open(many, open);
            assertThat(cluster.alive(0)).isTrue();
        } finally {
            close(open);
        }
        System.out.println("fuzz: " + open.size() + " idle connections");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> cluster.healthy(0));
        allIsWell();
        assertThat(cluster.log(0)).doesNotContain("OutOfMemoryError");
    }

    /** 10,000, or as many as this process may open. */
    private static int mostSockets() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean unix
                ? (int)
                        Math.min(
                                10_000,
                                unix.getMaxFileDescriptorCount()
                                        - unix.getOpenFileDescriptorCount()
                                        - 500)
                : 1_000;
    }

    /** Opens connections without waiting for them; every other one begins a request. */
    private static void open(int count, List<SocketChannel> open) throws IOException {
        ByteBuffer beginning =
                ByteBuffer.wrap("PUT /kv/slow HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress("127.0.0.1", cluster.port(0)));
            open.add(channel);
            if (i % 2 == 0 && channel.finishConnect()) {
                channel.write(beginning.rewind());
            }
        }
    }

    private static void close(List<SocketChannel> open) throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
    }

    @Test
    void randomBytesAndRandomEditsBreakNothing() throws IOException {
        Random random = new Random(Long.getLong("dynamo.fuzz.seed", 42));
        byte[] valid =
                "PUT /kv/fuzz?mode=strict&w=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody"
                        .getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < Integer.getInteger("dynamo.fuzz.rounds", 150); round++) {
            byte[] message = Arrays.copyOf(valid, valid.length);
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt(256);
            }
            fire(message);
        }
        allIsWell();
    }

    /** Sends a message and does not wait for long for what may never come. */
    private static void fire(byte[] message) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(300);
            socket.getOutputStream().write(message);
            socket.shutdownOutput();
            socket.getInputStream().readNBytes(1 << 16);
        } catch (SocketTimeoutException silence) {
            assertThat(cluster.alive(0)).isTrue();
        } catch (java.net.SocketException reset) {
            assertThat(cluster.alive(0)).isTrue();
        }
    }

    @Test
    void nothingOfAKeyReachesTheLogAsALineOfItsOwn() throws IOException {
        send("PUT /kv/%0D%0AFORGED%20LINE", "", new byte[1]);
        send("GET /kv/%0D%0AFORGED%20LINE?w=bad", "", new byte[0]);
        assertThat(cluster.log(0).lines()).noneMatch(line -> line.startsWith("FORGED"));
        allIsWell();
    }
}
