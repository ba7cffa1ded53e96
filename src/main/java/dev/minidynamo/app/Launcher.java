package dev.minidynamo.app;

/** The entry of the jar. */
public final class Launcher {

    private Launcher() {}

    public static void main(String[] args) {
        MiniDynamo.main(args);
    }
}
