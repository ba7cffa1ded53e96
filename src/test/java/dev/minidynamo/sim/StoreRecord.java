package dev.minidynamo.sim;

import dev.minidynamo.model.Version;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes by which a record of the store is found on a disk. */
final class StoreRecord {

    private StoreRecord() {}

    /** How a record of the store begins to tell its version; the hints' records differ. */
    static byte[] beginningOf(Version version) {
        ByteBuffer out = ByteBuffer.allocate(9);
        long millis = version.wallMillis();
        out.putShort((short) (millis >>> 32)).putInt((int) millis);
        int rest = (int) version.timestamp() & 0xffff;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
        return Arrays.copyOf(out.array(), out.position());
    }
}
