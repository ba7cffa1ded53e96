package dev.minidynamo.store;

import dev.minidynamo.env.Disk;
import dev.minidynamo.wal.CheckedFile;
import dev.minidynamo.wal.LogMark;
import dev.minidynamo.wal.Quarantine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;

/** Reads everything of a data directory but the log itself; a job of the log's worker. */
final class DirectoryReader {

    private final StorePorts ports;
    private final StoreOptions options;
    private final List<String> notes;
    private final Disk disk;
    private final NodeFile nodeFile;

    DirectoryReader(StorePorts ports, StoreOptions options, List<String> notes) {
        this.ports = ports;
        this.options = options;
        this.notes = notes;
        this.disk = ports.disk();
        this.nodeFile = new NodeFile(disk);
    }

    StartState read() throws IOException {
        boolean hasLog = disk.exists(options.log().directory() + "/manifest") || hasSegments();
        NodeFile.Identity identity = hasLog ? identity() : newIdentity();
        if (!hasLog) {
            setAside(damagePath(), "damage");
            setAside(completePath(), "complete");
            setAside(Snapshotter.path(options.log().directory()), "snapshot");
        }
        ClockRecord clock = hasLog ? clock() : blankClock();
        KeyIndex index = new KeyIndex(ports.tokenOf());
        LogMark from = LogMark.START;
        String snapshot = Snapshotter.path(options.log().directory());
        if (disk.exists(snapshot)) {
            try {
                from = new SnapshotLoader(disk).load(snapshot, index);
            } catch (SnapshotDamagedException damaged) {
                index = new KeyIndex(ports.tokenOf());
                String copy = setAside(snapshot, "snapshot");
                notes.add(
                        "The index snapshot was damaged ("
                                + damaged.getMessage()
                                + ") and is now "
                                + copy
                                + ". The whole log is replayed instead.");
            }
        }
        return new StartState(clock.blank(), identity, clock, index, from, damage(), complete());
    }

    /** Whether there are segments without a manifest, which the log can be rebuilt from. */
    private boolean hasSegments() throws IOException {
        int segments = 0;
        for (String name : disk.list(options.log().directory())) {
            segments += name.endsWith(".seg") ? 1 : 0;
        }
        return segments > 1 || (segments == 1 && clockIsThere());
    }

    private boolean clockIsThere() throws IOException {
        return new ClockFile(disk).exists();
    }

    private NodeFile.Identity identity() throws IOException {
        NodeFile.Identity found = nodeFile.read();
        if (found == null) {
            String copy = setAside(NodeFile.PATH, "node.json");
            notes.add(
                    copy.isEmpty()
                            ? "node.json was missing, so this is a new incarnation."
                            : "node.json was damaged and is now "
                                    + copy
                                    + ", so this is a new incarnation.");
            return newIdentity();
        }
        NodeFile.Identity wanted =
                NodeFile.Identity.of(
                        options.cluster(), options.node().value(), found.incarnation());
        if (!wanted.equals(found)) {
            throw new ForeignDirectoryException(found, wanted);
        }
        return found;
    }

    private NodeFile.Identity newIdentity() throws IOException {
        NodeFile.Identity drawn =
                NodeFile.Identity.of(
                        options.cluster(), options.node().value(), (int) ports.random().nextLong());
        nodeFile.write(drawn);
        return drawn;
    }

    private ClockRecord clock() throws IOException {
        ClockFile file = new ClockFile(disk);
        ClockRecord found = file.read();
        if (found == null && file.exists()) {
            notes.add(
                    "The clock file was damaged; its timestamps are taken from the data, and the"
                            + " node counts as not synchronised.");
        }
        return found == null ? ClockRecord.NONE : found;
    }

    /** Remembers, before there is a log, that there was none. */
    private ClockRecord blankClock() throws IOException {
        new ClockFile(disk).write(ClockRecord.BLANK);
        return ClockRecord.BLANK;
    }

    private String damagePath() {
        return options.log().directory() + "/damage";
    }

    static CheckedFile damageFile(Disk disk, StoreOptions options) {
        return new CheckedFile(disk, options.log().directory(), "damage", DamageMap.MAGIC);
    }

    private DamageMap damage() throws IOException {
        @Nullable DamageMap map = null;
        try {
            CheckedFile.Contents contents = damageFile(disk, options).read();
            if (contents == null) {
                return new DamageMap();
            }
            map = DamageMap.decode(contents.body());
        } catch (CheckedFile.DamagedException damaged) {
            notes.add(damaged.getMessage());
        }
        return map == null ? everythingInDoubt() : map;
    }

    private DamageMap everythingInDoubt() throws IOException {
        setAside(damagePath(), "damage");
        DamageMap all = new DamageMap();
        all.addUnknown(Long.MAX_VALUE, 0);
        return all;
    }

    private String completePath() {
        return CompletePartitions.file(disk, options).path();
    }

    /** Of a damaged file no partition: what is compared once too often is only compared. */
    private @Nullable BitSet complete() throws IOException {
        @Nullable BitSet complete = null;
        try {
            CheckedFile.Contents contents = CompletePartitions.file(disk, options).read();
            if (contents == null) {
                return null;
            }
            if (contents.version() == CompletePartitions.VERSION) {
                complete = CompletePartitions.decode(contents.body());
            }
        } catch (CheckedFile.DamagedException damaged) {
            notes.add(damaged.getMessage());
        }
        if (complete == null) {
            setAside(completePath(), "complete");
            return new BitSet();
        }
        return complete;
    }

    private String setAside(String path, String name) throws IOException {
        return new Quarantine(disk).take(path, name + "-" + ports.clock().wallMillis());
    }
}
