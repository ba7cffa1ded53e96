package dev.minidynamo.api;

import dev.minidynamo.coordinator.OperationOptions;
import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.coordinator.ReadOutcome;
import dev.minidynamo.coordinator.Value;
import dev.minidynamo.coordinator.WriteOutcome;
import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code /kv}: keys and values, where a request is not in the plain form that {@link KeyHandler}
 * serves.
 *
 * <p>The handlers read and write the servlet request and response themselves: the key must come
 * from the raw URI and the value from the raw body, and it takes a third less CPU than the
 * converters do. A request waits on its virtual thread for the event loop, which does all of the
 * work.
 */
@RestController
@RequestMapping
class KeyValueController {

    static final String PATH = "/kv/";
    private static final String PARAMETER_PATH = "/kv";
    static final int MAX_TIMEOUT_MILLIS = 60_000;
    private static final long MAX_TTL_SECONDS = 10L * 365 * 86_400;
    private static final List<String> PARAMETERS =
            List.of("key", "r", "w", "mode", "timeout", "explain");
    private static final List<String> PUT_PARAMETERS =
            List.of("key", "r", "w", "mode", "timeout", "explain", "ttl");

    private final Scheduler loop;
    private final QuorumCoordinator coordinator;
    private final ClusterConfig config;
    private final Clock clock;
    private final ApiOptions options;
    private final ExplainView explain;
    private final Listing listing;
    private final Admission admission;

    KeyValueController(
            Scheduler loop,
            QuorumCoordinator coordinator,
            NodeView node,
            Clock clock,
            ApiOptions options,
            Admission admission) {
        this.loop = loop;
        this.coordinator = coordinator;
        this.config = node.config();
        this.clock = clock;
        this.options = options;
        this.explain = new ExplainView(node.ring());
        this.admission = admission;
        this.listing = new Listing(loop, coordinator, config, options);
    }

    @GetMapping({"/kv", "/kv/**"})
    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getRequestURI().equals(PARAMETER_PATH)
                && Listing.isAskedFor(request.getQueryString())) {
            list(request, response);
            return;
        }
        Query query = Query.parse(request.getQueryString(), PARAMETERS);
        Key key = key(request, query);
        OperationOptions how = how(query, false);
        long began = clock.monotonicNanos();
        ReadOutcome outcome =
                this.<ReadOutcome>onLoop(how, done -> coordinator.get(key, how, done));
        if (query.flag("explain")) {
            long micros = (clock.monotonicNanos() - began) / 1000;
            Answers.explained(Answers.status(outcome), explain.of(key, how, outcome, micros))
                    .send(request, response);
        } else {
            Answers.read(outcome, request.getHeaders("If-None-Match")).send(request, response);
        }
    }

    @PutMapping({"/kv", "/kv/**"})
    void put(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Query query = Query.parse(request.getQueryString(), PUT_PARAMETERS);
        Key key = key(request, query);
        OperationOptions how = how(query, true);
        long ttlSeconds = query.number("ttl", 1, MAX_TTL_SECONDS, 0);
        boolean explained = query.flag("explain");
        refuseConditions(request);
        String contentType = ValueBody.contentType(request.getContentType());
        int most = options.bounds().valueBytes();
        long room = ValueBody.mostBytes(request, most);
        admission.takeBody(room, how.quorum());
        try {
            byte[] bytes = ValueBody.read(request, most, clock::monotonicNanos);
            Value value = new Value(bytes, contentType, ttlSeconds * 1000);
            write(
                    key,
                    how,
                    explained,
                    request,
                    response,
                    done -> coordinator.put(key, value, how, done));
        } finally {
            admission.releaseBody(room);
        }
    }

    @DeleteMapping({"/kv", "/kv/**"})
    void delete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Query query = Query.parse(request.getQueryString(), PARAMETERS);
        Key key = key(request, query);
        OperationOptions how = how(query, true);
        refuseConditions(request);
        write(
                key,
                how,
                query.flag("explain"),
                request,
                response,
                done -> coordinator.delete(key, how, done));
    }

    @RequestMapping("/kv/**")
    void anyOtherMethod(HttpServletRequest request) {
        throw new Problem(
                        405,
                        "the method "
                                + request.getMethod()
                                + " is not offered on /kv; accepted are GET, HEAD, PUT and DELETE")
                .header("Allow", "GET, HEAD, PUT, DELETE");
    }

    private void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        admission.takeOperation(config.r());
        try {
            listing.answer(request.getQueryString(), response);
        } finally {
            admission.releaseOperation();
        }
    }

    private void write(
            Key key,
            OperationOptions how,
            boolean explained,
            HttpServletRequest request,
            HttpServletResponse response,
            Consumer<Consumer<WriteOutcome>> operation)
            throws IOException {
        long began = clock.monotonicNanos();
        WriteOutcome outcome = onLoop(how, operation);
        if (explained) {
            long micros = (clock.monotonicNanos() - began) / 1000;
            Answers.explained(Answers.status(outcome), explain.of(key, how, outcome, micros))
                    .send(request, response);
        } else {
            Answers.written(outcome).send(request, response);
        }
    }

    private <T> T onLoop(OperationOptions how, Consumer<Consumer<T>> operation) {
        admission.takeOperation(how.quorum());
        try {
            Waiter<T> waiter = new Waiter<>();
            loop.execute(() -> operation.accept(waiter));
            return waiter.await();
        } finally {
            admission.releaseOperation();
        }
    }

    /** Both quorums are read, so that a wrong one is told whichever request it stands on. */
    private OperationOptions how(Query query, boolean writing) {
        int r = (int) query.number("r", 1, config.n(), config.r());
        int w = (int) query.number("w", 1, config.n(), config.w());
        return new OperationOptions(
                writing ? w : r,
                query.mode(options.defaultMode()),
                query.number("timeout", 1, MAX_TIMEOUT_MILLIS, options.defaultTimeoutMillis()));
    }

    private static Key key(HttpServletRequest request, Query query) {
        byte[] key = query.bytes("key");
        if (!request.getRequestURI().equals(PARAMETER_PATH)) {
            if (key != null) {
                throw Problem.badRequest("the key is given twice: in the path and as a parameter");
            }
            return RawKey.fromPath(request.getRequestURI(), PATH);
        }
        if (key == null) {
            throw Problem.badRequest(
                    "no key is named; accepted are /kv/{key}, /kv?key={key}, and GET /kv?prefix= to"
                            + " list keys");
        }
        return RawKey.of(key);
    }

    /** A condition that is silently ignored would be taken for a promise that is not made. */
    private static void refuseConditions(HttpServletRequest request) {
        for (String name : List.of("If-Match", "If-None-Match", "If-Unmodified-Since")) {
            if (request.getHeader(name) != null) {
                throw Problem.badRequest(
                        "conditional writes are not offered (" + name + "); the last writer wins");
            }
        }
    }
}
