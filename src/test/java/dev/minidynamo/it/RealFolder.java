package dev.minidynamo.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** The folder of one {@link RealCluster}. */
public final class RealFolder {

    private static final int SHOWN_CHARACTERS = 4000;
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;

    private final Path path;

    private RealFolder(Path path) {
        this.path = path;
    }

    static RealFolder create() {
        try {
            return new RealFolder(Files.createTempDirectory("mini-dynamo-it-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ports that were free a moment ago, all different. They lie below those that the system gives
     * to clients, so that no connection takes the port of a node that is down.
     */
    public static List<Integer> freePorts(int count) {
        Set<Integer> free = new LinkedHashSet<>();
        while (free.size() < count) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            if (isFree(port)) {
                free.add(port);
            }
        }
        return List.copyOf(free);
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    Path path() {
        return path;
    }

    void write(String name, String text) {
        try {
            Files.writeString(path.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String read(String name) {
        try {
            return Files.readString(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of each log, for a failure's message. */
    String logs() {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(path)) {
            files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .forEach(file -> {
                        String name = String.valueOf(file.getFileName());
                        String log = read(name);
                        int from = Math.max(0, log.length() - SHOWN_CHARACTERS);
                        text.append("--- ").append(name).append('\n');
                        text.append(log, from, log.length()).append('\n');
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    void remove() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
