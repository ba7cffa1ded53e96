package dev.minidynamo.store;

import dev.minidynamo.env.Disk;
import dev.minidynamo.wal.CheckedFile;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;

/**
 * The partitions of which this store holds everything that it should, as far as such a file can
 * know: what it owned, and had compared with the other owners, when it was written.
 */
public final class CompletePartitions {

    static final int MAGIC = 0x4d444350; // MDCP
    static final int VERSION = 1;

    private final FileKeeper keeper;
    private @Nullable BitSet partitions;

    CompletePartitions(StorePorts ports, StoreOptions options, @Nullable BitSet atStart) {
        this.partitions = atStart;
        this.keeper = FileKeeper.of(ports, file(ports.disk(), options), VERSION, this::encode);
    }

    static CheckedFile file(Disk disk, StoreOptions options) {
        return new CheckedFile(disk, options.log().directory(), "complete", MAGIC);
    }

    /** The partitions, or null if they have never been written down. */
    public @Nullable BitSet known() {
        return partitions == null ? null : (BitSet) partitions.clone();
    }

    /** Writes down that it is these and no others. */
    public void replace(BitSet others, Runnable durable) {
        partitions = (BitSet) others.clone();
        keeper.write(durable);
    }

    /** Adds one; after a crash within the next second it may be missing again. */
    public void add(int partition) {
        if (partitions != null) {
            partitions.set(partition);
            keeper.writeSoon();
        }
    }

    private byte[] encode() {
        return partitions == null ? new byte[0] : partitions.toByteArray();
    }

    /** The partitions in {@code body}, or null if it is none. */
    static @Nullable BitSet decode(byte[] body) {
        return body.length > KeyIndex.LEAVES / Byte.SIZE ? null : BitSet.valueOf(body);
    }
}
