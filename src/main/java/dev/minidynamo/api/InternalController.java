package dev.minidynamo.api;

import dev.minidynamo.env.Scheduler;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;
import java.io.InputStream;

/** {@code /internal/batch}: what peers send, where it does not come in the plain form. */
@RestController
class InternalController {

    private final Scheduler loop;
    private final BatchEndpoint endpoint;

    InternalController(Scheduler loop, BatchEndpoint endpoint) {
        this.loop = loop;
        this.endpoint = endpoint;
    }

    @PostMapping("/internal/batch")
    void batch(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = body(request);
        Waiter<HttpAnswer> waiter = new Waiter<>();
        loop.execute(() -> endpoint.answer(body, waiter));
        waiter.await().send(request, response);
    }

    private static byte[] body(HttpServletRequest request) throws IOException {
        long length = request.getContentLengthLong();
        if (length < 0 || length > BatchEndpoint.MAX_BODY_BYTES) {
            throw BatchEndpoint.tooLarge();
        }
        InputStream in = request.getInputStream();
        byte[] body = in.readNBytes((int) length);
        if (body.length < length) {
            throw Problem.badRequest("the batch ends too early");
        }
        return body;
    }
}
