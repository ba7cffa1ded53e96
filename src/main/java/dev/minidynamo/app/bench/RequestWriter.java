package dev.minidynamo.app.bench;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Writes HTTP/1.1 requests from parts that are made once: nothing is allocated per request. */
final class RequestWriter {

    static final int KEY_BYTES = 24;
    private static final byte[] KEY_PREFIX = ascii("user");
    private static final int POOL_BYTES = 1 << 20;

    private final byte[] get;
    private final byte[] put;
    private final List<byte[]> afterRead = new ArrayList<>();
    private final List<byte[]> afterWrite = new ArrayList<>();
    private final byte[] pool;
    private final int valueBytes;
    private final byte[] key = new byte[KEY_BYTES];

    RequestWriter(List<URI> targets, int valueBytes, @Nullable String token) {
        this.valueBytes = valueBytes;
        get = ascii("GET /kv/");
        put = ascii("PUT /kv/");
        for (URI target : targets) {
            String head =
                    " HTTP/1.1\r\nHost: "
                            + target.getAuthority()
                            + (token == null ? "" : "\r\nAuthorization: Bearer " + token);
            afterRead.add(ascii(head + "\r\n\r\n"));
            afterWrite.add(
                    ascii(
                            head
                                    + "\r\n"
                                    + "Content-Type: application/octet-stream\r\n"
                                    + "Content-Length: "
                                    + valueBytes
                                    + "\r\n\r\n"));
        }
        pool = new byte[POOL_BYTES + valueBytes];
        new SplittableRandom(7).nextBytes(pool);
    }

    /** Bytes that the longest request takes. */
    int capacity() {
        int head = afterWrite.stream().mapToInt(bytes -> bytes.length).max().orElse(0);
        return put.length + KEY_BYTES + head + valueBytes;
    }

    void read(ByteBuffer out, int target, long number) {
        out.clear().put(get).put(key(number)).put(afterRead.get(target)).flip();
    }

    void write(ByteBuffer out, int target, long number, int poolOffset) {
        out.clear()
                .put(put)
                .put(key(number))
                .put(afterWrite.get(target))
                .put(pool, poolOffset, valueBytes)
                .flip();
    }

    /** The bound of {@code poolOffset}. */
    int poolOffsets() {
        return POOL_BYTES;
    }

    private byte[] key(long number) {
        System.arraycopy(KEY_PREFIX, 0, key, 0, KEY_PREFIX.length);
        long rest = number;
        for (int at = KEY_BYTES - 1; at >= KEY_PREFIX.length; at--) {
            key[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return key;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
