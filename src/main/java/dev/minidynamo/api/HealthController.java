package dev.minidynamo.api;

import dev.minidynamo.env.Scheduler;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code /health}: whether the node answers at all. */
@RestController
class HealthController {

    private static final long PATIENCE_MILLIS = 1000;

    private final Scheduler loop;

    HealthController(Scheduler loop) {
        this.loop = loop;
    }

    /** {@code ok} once the event loop, which does all the work, has run a task. */
    @GetMapping("/health")
    ResponseEntity<String> health() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        loop.execute(ran::countDown);
        boolean alive = ran.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        return ResponseEntity.status(alive ? 200 : 503)
                .contentType(MediaType.TEXT_PLAIN)
                .body(alive ? "ok" : "the event loop has not answered for a second");
    }
}
