package dev.minidynamo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The packages below {@code dev.minidynamo}, and which of them each may use. */
final class Rooms {

    static final String BASE = "dev.minidynamo";

    /** Plain Java without a clock, a disk, a thread or a framework: what the simulator runs. */
    static final List<String> CORE =
            List.of(
                    "model",
                    "env",
                    "version",
                    "ring",
                    "protocol",
                    "wal",
                    "store",
                    "membership",
                    "hints",
                    "replica",
                    "coordinator",
                    "antientropy",
                    "node");

    static final Map<String, Set<String>> MAY_USE = mayUse();

    private Rooms() {}

    private static Map<String, Set<String>> mayUse() {
        Map<String, Set<String>> rooms = new LinkedHashMap<>();
        rooms.put("model", Set.of());
        rooms.put("env", Set.of("model"));
        rooms.put("version", Set.of("model", "env"));
        rooms.put("ring", Set.of("model"));
        rooms.put("protocol", Set.of("model"));
        rooms.put("wal", Set.of("env"));
        rooms.put("store", Set.of("model", "version", "wal", "env"));
        rooms.put("membership", Set.of("model", "env", "protocol"));
        rooms.put("hints", Set.of("model", "wal", "env", "protocol", "membership"));
        rooms.put("replica", Set.of("model", "store", "hints", "version", "protocol"));
        rooms.put(
                "coordinator",
                Set.of("model", "ring", "version", "protocol", "membership", "hints", "env"));
        rooms.put("antientropy", Set.of("model", "ring", "store", "protocol", "membership", "env"));
        rooms.put("node", Set.copyOf(rooms.keySet()));
        rooms.put("runtime", Set.of("model", "env", "protocol"));
        rooms.put(
                "api",
                Set.of(
                        "model",
                        "env",
                        "ring",
                        "protocol",
                        "store",
                        "hints",
                        "membership",
                        "coordinator",
                        "antientropy",
                        "wal",
                        "node"));
        rooms.put("agent", Set.of("model"));
        rooms.put("dashboard", Set.of("model", "agent"));
        rooms.put("app", Set.copyOf(rooms.keySet()));
        return rooms;
    }

    static String[] forbiddenTo(String room) {
        Set<String> forbidden = new TreeSet<>(MAY_USE.keySet());
        forbidden.remove(room);
        forbidden.removeAll(MAY_USE.get(room));
        return packages(forbidden);
    }

    static String[] packages(Iterable<String> rooms) {
        List<String> packages = new ArrayList<>();
        rooms.forEach(room -> packages.add(BASE + "." + room + ".."));
        return packages.toArray(String[]::new);
    }
}
