package dev.minidynamo.store;

import dev.minidynamo.env.Invariants;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers for the pairs of writer and incarnation, so that an entry holds two bytes of them. */
final class WriterTable {

    private static final int SHORT_TABLE = 16;
    private static final int MOST = 1 << 16;

    private final List<Writer> writers = new ArrayList<>();
    private final Map<Writer, Integer> numbers = new HashMap<>();
    private final List<byte[]> names = new ArrayList<>();

    /** A writer in one of its incarnations. */
    record Writer(NodeId node, int incarnation) {}

    int size() {
        return writers.size();
    }

    Writer get(int number) {
        return writers.get(number);
    }

    Version version(int number, long timestamp) {
        Writer writer = writers.get(number);
        return new Version(timestamp, writer.node, writer.incarnation);
    }

    int numberOf(NodeId node, int incarnation) {
        Writer writer = new Writer(node, incarnation);
        Integer known = numbers.get(writer);
        if (known != null) {
            return known;
        }
        int number = writers.size();
        Invariants.check(number < MOST, "a store knows at most 65,536 writers");
        writers.add(writer);
        names.add(node.value().getBytes(StandardCharsets.UTF_8));
        numbers.put(writer, number);
        return number;
    }

    /** The number of the writer that an encoded cell names. */
    int numberOf(CellView view) {
        int from = view.writerAt();
        int to = from + view.writerBytes();
        for (int i = 0; i < Math.min(SHORT_TABLE, writers.size()); i++) {
            byte[] name = names.get(i);
            if (writers.get(i).incarnation == view.incarnation()
                    && Arrays.equals(name, 0, name.length, view.bytes(), from, to)) {
                return i;
            }
        }
        String name = new String(view.bytes(), from, view.writerBytes(), StandardCharsets.UTF_8);
        return numberOf(new NodeId(name), view.incarnation());
    }
}
