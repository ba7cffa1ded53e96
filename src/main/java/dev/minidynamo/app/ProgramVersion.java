package dev.minidynamo.app;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar, and the Java that runs it. */
public final class ProgramVersion implements IVersionProvider {

    /** The version, or "development" when the program does not run from its jar. */
    public static String version() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"Mini Dynamo " + version() + ", Java " + Runtime.version()};
    }
}
