package dev.minidynamo.wal;

import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.DiskFullException;
import dev.minidynamo.wal.Manifest.Segment;
import dev.minidynamo.wal.Recovery.Damage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out which segments a log has: from its manifest, or, if that is damaged, from their
 * headers; makes the first one where there is no log yet.
 */
final class ManifestFinder {

    private final LogPorts ports;
    private final LogOptions options;
    private final List<Damage> damage;
    private final List<String> notes;
    private final SegmentFiles files;
    private final CheckedFile file;

    ManifestFinder(LogPorts ports, LogOptions options, List<Damage> damage, List<String> notes) {
        this.ports = ports;
        this.options = options;
        this.damage = damage;
        this.notes = notes;
        this.files = new SegmentFiles(ports.disk(), options.directory());
        this.file = file(ports, options);
    }

    static CheckedFile file(LogPorts ports, LogOptions options) {
        return new CheckedFile(ports.disk(), options.directory(), "manifest", Manifest.MAGIC);
    }

    Manifest find() throws IOException {
        Directories.make(ports.disk(), options.directory());
        Manifest found = read();
        List<Long> present = present();
        if (found == null) {
            found = rebuild(present);
        }
        removeStrays(found, present);
        return found;
    }

    private @Nullable Manifest read() throws IOException {
        try {
            CheckedFile.Contents contents = file.read();
            if (contents == null) {
                return null;
            }
            if (contents.version() != Manifest.VERSION) {
                throw new IOException(
                        file.path()
                                + " has format version "
                                + contents.version()
                                + "; this program knows version "
                                + Manifest.VERSION);
            }
            Manifest manifest = Manifest.decode(contents.body());
            return manifest == null ? setAside("its lists do not fit") : manifest;
        } catch (CheckedFile.DamagedException damaged) {
            return setAside(damaged.getMessage());
        }
    }

    private @Nullable Manifest setAside(@Nullable String why) throws IOException {
        String name =
                options.directory().replace('/', '-')
                        + ("-manifest-" + ports.clock().wallMillis() + ".damaged");
        String copy = new Quarantine(ports.disk()).take(file.path(), name);
        notes.add("The manifest was damaged (" + why + ") and is now " + copy + ".");
        return null;
    }

    private List<Long> present() throws IOException {
        List<Long> ids = new ArrayList<>();
        for (String name : ports.disk().list(options.directory())) {
            if (SegmentFiles.segmentOf(name) > 0) {
                ids.add(SegmentFiles.segmentOf(name));
            }
        }
        return ids;
    }

    private Manifest rebuild(List<Long> present) throws IOException {
        List<Segment> whole = new ArrayList<>();
        long identity = 0;
        for (long id : present) {
            try (DiskFile segment = files.open(id)) {
                SegmentHeader header = files.header(segment);
                if (header != null
                        && header.segment() == id
                        && (whole.isEmpty() || header.identity() == identity)) {
                    identity = header.identity();
                    whole.add(new Segment(id, header.baseSequence(), segment.size()));
                }
            }
        }
        if (notes.isEmpty() && holdsNothing(present)) {
            return begin(present);
        }
        reportLostManifest(present, whole);
        return write(whole.isEmpty() ? fresh(present) : grown(identity, whole));
    }

    /** Makes a log; on a full disk nothing is left of it. */
    private Manifest begin(List<Long> present) throws IOException {
        try {
            return write(fresh(present));
        } catch (DiskFullException full) {
            ports.disk().delete(files.path(1));
            throw full;
        }
    }

    /** Whether there is at most a first segment that a crash kept from being used. */
    private boolean holdsNothing(List<Long> present) throws IOException {
        if (present.isEmpty()) {
            return true;
        }
        if (present.size() > 1 || present.getFirst() != 1) {
            return false;
        }
        try (DiskFile first = files.open(1)) {
            return first.size() <= SegmentHeader.BYTES;
        }
    }

    private void reportLostManifest(List<Long> present, List<Segment> whole) throws IOException {
        Quarantine quarantine = new Quarantine(ports.disk());
        List<Long> known = whole.stream().map(Segment::id).toList();
        long last = present.isEmpty() ? 1 : present.getLast();
        long end = known.contains(last) ? whole.getLast().bytes() : 0;
        String why = "the manifest is lost, so a segment may be missing";
        damage.add(new Damage(last, end, end, 0, 0, why, ""));
        for (long id : present) {
            if (!known.contains(id)) {
                String name = options.directory().replace('/', '-') + "-" + id + ".damaged";
                String copy = quarantine.take(files.path(id), name);
                notes.add("Segment " + id + " has no readable header and is now " + copy + ".");
            }
        }
    }

    private static Manifest grown(long identity, List<Segment> whole) {
        Segment last = whole.removeLast();
        whole.add(new Segment(last.id(), last.baseSequence(), Manifest.GROWING));
        return new Manifest(identity, whole, List.of());
    }

    private Manifest fresh(List<Long> present) throws IOException {
        long identity =
                ports.clock().wallMillis() * 0x9e3779b97f4a7c15L
                        ^ ports.clock().monotonicNanos()
                        ^ (long) options.directory().hashCode() << 32;
        long id = notes.isEmpty() || present.isEmpty() ? 1 : present.getLast() + 1;
        files.create(new SegmentHeader(identity, id, 0)).close();
        return new Manifest(identity, List.of(new Segment(id, 0, Manifest.GROWING)), List.of());
    }

    private Manifest write(Manifest manifest) throws IOException {
        file.write(Manifest.VERSION, manifest.encode());
        return manifest;
    }

    /** Deletes segments that were dropped, or begun and never used. */
    private void removeStrays(Manifest manifest, List<Long> present) throws IOException {
        long first = manifest.segments().getFirst().id();
        boolean removed = false;
        for (long id : present) {
            if (id < first || id > manifest.last().id()) {
                ports.disk().delete(files.path(id));
                removed = true;
            }
        }
        if (removed) {
            ports.disk().forceDirectory(options.directory());
        }
    }
}
