package dev.minidynamo.store;

import com.dynatrace.hash4j.hashing.Hashing;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.sim.SimDisk;
import dev.minidynamo.sim.SimLife;
import dev.minidynamo.sim.SimLoop;
import dev.minidynamo.sim.SimRandom;
import dev.minidynamo.sim.SimWorker;
import dev.minidynamo.wal.LogOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A store on a simulated disk, for tests: opens, writes, dies and opens again. */
final class StoreRig {

    static final long MINUTE = 60_000;
    static final NodeId NODE = new NodeId("n1");
    static final long START_MILLIS = 1_700_000_000_000L;

    final SimLoop loop = new SimLoop();
    final SimDisk disk;
    final SimRandom random;
    final List<String> fatal = new ArrayList<>();
    final List<String> progress = new ArrayList<>();
    StoreOptions options =
            StoreOptions.defaults("test", NODE)
                    .withLog(
                            LogOptions.defaults("kv")
                                    .withSegments(8192, 1024)
                                    .withReserve(16 << 10))
                    .withMaintenance(1 << 30, 1 << 30, 1 << 30, 1000);
    SimLife life = new SimLife("store");
    @Nullable WalStore store;
    @Nullable IOException refused;

    StoreRig(long seed) {
        this(new SimDisk(new SimRandom(seed)), seed);
    }

    StoreRig(SimDisk disk, long seed) {
        this.disk = disk;
        this.random = new SimRandom(seed + 1);
    }

    static long token(Key key) {
        return Hashing.xxh3_64().hashBytesToLong(key.bytes());
    }

    /** Opens the store; {@link #store} stays null if it refuses or the process dies. */
    StoreRig open() {
        life = new SimLife("store");
        fatal.clear();
        progress.clear();
        store = null;
        refused = null;
        WalStore.open(
                new StorePorts(
                        disk,
                        new SimWorker(loop, life, disk),
                        new SimWorker(loop, life, disk),
                        loop.clock(START_MILLIS),
                        loop.scheduler(life),
                        random,
                        StoreRig::token,
                        fatal::add,
                        progress::add),
                options,
                opened -> store = opened,
                failure -> refused = failure);
        loop.runUntil(() -> store != null || refused != null || life.ended(), MINUTE);
        return this;
    }

    WalStore store() {
        WalStore opened = store;
        if (opened == null) {
            throw new AssertionError("the store is not open: " + refused);
        }
        return opened;
    }

    void killProcess() {
        life.end();
        disk.killProcess();
    }

    void losePower() {
        life.end();
        disk.losePower();
    }

    static Key key(String text) {
        return Key.utf8(text);
    }

    static Version version(long counter) {
        return new Version(Version.timestampOf(START_MILLIS) + counter, NODE, 7);
    }

    static Cell.Live live(long counter, String value) {
        return new Cell.Live(
                version(counter),
                value.getBytes(StandardCharsets.UTF_8),
                Cell.DEFAULT_CONTENT_TYPE,
                Cell.NEVER);
    }

    static Cell.Tombstone tombstone(long counter) {
        return new Cell.Tombstone(version(counter));
    }

    /** Applies a cell and waits; null if no answer comes. */
    @Nullable ApplyResult apply(String key, Cell cell) {
        List<ApplyResult> results = new ArrayList<>();
        store().apply(key(key), cell, results::add);
        loop.runUntil(() -> !results.isEmpty() || life.ended(), MINUTE);
        return results.isEmpty() ? null : results.getFirst();
    }

    /** Applies cells {@code k0, k1, …} at once and waits for all. */
    void fill(int count, long counter) {
        List<ApplyResult> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            store().apply(key("k" + i), live(counter + i, "value of k" + i), results::add);
        }
        loop.runUntil(() -> results.size() == count || life.ended(), MINUTE);
    }

    /** The value read, or "missing", "deleted" or "damaged". */
    String read(String key) {
        return switch (store().read(key(key))) {
            case ReadResult.Found(Cell.Live cell) ->
                    new String(cell.value(), StandardCharsets.UTF_8);
            case ReadResult.Found(Cell.Tombstone cell) -> "deleted";
            case ReadResult.Missing missing -> "missing";
            case ReadResult.Damaged damaged -> "damaged";
        };
    }

    String snapshot() {
        return await(store()::snapshot);
    }

    String compact() {
        return await(store()::compact);
    }

    private String await(Consumer<Consumer<String>> action) {
        List<String> told = new ArrayList<>();
        action.accept(told::add);
        loop.runUntil(() -> !told.isEmpty() || life.ended(), MINUTE);
        return told.isEmpty() ? "" : told.getFirst();
    }
}
