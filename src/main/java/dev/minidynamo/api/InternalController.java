package dev.minidynamo.api;

import dev.minidynamo.protocol.MalformedMessageException;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;
import java.io.InputStream;

/** {@code /internal/batch}: what peers send. */
@RestController
class InternalController {

    private final BatchEndpoint endpoint;

    InternalController(BatchEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Answers a batch with 200 and a coded answer, whatever became of its requests: a 5xx would
     * make Tomcat close the connection.
     */
    @PostMapping("/internal/batch")
    void batch(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = body(request);
        byte[] answer;
        try {
            answer = endpoint.answer(body, body.length);
        } catch (MalformedMessageException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
        response.setContentType("application/octet-stream");
        response.setContentLength(answer.length);
        response.getOutputStream().write(answer);
    }

    private static byte[] body(HttpServletRequest request) throws IOException {
        long length = request.getContentLengthLong();
        if (length < 0 || length > BatchEndpoint.MAX_BODY_BYTES) {
            throw new Problem(
                    413, "a batch has a Content-Length of at most " + BatchEndpoint.MAX_BODY_BYTES);
        }
        InputStream in = request.getInputStream();
        byte[] body = in.readNBytes((int) length);
        if (body.length < length) {
            throw Problem.badRequest("the batch ends too early");
        }
        return body;
    }
}
