package dev.minidynamo.api;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.protocol.WireIdentity;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code /internal/put}, {@code /internal/get} and {@code /internal/keys}: the original program's
 * JSON forms, for people who look at one replica.
 *
 * <p>They speak with this node's own replica alone, without any quorum. {@code ts} is the hybrid
 * timestamp of the version.
 */
@RestController
class SeedController {

    /** Bytes of a body besides its value; a key may be written in escapes. */
    private static final int MOST_BESIDE_VALUE = 16 * 1024;

    private static final int MAX_KEYS = 1000;
    private static final String NO_OBJECT = "the body is not the JSON object that is accepted here";

    private final Scheduler loop;
    private final RequestHandler replica;
    private final WireIdentity identity;
    private final NodeId self;
    private final int maxBytes;

    SeedController(
            Scheduler loop,
            RequestHandler replica,
            WireIdentity identity,
            NodeView node,
            ApiOptions options) {
        this.loop = loop;
        this.replica = replica;
        this.identity = identity;
        this.self = node.self();
        this.maxBytes = options.bounds().valueBytes();
    }

    /** What {@code /internal/get} takes. */
    record KeyBody(@Nullable String key) {}

    /**
     * What {@code /internal/put} takes.
     *
     * @param value in Base64
     * @param ts hybrid timestamp; the node's own time if it is left out
     * @param writer_id this node if it is left out
     */
    record RecordBody(
            @Nullable String key,
            @Nullable String value,
            @Nullable Long ts,
            @Nullable String writer_id,
            @Nullable Boolean tombstone) {}

    /** What {@code /internal/keys} takes; everything may be left out. */
    record KeysBody(@Nullable String prefix, @Nullable String after, @Nullable Integer limit) {

        static final KeysBody ALL = new KeysBody(null, null, null);
    }

    @PostMapping("/internal/get")
    Map<String, Object> get(HttpServletRequest request) throws IOException {
        Key key = key(body(whole(request), KeyBody.class).key());
        Map<String, Object> json = new LinkedHashMap<>();
        switch (ask(new Request.Read(key, null, false))) {
            case Reply.Found found -> {
                json.put("found", true);
                json.put("record", record(key, found.cell()));
            }
            case Reply.Missing _ -> json.put("found", false);
            case Reply other -> throw unexpected(other);
        }
        return json;
    }

    @PostMapping("/internal/put")
    Map<String, Object> put(HttpServletRequest request) throws IOException {
        RecordBody body = body(whole(request), RecordBody.class);
        Key key = key(body.key());
        long timestamp = body.ts() == null ? now() : timestamp(body.ts());
        NodeId writer = body.writer_id() == null ? self : node(body.writer_id());
        Version version = new Version(timestamp, writer, 0);
        Cell cell =
                Boolean.TRUE.equals(body.tombstone())
                        ? new Cell.Tombstone(version)
                        : new Cell.Live(
                                version,
                                value(body.value()),
                                Cell.DEFAULT_CONTENT_TYPE,
                                Cell.NEVER);
        Map<String, Object> json = new LinkedHashMap<>();
        switch (ask(new Request.Write(key, cell, Request.Cause.CLIENT, null))) {
            case Reply.Written _ -> json.put("applied", true);
            case Reply.Superseded superseded -> {
                json.put("applied", false);
                json.put("current", superseded.current().toString());
            }
            case Reply other -> throw unexpected(other);
        }
        return json;
    }

    @PostMapping("/internal/keys")
    Map<String, Object> keys(HttpServletRequest request) throws IOException {
        byte[] json = whole(request);
        return keys(json.length == 0 ? KeysBody.ALL : body(json, KeysBody.class));
    }

    @GetMapping("/internal/keys")
    Map<String, Object> allKeys() {
        return keys(KeysBody.ALL);
    }

    /** The body of a request; Base64 makes a value longer by a third. */
    private byte[] whole(HttpServletRequest request) throws IOException {
        int most = 2 * maxBytes + MOST_BESIDE_VALUE;
        byte[] body = request.getInputStream().readNBytes(most + 1);
        if (body.length > most) {
            throw ValueBody.tooLarge(maxBytes);
        }
        return body;
    }

    private Map<String, Object> keys(KeysBody wanted) {
        int limit = wanted.limit() == null ? MAX_KEYS : Math.clamp(wanted.limit(), 1, MAX_KEYS);
        String prefix = wanted.prefix() == null ? "" : wanted.prefix();
        Key after = wanted.after() == null ? null : key(wanted.after());
        Reply reply = ask(new Request.Scan(prefix.getBytes(StandardCharsets.UTF_8), after, limit));
        if (!(reply instanceof Reply.Page page)) {
            throw unexpected(reply);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("keys", page.entries().stream().map(SeedController::entry).toList());
        json.put("more", page.more());
        return json;
    }

    /** The body as JSON whatever its type says, since {@code curl -d} calls it a form. */
    private static <T> T body(byte[] json, Class<T> type) {
        T body;
        try {
            body = Json.MAPPER.readValue(json, type);
        } catch (JacksonException e) {
            throw Problem.badRequest(NO_OBJECT);
        }
        if (body == null) {
            throw Problem.badRequest(NO_OBJECT);
        }
        return body;
    }

    private Reply ask(Request request) {
        Waiter<Reply> waiter = new Waiter<>();
        loop.execute(() -> replica.handle(self, request, waiter));
        return waiter.await();
    }

    private long now() {
        Waiter<Long> waiter = new Waiter<>();
        loop.execute(() -> waiter.accept(identity.header().timestamp() + 1));
        return waiter.await();
    }

    private static Map<String, Object> record(Key key, Cell cell) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key.toString());
        json.put(
                "value",
                cell instanceof Cell.Live live
                        ? Base64.getEncoder().encodeToString(live.value())
                        : "");
        json.put("ts", cell.version().timestamp());
        json.put("writer_id", cell.version().writer().value());
        json.put("tombstone", cell instanceof Cell.Tombstone);
        return json;
    }

    private static Map<String, Object> entry(Reply.PageEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", entry.key().toString());
        json.put("ts", entry.version().timestamp());
        json.put("writer_id", entry.version().writer().value());
        json.put("value_bytes", entry.valueBytes());
        return json;
    }

    private static Key key(@Nullable String text) {
        if (text == null) {
            throw Problem.badRequest("key is missing; accepted is {\"key\":\"…\"}");
        }
        return RawKey.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long timestamp(long given) {
        if (given < 0) {
            throw Problem.badRequest(
                    "ts is " + given + "; accepted is a hybrid timestamp, a whole number from 0");
        }
        return given;
    }

    private static NodeId node(String text) {
        try {
            return new NodeId(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("writer_id: " + e.getMessage());
        }
    }

    private byte[] value(@Nullable String base64) {
        try {
            byte[] value = Base64.getDecoder().decode(base64 == null ? "" : base64);
            if (value.length > maxBytes) {
                throw ValueBody.tooLarge(maxBytes);
            }
            return value;
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("value is not Base64");
        }
    }

    private static Problem unexpected(Reply reply) {
        return switch (reply) {
            case Reply.Refused(Reply.Reason reason, String detail) -> {
                String sentence = "the replica refused: " + reason + ", " + detail;
                yield reason == Reply.Reason.DISK_FULL
                        ? new Problem(507, sentence)
                        : Answers.retryLater(sentence);
            }
            default -> new Problem(500, "the replica answered " + reply);
        };
    }
}
