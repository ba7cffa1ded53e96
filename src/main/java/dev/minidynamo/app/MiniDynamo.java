package dev.minidynamo.app;

/** The program: reads the command line and runs what it asks for. */
public final class MiniDynamo {

    /** Instead of an exit status: the command started a server, and the process stays. */
    static final int RUNNING = -1;

    private MiniDynamo() {}

    public static void main(String[] args) {
        String[] arguments = Spelling.normalise(args);
        Flags plain = PlainFlags.ofNode(arguments);
        int status =
                plain == null
                        ? RootCommand.commandLine().execute(arguments)
                        : RootCommand.node(plain);
        if (status != RUNNING) {
            System.exit(status);
        }
    }
}
