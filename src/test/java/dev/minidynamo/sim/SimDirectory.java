package dev.minidynamo.sim;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Names of files and directories: those a running process sees, and those a power loss would leave.
 * A directory that a power loss takes takes with it what is below.
 */
final class SimDirectory {

    private final TreeMap<String, SimFile> live = new TreeMap<>();
    private final TreeMap<String, SimFile> durable = new TreeMap<>();
    private final TreeSet<String> directories = new TreeSet<>();
    private final TreeSet<String> unforcedDirectories = new TreeSet<>();
    private final List<Change> unforced = new ArrayList<>();

    /** A creation ({@code from} null), a deletion ({@code file} null) or a rename. */
    private record Change(@Nullable String from, String to, @Nullable SimFile file) {

        void applyTo(TreeMap<String, SimFile> names) {
            if (from != null) {
                names.remove(from);
            }
            if (file == null) {
                names.remove(to);
            } else {
                names.put(to, file);
            }
        }

        boolean touches(String directory) {
            return parent(to).equals(directory) || (from != null && parent(from).equals(directory));
        }
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    @Nullable SimFile get(String path) {
        return live.get(path);
    }

    NavigableMap<String, SimFile> files() {
        return live;
    }

    /** The durable files whose paths begin with {@code prefix}, the newest segment first. */
    Stream<SimFile> durableFiles(String prefix) {
        return durable.descendingMap().entrySet().stream()
                .filter(named -> named.getKey().startsWith(prefix) && isReached(named.getKey()))
                .map(Map.Entry::getValue);
    }

    /** Whether all directories above a path are durable. */
    private boolean isReached(String path) {
        for (String at = parent(path); !at.isEmpty(); at = parent(at)) {
            if (unforcedDirectories.contains(at)) {
                return false;
            }
        }
        return true;
    }

    SimFile create(String path) {
        SimFile file = new SimFile();
        change(new Change(null, path, file));
        return file;
    }

    void rename(String from, String to, SimFile file) {
        change(new Change(from, to, file));
    }

    void delete(String path) {
        change(new Change(null, path, null));
    }

    /** Puts a file there at once and for good, as a test's hand does. */
    void put(String path, SimFile file) {
        live.put(path, file);
        durable.put(path, file);
    }

    /** Takes a file away at once and for good. */
    void remove(String path) {
        live.remove(path);
        durable.remove(path);
        unforced.removeIf(change -> change.to.equals(path));
    }

    void clear() {
        live.clear();
        durable.clear();
        unforced.clear();
        directories.clear();
        unforcedDirectories.clear();
    }

    boolean isDirectory(String path) {
        return directories.contains(path);
    }

    /** Makes a directory and those above it. */
    void makeDirectories(String path) {
        for (String at = path; !at.isEmpty(); at = parent(at)) {
            if (directories.add(at)) {
                unforcedDirectories.add(at);
            }
        }
    }

    void makeDirectoriesOf(SimDirectory other) {
        directories.addAll(other.directories);
    }

    /** What a directory holds, sorted. */
    List<String> list(String path) {
        TreeSet<String> names = new TreeSet<>();
        live.keySet().forEach(file -> addName(names, path, file));
        directories.forEach(below -> addName(names, path, below));
        return List.copyOf(names);
    }

    private static void addName(Set<String> names, String directory, String path) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        if (path.startsWith(prefix) && path.length() > prefix.length()) {
            names.add(path.substring(prefix.length()).split("/", 2)[0]);
        }
    }

    void force(String directory) {
        List<Change> rest = new ArrayList<>();
        for (Change change : unforced) {
            if (change.touches(directory)) {
                change.applyTo(durable);
            } else {
                rest.add(change);
            }
        }
        unforced.clear();
        unforced.addAll(rest);
        unforcedDirectories.removeIf(made -> parent(made).equals(directory));
    }

    private void change(Change change) {
        change.applyTo(live);
        unforced.add(change);
    }

    /** Loses some, none or all of the changes that were not forced, then the files' own. */
    void losePower(SimRandom random) {
        int style = random.nextInt(3);
        for (Change change : unforced) {
            if (style == 0 || (style == 1 && random.nextInt(2) == 0)) {
                change.applyTo(durable);
            }
        }
        unforced.clear();
        unforcedDirectories.removeIf(made -> style == 0 || (style == 1 && random.nextInt(2) == 0));
        durable.keySet().removeIf(path -> !isReached(path));
        directories.removeIf(made -> unforcedDirectories.contains(made) || !isReached(made));
        unforcedDirectories.clear();
        live.clear();
        live.putAll(durable);
        new ArrayList<>(live.values()).stream().distinct().forEach(f -> f.losePower(random));
    }
}
