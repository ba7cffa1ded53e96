package dev.minidynamo.ring;

import com.dynatrace.hash4j.hashing.Hashing;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;

import java.nio.charset.StandardCharsets;

/** The ring's hash: XXH3, 64 bits, read as an unsigned position on the ring. */
final class Token {

    private Token() {}

    static long of(Key key) {
        return Hashing.xxh3_64().hashBytesToLong(key.bytes());
    }

    static long ofVnode(NodeId node, int index) {
        return ofText(node + "/" + index);
    }

    static long ofText(String text) {
        return Hashing.xxh3_64().hashBytesToLong(text.getBytes(StandardCharsets.UTF_8));
    }
}
