package dev.minidynamo.model;

/** A node's name as it stands in {@code nodes.json}: 1 to 32 letters, digits, '-', '_' or '.'. */
public record NodeId(String value) implements Comparable<NodeId> {

    private static final int MAX_LENGTH = 32;

    public NodeId {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException(
                    "a node id is 1 to 32 letters, digits, '-', '_' or '.', not \"" + value + "\"");
        }
    }

    /** Without a pattern, since every record that is read makes an id. */
    private static boolean isWellFormed(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH || value.charAt(0) == '.') {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
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
