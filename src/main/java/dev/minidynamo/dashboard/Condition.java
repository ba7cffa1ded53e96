package dev.minidynamo.dashboard;

/** What a reader is told of a node, always as a word and an icon, never by colour alone. */
public enum Condition {
    UP("up"),
    STARTING("starting"),
    SUSPECT("suspect"),
    DOWN("down"),
    PAUSED("paused"),
    CUT_OFF("cut off"),
    UNKNOWN("unknown");

    private final String word;

    Condition(String word) {
        this.word = word;
    }

    /** The word shown to people. */
    public String word() {
        return word;
    }

    /** The name used in attributes and icons. */
    public String key() {
        return word.replace(' ', '-');
    }

    /** Whether clients and peers can count on the node. */
    public boolean healthy() {
        return this == UP;
    }
}
