package dev.minidynamo.api;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Sends bytes as they are and reads the answer, so that no client rewrites a path under test. */
final class RawHttp {

    private static final int PATIENCE_MILLIS = 20_000;

    record Answer(int status, String head, byte[] body) {

        String header(String name) {
            for (String line : head.split("\r\n")) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private RawHttp() {}

    /** A connection that is kept for several requests. */
    static final class Kept implements AutoCloseable {

        private final Socket socket;

        Kept(int port) throws IOException {
            socket = new Socket("127.0.0.1", port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
        }

        void send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Reads one answer, whose length its head gives. */
        Answer answer() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int read = socket.getInputStream().read();
                if (read < 0) {
                    throw new EOFException("the connection was closed after " + head);
                }
                head.write(read);
            }
            String text = head.toString(StandardCharsets.ISO_8859_1).strip();
            Answer answer = new Answer(Integer.parseInt(text.substring(9, 12)), text, new byte[0]);
            String length = answer.header("Content-Length");
            byte[] body =
                    length.isEmpty()
                            ? new byte[0]
                            : socket.getInputStream().readNBytes(Integer.parseInt(length));
            return new Answer(answer.status(), text, body);
        }

        /** Whether the other side has closed the connection. */
        boolean ended() throws IOException {
            socket.setSoTimeout(100);
            try {
                return socket.getInputStream().read() < 0;
            } catch (SocketTimeoutException silence) {
                return false;
            } finally {
                socket.setSoTimeout(PATIENCE_MILLIS);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    static Answer send(int port, String method, String target, String headers, byte[] body)
            throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(
                (method
                                + " "
                                + target
                                + " HTTP/1.1\r\nHost: localhost:"
                                + port
                                + "\r\nConnection: close\r\n"
                                + headers
                                + (body.length > 0 || method.equals("PUT") || method.equals("POST")
                                        ? "Content-Length: " + body.length + "\r\n"
                                        : "")
                                + "\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        message.writeBytes(body);
        return exchange(port, message.toByteArray());
    }

    static Answer exchange(int port, byte[] message) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(message);
            byte[] all = socket.getInputStream().readAllBytes();
            String text = new String(all, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            String head = text.substring(0, end);
            byte[] body = text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
            return new Answer(Integer.parseInt(head.substring(9, 12)), head, body);
        }
    }
}
