package dev.minidynamo.model;

import java.util.regex.Pattern;

/** A node's name as it stands in {@code nodes.json}: 1 to 32 letters, digits, '-', '_' or '.'. */
public record NodeId(String value) implements Comparable<NodeId> {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,31}");

    public NodeId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a node id is 1 to 32 letters, digits, '-', '_' or '.', not \"" + value + "\"");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
