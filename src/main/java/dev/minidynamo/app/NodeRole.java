package dev.minidynamo.app;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.runtime.DataDirectoryInUseException;
import dev.minidynamo.runtime.FileDisk;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.support.GenericApplicationContext;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;

/** One node in this process. */
final class NodeRole {

    private static final Logger LOG = LoggerFactory.getLogger(NodeRole.class);
    private static final Duration HALT_AFTER = Duration.ofSeconds(5);

    private final Flags flags;
    private final boolean supervised;
    private @Nullable HostPort listen;

    NodeRole(Flags flags, boolean supervised) {
        this.flags = flags;
        this.supervised = supervised;
    }

    void run() {
        if (supervised) {
            Thread.ofPlatform().name("agent-watch").daemon().start(() -> endWith(System.in));
        }
        Servers.run(NodeApplication.class, flags, this::prepare);
    }

    /** Runs the node for a {@link Rehearsal} and returns at its end. */
    void rehearse() {
        run();
        try {
            Rehearsal.run("http://" + listen);
        } catch (IOException e) {
            throw new StartRefused(StartRefused.UNAVAILABLE, "the rehearsal failed: " + e + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void prepare(Options options, GenericApplicationContext context) {
        ClusterConfig cluster = NodeSettings.cluster(options);
        NodeSettings settings = NodeSettings.read(options, cluster);
        if (!supervised && !cluster.quorumsOverlap()) {
            LOG.warn(
                    ClusterRole.overlapWarning(cluster)); // its agent tells it for a supervised one
        }
        settings.listen().requireFree("node " + settings.id());
        listen = settings.listen();
        Tls tls = Tls.read(options, context);
        tls.register(context);
        Servers.listen(context, settings.listen(), tls);
        FileDisk disk = open(settings.storage().dataDir());
        Carriers.share(cluster, settings.id());
        StartShare share = StartShare.take(cluster, settings.id());
        context.registerBean(StartShare.class, () -> share);
        context.registerBean("disk", FileDisk.class, () -> disk);
        context.registerBean("nodeSettings", NodeSettings.class, () -> settings);
        context.registerBean("clusterConfig", ClusterConfig.class, () -> cluster);
    }

    /** Opens the data directory before any bean is made, for Spring would report it at length. */
    private static FileDisk open(Path dataDir) {
        try {
            return FileDisk.open(dataDir);
        } catch (DataDirectoryInUseException e) {
            throw new StartRefused(StartRefused.USAGE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new StartRefused(
                    StartRefused.USAGE,
                    "data-dir is \"" + dataDir + "\", which cannot be used: " + reason(e) + ".");
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException _ -> "it is a file, not a folder";
            case AccessDeniedException denied -> "access to " + denied.getFile() + " is denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    /**
     * Ends this process when the pipe from the agent ends, which it does when the agent dies,
     * whatever of. If an orderly end takes too long, the process is halted; a node can bear that.
     */
    private static void endWith(InputStream pipe) {
        try {
            pipe.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A broken pipe says the same as its end.
        }
        Thread ending =
                Thread.ofPlatform().daemon().start(() -> System.exit(StartRefused.UNAVAILABLE));
        try {
            ending.join(HALT_AFTER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(StartRefused.UNAVAILABLE);
    }
}
