package dev.minidynamo.api;

import dev.minidynamo.coordinator.ListOutcome;
import dev.minidynamo.coordinator.Mode;
import dev.minidynamo.coordinator.OperationOptions;
import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.protocol.Reply.PageEntry;

import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code GET /kv?prefix=}: keys in key order, page by page. */
final class Listing {

    private static final int MAX_LIMIT = 1000;
    private static final int DEFAULT_LIMIT = 100;
    private static final List<String> PARAMETERS =
            List.of("prefix", "limit", "cursor", "r", "timeout");

    private final Scheduler loop;
    private final QuorumCoordinator coordinator;
    private final ClusterConfig config;
    private final ApiOptions options;

    Listing(
            Scheduler loop,
            QuorumCoordinator coordinator,
            ClusterConfig config,
            ApiOptions options) {
        this.loop = loop;
        this.coordinator = coordinator;
        this.config = config;
        this.options = options;
    }

    static boolean isAskedFor(@Nullable String query) {
        return query == null || !(query.startsWith("key=") || query.contains("&key="));
    }

    void answer(@Nullable String rawQuery, HttpServletResponse response) throws IOException {
        Query query = Query.parse(rawQuery, PARAMETERS);
        byte[] given = query.bytes("prefix");
        byte[] prefix = given == null ? new byte[0] : given;
        if (prefix.length > Key.MAX_BYTES) {
            throw Problem.badRequest("prefix is longer than 1,024 bytes, as no key can be");
        }
        Key after = cursor(query.text("cursor"));
        int limit = (int) query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        OperationOptions how =
                new OperationOptions(
                        (int) query.number("r", 1, config.n(), config.r()),
                        Mode.SLOPPY,
                        query.number(
                                "timeout",
                                1,
                                KeyValueController.MAX_TIMEOUT_MILLIS,
                                options.defaultTimeoutMillis()));
        Waiter<ListOutcome> waiter = new Waiter<>();
        loop.execute(() -> coordinator.list(prefix, after, limit, how, waiter));
        switch (waiter.await()) {
            case ListOutcome.Page page -> Json.send(response, "application/json", json(page));
            case ListOutcome.Unavailable unavailable ->
                    throw Answers.retryLater(
                                    "the keys of some partition were told by "
                                            + unavailable.answered()
                                            + " of "
                                            + unavailable.needed()
                                            + " required replicas")
                            .with("required", unavailable.needed())
                            .with("acknowledged", unavailable.answered())
                            .with("outcome", "rejected")
                            .with("replicas", List.of());
        }
    }

    private static @Nullable Key cursor(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return Key.of(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(
                    "cursor is \"" + text + "\"; accepted is the cursor of the page before");
        }
    }

    private static Map<String, Object> json(ListOutcome.Page page) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("keys", page.entries().stream().map(Listing::entry).toList());
        Key next = page.next();
        json.put(
                "cursor",
                next == null
                        ? null
                        : Base64.getUrlEncoder().withoutPadding().encodeToString(next.bytes()));
        return json;
    }

    private static Map<String, Object> entry(PageEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", entry.key().toString());
        json.put("keyEncoded", Percent.encode(entry.key().bytes()));
        json.put("version", entry.version().toString());
        json.put("valueBytes", entry.valueBytes());
        json.put("writtenAtMillis", entry.version().wallMillis());
        return json;
    }
}
