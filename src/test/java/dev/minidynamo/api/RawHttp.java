package dev.minidynamo.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Sends bytes as they are and reads the answer, so that no client rewrites a path under test. */
final class RawHttp {

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
            socket.setSoTimeout(20_000);
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
