package dev.minidynamo.dashboard.scenario;

import dev.minidynamo.dashboard.Words;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keys of which one node is an owner, written together, with the versions that they got. */
final class Batch {

    static final int KEYS = 30;
    private static final int TRIES = 100 * KEYS;

    private final Stage stage;
    private final List<String> keys;
    private final Map<String, String> versions = new LinkedHashMap<>();

    private Batch(Stage stage, List<String> keys) {
        this.stage = stage;
        this.keys = keys;
    }

    /** Chooses keys, without writing anything yet. */
    static Batch ownedBy(Stage stage, String owner) throws ScenarioFailed {
        List<String> keys = new ArrayList<>();
        boolean everywhere = stage.nodes().size() == stage.replicas();
        for (int i = 0; keys.size() < KEYS; i++) {
            String key = stage.prefix() + "%04d".formatted(i);
            if (everywhere || stage.owners(key).contains(owner)) {
                keys.add(key);
            }
            stage.check(i < TRIES, owner + " owns too few keys to try this with it.");
        }
        return new Batch(stage, keys);
    }

    List<String> keys() {
        return keys;
    }

    /** Writes every key through one node; all must be acknowledged. */
    void put(String through, String value) throws ScenarioFailed {
        for (String key : keys) {
            took(key, stage.put(through, key, value));
        }
        stage.evidence(Words.count(keys.size(), "write") + " acknowledged through " + through);
    }

    /** Deletes every key through one node; all must be acknowledged. */
    void delete(String through) throws ScenarioFailed {
        for (String key : keys) {
            took(key, stage.delete(through, key));
        }
        stage.evidence(Words.count(keys.size(), "delete") + " acknowledged through " + through);
    }

    private void took(String key, Stage.Write write) throws ScenarioFailed {
        stage.check(
                write.acknowledged(),
                key + " was answered with " + write.status() + " (" + write.outcome() + ")");
        versions.put(key, write.version());
    }

    /** How many keys a node does not hold in exactly the version that was acknowledged last. */
    int missingOn(String node, String through) throws ScenarioFailed {
        int missing = 0;
        for (String key : keys) {
            boolean there = false;
            for (Stage.Held held : stage.inspect(through, key)) {
                there |= held.node().equals(node) && held.version().equals(versions.get(key));
            }
            missing += there ? 0 : 1;
        }
        return missing;
    }

    /** How many keys an owner holds as anything but the acknowledged delete. */
    int notDeleted(String through) throws ScenarioFailed {
        int wrong = 0;
        for (String key : keys) {
            for (Stage.Held held : stage.inspect(through, key)) {
                boolean owner =
                        stage.nodes().size() == stage.replicas() || !held.version().isEmpty();
                boolean deleted = held.tombstone() && held.version().equals(versions.get(key));
                wrong += owner && !deleted ? 1 : 0;
            }
        }
        return wrong;
    }
}
