package dev.minidynamo.runtime;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One kept-alive HTTP/1.1 connection that posts one body at a time and reads the answer.
 *
 * <p>It knows just what is needed between two nodes: no redirects, no proxies, no cookies, no
 * retries, every length bounded. Measured beside Apache HttpClient 5 it takes about half the CPU
 * per POST, see {@code docs/decisions}. A thread that waits here is set free by {@link #close} from
 * another thread.
 */
final class HttpConnection implements AutoCloseable {

    /** An answer; of {@code body} the first {@code length} bytes count. */
    record Response(int status, byte[] body, int length) {}

    private static final int MAX_HEAD_BYTES = 16 * 1024;
    private static final int MAX_LINE_BYTES = 1024;
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final Socket socket;
    private final Socket closable;
    private final InputStream in;
    private final OutputStream out;
    private final int maxResponseBytes;
    private byte[] buffer = new byte[32 * 1024];
    private int start;
    private int end;
    private boolean reusable = true;

    /**
     * @param closable what {@link #close} closes: beneath TLS the plain connection, because to end
     *     TLS in good order waits for whoever is writing
     */
    private HttpConnection(Socket socket, Socket closable, int maxResponseBytes)
            throws IOException {
        this.socket = socket;
        this.closable = closable;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.maxResponseBytes = maxResponseBytes;
    }

    /** Connects; nothing has been sent if this throws. */
    static HttpConnection connect(String host, int port, TransportOptions options)
            throws IOException {
        Socket socket = new Socket(Proxy.NO_PROXY);
        int timeoutMillis = options.connectTimeoutMillis();
        try {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new IOException("the host name " + host + " is unknown");
            }
            socket.connect(address, timeoutMillis);
            SSLContext tls = options.tls();
            Socket used = tls == null ? socket : secured(socket, host, port, tls, timeoutMillis);
            return new HttpConnection(used, socket, options.maxResponseBytes());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** TLS over a connection, once the peer has shown a certificate of its host name. */
    private static Socket secured(
            Socket plain, String host, int port, SSLContext tls, int timeoutMillis)
            throws IOException {
        SSLSocket secured =
                (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        plain.setSoTimeout(timeoutMillis);
        secured.startHandshake();
        plain.setSoTimeout(0);
        return secured;
    }

    /** Whether the peer may be sent another request after this one. */
    boolean reusable() {
        return reusable;
    }

    /** Whether this side has closed it. */
    boolean closed() {
        return closable.isClosed();
    }

    /** Whether the peer has closed an idle connection, or sent what nobody asked for. */
    boolean stale() {
        try {
            socket.setSoTimeout(1);
            try {
                in.read();
                return true;
            } catch (SocketTimeoutException quiet) {
                return false;
            } finally {
                socket.setSoTimeout(0);
            }
        } catch (IOException e) {
            return true;
        }
    }

    /** Sends {@code head}, the length, and {@code body}, and reads the answer. */
    Response post(byte[] head, byte[] body) throws IOException {
        reusable = false;
        byte[] length = (body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] message = Arrays.copyOf(head, head.length + length.length + body.length);
        System.arraycopy(length, 0, message, head.length, length.length);
        System.arraycopy(body, 0, message, head.length + length.length, body.length);
        out.write(message);
        start = 0;
        end = 0;
        return readResponse();
    }

    private Response readResponse() throws IOException {
        while (true) {
            String head = readHead();
            int status = status(head);
            if (status >= 200) {
                return readBody(status, head.toLowerCase(Locale.ROOT));
            }
        }
    }

    private Response readBody(int status, String head) throws IOException {
        boolean keepAlive = !"close".equals(header(head, "connection"));
        if ("chunked".equals(header(head, "transfer-encoding"))) {
            byte[] body = readChunks();
            reusable = keepAlive && start == end;
            return new Response(status, body, body.length);
        }
        String length = header(head, "content-length");
        if (length == null && status != 204) {
            throw new IOException("the answer does not tell its length");
        }
        byte[] body = readExactly(length == null ? 0 : parseLength(length, 10));
        reusable = keepAlive && start == end;
        return new Response(status, body, body.length);
    }

    private String readHead() throws IOException {
        int searched = start;
        while (true) {
            for (int i = searched; i <= end - HEAD_END.length; i++) {
                if (buffer[i] == '\r' && Arrays.equals(buffer, i, i + 4, HEAD_END, 0, 4)) {
                    String head =
                            new String(buffer, start, i + 2 - start, StandardCharsets.ISO_8859_1);
                    start = i + 4;
                    return head;
                }
            }
            searched = Math.max(start, end - 3);
            if (end - start >= MAX_HEAD_BYTES) {
                throw new IOException("the head of the answer is longer than 16 KiB");
            }
            int moved = start;
            fill();
            searched -= moved - start;
        }
    }

    private static int status(String head) throws IOException {
        if (head.startsWith("HTTP/1.1 ") && head.length() >= 12) {
            try {
                return Integer.parseInt(head, 9, 12, 10);
            } catch (NumberFormatException e) {
                throw new IOException("the answer has no status", e);
            }
        }
        throw new IOException("the answer is not HTTP/1.1");
    }

    /** The value of a header in a lower-case head, or null. */
    private static @Nullable String header(String head, String name) {
        int at = head.indexOf("\r\n" + name + ":");
        if (at < 0) {
            return null;
        }
        int from = at + name.length() + 3;
        return head.substring(from, head.indexOf("\r\n", from)).trim();
    }

    private int parseLength(String text, int radix) throws IOException {
        try {
            long length = Long.parseLong(text, radix);
            if (length >= 0 && length <= maxResponseBytes) {
                return (int) length;
            }
            throw new IOException("the answer is too long: " + text);
        } catch (NumberFormatException e) {
            throw new IOException("the answer has a length that is no number", e);
        }
    }

    private byte[] readExactly(int length) throws IOException {
        byte[] body = new byte[Math.min(length, 1 << 20)];
        int have = Math.min(length, end - start);
        System.arraycopy(buffer, start, body, 0, Math.min(have, body.length));
        start += have;
        while (have < length) {
            if (have == body.length) {
                body = Arrays.copyOf(body, (int) Math.min(length, 2L * body.length));
            }
            int read = in.read(body, have, body.length - have);
            if (read < 0) {
                throw new IOException("the answer ends after " + have + " of " + length + " bytes");
            }
            have += read;
        }
        return body;
    }

    private byte[] readChunks() throws IOException {
        byte[] body = new byte[1024];
        int total = 0;
        while (true) {
            String line = readLine();
            int extension = line.indexOf(';');
            int size =
                    parseLength((extension < 0 ? line : line.substring(0, extension)).trim(), 16);
            if (size == 0) {
                break;
            }
            if (total + (long) size > maxResponseBytes) {
                throw new IOException("the answer is too long");
            }
            byte[] chunk = readExactly(size);
            if (total + size > body.length) {
                body = Arrays.copyOf(body, (int) Math.min(maxResponseBytes, 2L * (total + size)));
            }
            System.arraycopy(chunk, 0, body, total, size);
            total += size;
            if (!readLine().isEmpty()) {
                throw new IOException("a chunk of the answer is longer than it says");
            }
        }
        while (!readLine().isEmpty()) {
            // trailers tell nothing that is needed
        }
        return Arrays.copyOf(body, total);
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int last = nextByte();
        for (int next = nextByte(); last != '\r' || next != '\n'; next = nextByte()) {
            line.append((char) last);
            last = next;
            if (line.length() > MAX_LINE_BYTES) {
                throw new IOException("a line of the answer is longer than 1 KiB");
            }
        }
        return line.toString();
    }

    private int nextByte() throws IOException {
        if (start == end) {
            fill();
        }
        return buffer[start++] & 0xff;
    }

    /** Reads more into the buffer, after moving what is unread to its front. */
    private void fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            throw new IOException(
                    end == 0
                            ? "the connection was closed before an answer"
                            : "the answer ends within its head");
        }
        end += read;
    }

    @Override
    public void close() {
        try {
            closable.close();
        } catch (IOException e) {
            reusable = false;
        }
    }
}
