package dev.minidynamo.store;

import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * {@code node.json}: whose data directory this is. JSON, so that a person can read it; with a
 * checksum, so that a flipped bit is not taken for another node.
 */
final class NodeFile {

    static final String PATH = "node.json";
    static final int FORMAT = 1;

    private static final Pattern FORM =
            Pattern.compile(
                    "\\{\"format\":(\\d{1,9}),\"cluster\":\"([^\"]*)\",\"id\":\"([^\"]*)\","
                            + "\"incarnation\":\"([0-9a-f]{8})\",\"checksum\":\"([0-9a-f]{8})\"}"
                            + "\\s*");

    private final Disk disk;

    NodeFile(Disk disk) {
        this.disk = disk;
    }

    /**
     * Whose data this is.
     *
     * @param incarnation random number drawn when the directory was made
     */
    record Identity(String cluster, String id, int incarnation) {

        /** An identity with the cluster's name as it can stand in the file. */
        static Identity of(String cluster, String id, int incarnation) {
            return new Identity(cluster.replaceAll("[^A-Za-z0-9_.-]", "_"), id, incarnation);
        }

        private String body() {
            return String.format(
                    Locale.ROOT,
                    "{\"format\":%d,\"cluster\":\"%s\",\"id\":\"%s\",\"incarnation\":\"%08x\"",
                    FORMAT,
                    cluster,
                    id,
                    incarnation);
        }

        String encode() {
            String body = body();
            return String.format(Locale.ROOT, "%s,\"checksum\":\"%08x\"}%n", body, checksum(body));
        }

        /** The identity in {@code text}, or null if it is not whole. */
        static @Nullable Identity decode(String text) {
            Matcher parts = FORM.matcher(text);
            if (!parts.matches()) {
                return null;
            }
            int incarnation = Integer.parseUnsignedInt(parts.group(4), 16);
            Identity found = new Identity(parts.group(2), parts.group(3), incarnation);
            int checksum = Integer.parseUnsignedInt(parts.group(5), 16);
            boolean whole =
                    parts.group(1).equals(Integer.toString(FORMAT))
                            && checksum == checksum(found.body());
            return whole ? found : null;
        }
    }

    private static int checksum(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    boolean exists() throws IOException {
        return disk.exists(PATH);
    }

    /** The identity, or null if the file is missing, damaged or unreadable. */
    @Nullable Identity read() throws IOException {
        if (!exists()) {
            return null;
        }
        try (DiskFile file = disk.open(PATH)) {
            return read(file, (int) Math.min(file.size(), 4096));
        }
    }

    private static @Nullable Identity read(DiskFile file, int bytes) {
        ByteBuffer in = ByteBuffer.allocate(bytes);
        try {
            int length = file.read(0, in);
            return Identity.decode(new String(in.array(), 0, length, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            return null;
        }
    }

    void write(Identity identity) throws IOException {
        String temporary = PATH + ".tmp";
        try (DiskFile file = disk.open(temporary)) {
            file.truncate(0);
            byte[] bytes = identity.encode().getBytes(StandardCharsets.UTF_8);
            file.write(0, ByteBuffer.wrap(bytes));
            file.force();
        }
        disk.rename(temporary, PATH);
        disk.forceDirectory("");
    }
}
