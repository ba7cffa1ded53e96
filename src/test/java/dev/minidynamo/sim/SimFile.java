package dev.minidynamo.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The contents of one file: what a running process sees, and what a power loss would leave. */
final class SimFile {

    private static final int SECTOR = 512;

    private final Image live = new Image();
    private final Image durable = new Image();
    private final List<Change> unforced = new ArrayList<>();
    private final BitSet unreadable = new BitSet();

    /** A write, or, with a {@code newSize} that is not negative, a new length. */
    private record Change(int position, byte[] bytes, int newSize) {}

    /** Bytes with a length. */
    private static final class Image {

        private byte[] data = new byte[0];
        private int size;

        void apply(Change change) {
            if (change.newSize >= 0) {
                resize(change.newSize);
                return;
            }
            int end = change.position + change.bytes.length;
            if (end > size) {
                resize(end);
            }
            System.arraycopy(change.bytes, 0, data, change.position, change.bytes.length);
        }

        private void resize(int newSize) {
            if (newSize > data.length) {
                data = Arrays.copyOf(data, Math.max(newSize, data.length * 2));
            }
            if (newSize < size) {
                Arrays.fill(data, newSize, size, (byte) 0);
            }
            size = newSize;
        }

        void copyFrom(Image other) {
            data = Arrays.copyOf(other.data, other.size);
            size = other.size;
        }
    }

    /** A file whose contents are durable. */
    static SimFile of(byte[] contents) {
        SimFile file = new SimFile();
        file.write(0, contents);
        file.force();
        return file;
    }

    int size() {
        return live.size;
    }

    byte[] bytes() {
        return Arrays.copyOf(live.data, live.size);
    }

    void copyTo(int position, byte[] into, int length) {
        System.arraycopy(live.data, position, into, 0, length);
    }

    /** Lets these bytes not be read any more until they are written again. */
    void spoil(int position, int length) {
        unreadable.set(position, position + length);
    }

    boolean isReadable(long position, int length) {
        int bad = unreadable.isEmpty() ? -1 : unreadable.nextSetBit((int) position);
        return bad < 0 || bad >= position + length;
    }

    void write(int position, byte[] bytes) {
        unreadable.clear(position, position + bytes.length);
        add(new Change(position, bytes, -1));
    }

    void resize(int size) {
        unreadable.clear(size, Math.max(size, unreadable.length()));
        add(new Change(0, new byte[0], size));
    }

    private void add(Change change) {
        live.apply(change);
        unforced.add(change);
    }

    void force() {
        unforced.forEach(durable::apply);
        unforced.clear();
    }

    /** What a failed force leaves: the system forgets that the pages were dirty. */
    void forgetUnforced() {
        unforced.clear();
    }

    void flipBit(long bit) {
        int at = (int) (bit >>> 3);
        byte mask = (byte) (1 << (bit & 7));
        live.data[at] ^= mask;
        if (at < durable.size) {
            durable.data[at] ^= mask;
        }
    }

    void scribble(int position, byte[] bytes) {
        for (Image image : List.of(live, durable)) {
            int length = Math.min(bytes.length, image.size - position);
            if (length > 0) {
                System.arraycopy(bytes, 0, image.data, position, length);
            }
        }
    }

    boolean durablyHolds(byte[] bytes) {
        for (int i = durable.size - bytes.length; i >= 0; i--) { // What is asked for is mostly new.
            if (durable.data[i] == bytes[0]
                    && Arrays.equals(durable.data, i, i + bytes.length, bytes, 0, bytes.length)) {
                return true;
            }
        }
        return false;
    }

    /** Loses, tears and reorders what was not forced. */
    void losePower(SimRandom random) {
        int style = random.nextInt(4);
        for (Change change : unforced) {
            boolean kept = style == 0 || (style != 1 && random.nextInt(2) == 0);
            if (kept) {
                durable.apply(style == 3 ? torn(change, random) : change);
            }
        }
        live.copyFrom(durable);
        unforced.clear();
    }

    private Change torn(Change change, SimRandom random) {
        if (change.newSize >= 0 || change.bytes.length == 0) {
            return change;
        }
        if (random.nextInt(2) == 0) {
            int kept = random.nextInt(change.bytes.length + 1);
            return new Change(change.position, Arrays.copyOf(change.bytes, kept), -1);
        }
        byte[] mixed = new byte[change.bytes.length];
        for (int i = 0; i < mixed.length; i++) {
            int at = change.position + i;
            mixed[i] = at < durable.size ? durable.data[at] : 0;
        }
        for (int from = 0; from < mixed.length; ) {
            int toBoundary = SECTOR - (change.position + from) % SECTOR;
            int length = Math.min(toBoundary, mixed.length - from);
            if (random.nextInt(2) == 0) {
                System.arraycopy(change.bytes, from, mixed, from, length);
            }
            from += length;
        }
        return new Change(change.position, mixed, -1);
    }
}
