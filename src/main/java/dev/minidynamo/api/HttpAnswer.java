package dev.minidynamo.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.apache.coyote.Response;
import org.apache.tomcat.util.http.FastHttpDateFormat;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An answer to a request, before it goes its way: through Tomcat, or to a socket. */
final class HttpAnswer {

    private final int status;
    private final List<String> headers = new ArrayList<>(8);
    private String contentType = "";
    private byte @Nullable [] body;

    HttpAnswer(int status) {
        this.status = status;
    }

    HttpAnswer header(String name, String value) {
        headers.add(name);
        headers.add(value);
        return this;
    }

    /** Without a body there is no content, as with 204 and 304. */
    HttpAnswer body(String type, byte[] bytes) {
        contentType = type;
        body = bytes;
        return this;
    }

    /** Sends this answer through Tomcat. */
    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(status);
        for (int i = 0; i < headers.size(); i += 2) {
            response.setHeader(headers.get(i), headers.get(i + 1));
        }
        if (body != null) {
            contentType(request, response);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }

    /**
     * Sends a stored type as it was put. Tomcat would take a type with parameters apart, write it
     * anew, and warn of a charset that it does not know.
     */
    private void contentType(HttpServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(ProblemReportValve.RAW_RESPONSE) instanceof Response raw) {
            raw.setContentTypeNoCharset(contentType);
        } else {
            response.setContentType(contentType);
        }
    }

    /**
     * The bytes of this answer in HTTP/1.1, as Tomcat would send them.
     *
     * @param last whether the connection is closed then
     */
    ByteBuffer encode(boolean last) {
        StringBuilder head = new StringBuilder(320);
        head.append("HTTP/1.1 ").append(status).append(" \r\n");
        for (int i = 0; i < headers.size(); i += 2) {
            line(head, headers.get(i), headers.get(i + 1));
        }
        if (body != null) {
            line(head, "Content-Type", contentType);
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        line(head, "Date", FastHttpDateFormat.getCurrentDate());
        if (last) {
            line(head, "Connection", "close");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        if (body == null) {
            return ByteBuffer.wrap(start);
        }
        return ByteBuffer.allocate(start.length + body.length).put(start).put(body).flip();
    }

    private static void line(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
}
