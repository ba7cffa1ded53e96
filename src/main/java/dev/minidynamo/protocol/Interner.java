package dev.minidynamo.protocol;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A small table that gives one instance for equal bytes, so that a node id or content type that
 * comes with every message is made and checked once.
 *
 * <p>Each slot holds the last value of its hash, so the table stays small whatever is sent. Entries
 * are immutable: two threads that meet in a slot may at worst make a value twice.
 */
final class Interner<T> {

    private static final int SLOTS = 256;

    private record Entry<T>(byte[] bytes, T value) {}

    private final Function<String, T> maker;
    private final @Nullable Entry<T>[] slots;

    @SuppressWarnings({"unchecked", "rawtypes"})
    Interner(Function<String, T> maker) {
        this.maker = maker;
        this.slots = (@Nullable Entry<T>[]) new Entry[SLOTS];
    }

    /**
     * @throws IllegalArgumentException if the maker refuses the text
     */
    T of(byte[] bytes, int from, int length) {
        int hash = 1;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
        Entry<T> entry = slots[slot];
        if (entry != null
                && Arrays.equals(entry.bytes, 0, entry.bytes.length, bytes, from, from + length)) {
            return entry.value;
        }
        byte[] own = Arrays.copyOfRange(bytes, from, from + length);
        T value = maker.apply(new String(own, StandardCharsets.UTF_8));
        slots[slot] = new Entry<>(own, value);
        return value;
    }
}
