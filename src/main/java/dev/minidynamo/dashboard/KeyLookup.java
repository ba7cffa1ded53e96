package dev.minidynamo.dashboard;

import dev.minidynamo.model.ClusterConfig;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Where a key lives and what each node holds of it.
 *
 * @param problem why nothing can be said, or empty
 * @param angle of the key's token on the ring, in degrees
 */
public record KeyLookup(
        TypedKey key,
        String problem,
        String token,
        String partition,
        String angle,
        List<Owner> owners) {

    /**
     * What one node holds.
     *
     * @param place 1..N of a primary, empty for a fallback
     * @param state newest, stale, missing, unreachable
     * @param hints held here for others
     */
    public record Owner(
            String node,
            int slot,
            String place,
            String state,
            String version,
            String writer,
            String age,
            String size,
            boolean tombstone,
            List<String> hints) {

        /** As in the preference list: the primaries by their places, then the fallbacks. */
        int order() {
            return place.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(place);
        }
    }

    static KeyLookup failed(TypedKey key, String problem) {
        return new KeyLookup(key, problem, "", "", "0", List.of());
    }

    static KeyLookup of(TypedKey key, JsonNode json, ClusterConfig config) {
        String token = json.path("token").asString("");
        Explained names = new Explained(json, config);
        List<String> primaries = new ArrayList<>();
        json.path("primaries").forEach(node -> primaries.add(node.asString("")));
        List<Owner> owners = new ArrayList<>();
        long now = System.currentTimeMillis();
        for (JsonNode replica : json.path("replicas")) {
            String node = replica.path("node").asString("");
            int place = primaries.indexOf(node) + 1;
            owners.add(
                    new Owner(
                            node,
                            names.slot(node),
                            place == 0 ? "" : String.valueOf(place),
                            replica.path("answer").asString(""),
                            replica.path("version").asString(""),
                            replica.path("writer").asString(""),
                            Words.ago(replica.path("writtenAtMillis").asLong(0), now),
                            Words.bytes(replica.path("valueBytes").asLong(-1)),
                            replica.path("tombstone").asBoolean(false),
                            hints(replica.path("hints"))));
        }
        owners.sort(Comparator.comparingInt(Owner::order));
        return new KeyLookup(
                key,
                "",
                token,
                json.path("partition").asString(""),
                String.format(Locale.ROOT, "%.3f", RingPicture.degrees(token)),
                List.copyOf(owners));
    }

    private static List<String> hints(JsonNode held) {
        List<String> hints = new ArrayList<>();
        for (JsonNode hint : held) {
            hints.add(
                    "for "
                            + hint.path("target").asString("")
                            + ", "
                            + Words.duration(hint.path("ageMillis").asLong(0))
                            + " old");
        }
        return hints;
    }
}
