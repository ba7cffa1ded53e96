package dev.minidynamo.store;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.wal.SyncMode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Fills the data directory of a node that is not running, much faster than requests could. */
public final class StoreFilling {

    private static final int WAITING = 2000;
    private static final long LONG_AGO = Version.timestampOf(1_700_000_000_000L);

    private StoreFilling() {}

    /**
     * Writes the first {@code keys} keys of the load generator, with the same versions and values
     * of {@code valueBytes} bytes for every node.
     *
     * @param cluster the name in nodes.json
     */
    public static void fill(Path data, String cluster, String node, int keys, int valueBytes) {
        StoreOptions defaults = StoreOptions.defaults(cluster, new NodeId(node));
        StoreOptions options = defaults.withLog(defaults.log().withSync(new SyncMode.Os()));
        byte[] value = new byte[valueBytes];
        Arrays.fill(value, (byte) 'v');
        try (RealRig rig =
                new RealRig(
                        data,
                        options,
                        sentence -> {
                            throw new AssertionError(sentence);
                        })) {
            rig.write(
                    keys,
                    WAITING,
                    number -> {
                        Version version = new Version(LONG_AGO + number, RealRig.NODE, 0x12345678);
                        return new StoredCell(
                                Key.utf8("user" + String.format("%020d", number)),
                                new Cell.Live(
                                        version, value, Cell.DEFAULT_CONTENT_TYPE, Cell.NEVER));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
