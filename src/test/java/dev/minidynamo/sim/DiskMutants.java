package dev.minidynamo.sim;

import static dev.minidynamo.sim.MutantSeams.disk;
import static dev.minidynamo.sim.MutantSeams.files;

import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.DiskFullException;
import dev.minidynamo.sim.MutantSeams.PassingDisk;
import dev.minidynamo.sim.MutantSeams.PassingFile;
import dev.minidynamo.sim.Mutants.Mutant;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Bugs of what is written to disk, and of the recovery from it. */
final class DiskMutants {

    private DiskMutants() {}

    static void addTo(List<Mutant> all) {
        all.add(
                new Mutant(
                        "nothing is ever forced",
                        files(real ->
                                new PassingFile(real) {
                                    @Override
                                    public void force() {}
                                })));
        all.add(
                new Mutant(
                        "every other force is left out",
                        files(real ->
                                new PassingFile(real) {
                                    private int count;

                                    @Override
                                    public void force() throws IOException {
                                        if (count++ % 2 == 0) {
                                            super.force();
                                        }
                                    }
                                })));
        all.add(
                new Mutant(
                        "a failed force is ignored",
                        files(real ->
                                new PassingFile(real) {
                                    @Override
                                    public void force() {
                                        try {
                                            super.force();
                                        } catch (IOException ignored) {
                                            return;
                                        }
                                    }
                                }),
                        FaultKind.FORCE_ERROR));
        all.add(
                new Mutant(
                        "[20] a failed write is ignored",
                        files(real ->
                                new PassingFile(real) {
                                    @Override
                                    public void write(long at, ByteBuffer from) {
                                        try {
                                            super.write(at, from);
                                        } catch (IOException ignored) {
                                            from.position(from.limit());
                                        }
                                    }
                                }),
                        FaultKind.WRITE_ERROR,
                        FaultKind.DISK_FULL));
        all.add(
                new Mutant(
                        "[21] a full disk is ignored",
                        files(real ->
                                new PassingFile(real) {
                                    @Override
                                    public void write(long at, ByteBuffer from) throws IOException {
                                        try {
                                            super.write(at, from);
                                        } catch (DiskFullException ignored) {
                                            from.position(from.limit());
                                        }
                                    }
                                }),
                        FaultKind.DISK_FULL,
                        FaultKind.FULL_RESTART));
        all.add(
                new Mutant(
                        "[26] directories are never forced",
                        disk(real ->
                                new PassingDisk(real) {
                                    @Override
                                    public void forceDirectory(String path) {}
                                })));
        all.add(
                new Mutant(
                        "[22] recovery loses the end of the log",
                        disk(real -> new ShortDisk(real, 64))));
        all.add(new Mutant("the force of a batch happens with the next one", files(LazyFile::new)));
        all.add(
                new Mutant(
                        "with sync=interval(T), compaction deletes a segment before the copies of"
                                + " what it held are forced",
                        disk(ForgetfulDisk::new)));
        addFullDisksTo(all);
        addLostFilesTo(all);
    }

    private static void addLostFilesTo(List<Mutant> all) {
        all.add(
                new Mutant(
                        "a sector that cannot be read keeps a node from starting",
                        disk(real ->
                                new PassingDisk(real) {
                                    @Override
                                    public DiskFile open(String path) throws IOException {
                                        DiskFile file = super.open(path);
                                        file.read(0, ByteBuffer.allocate((int) file.size()));
                                        return file;
                                    }
                                }),
                        FaultKind.UNREADABLE_SECTOR));
        all.add(
                new Mutant(
                        "a lost segment keeps a node from starting",
                        disk(real ->
                                new PassingDisk(real) {
                                    @Override
                                    public boolean exists(String path) throws IOException {
                                        if (path.endsWith(".seg") && !super.exists(path)) {
                                            throw new IOException(path + " is lost");
                                        }
                                        return super.exists(path);
                                    }
                                }),
                        FaultKind.LOST_FILE));
    }

    private static void addFullDisksTo(List<Mutant> all) {
        all.add(
                new Mutant(
                        "a new name that a full disk refuses is taken for given",
                        disk(real ->
                                new PassingDisk(real) {
                                    @Override
                                    public void rename(String from, String to) throws IOException {
                                        try {
                                            super.rename(from, to);
                                        } catch (DiskFullException ignored) {
                                            return;
                                        }
                                    }
                                }),
                        FaultKind.DISK_FULL,
                        FaultKind.FULL_RESTART));
        all.add(
                new Mutant(
                        "a full disk that refuses a new file is taken for a broken one",
                        disk(real ->
                                new PassingDisk(real) {
                                    @Override
                                    public DiskFile open(String path) throws IOException {
                                        try {
                                            return super.open(path);
                                        } catch (DiskFullException full) {
                                            throw new IOException(full);
                                        }
                                    }
                                }),
                        FaultKind.DISK_FULL,
                        FaultKind.FULL_RESTART));
        all.add(
                new Mutant(
                        "a start needs room for a file",
                        disk(real ->
                                new PassingDisk(real) {
                                    @Override
                                    public List<String> list(String path) throws IOException {
                                        if (path.equals("kv") && real.exists(path)) {
                                            super.open("kv/probe").close();
                                            super.delete("kv/probe");
                                        }
                                        return super.list(path);
                                    }
                                }),
                        FaultKind.DISK_FULL,
                        FaultKind.FULL_RESTART));
    }

    /** A disk whose log files seem shorter than they are when they are opened. */
    private static final class ShortDisk extends PassingDisk {

        private final int missing;

        ShortDisk(Disk real, int missing) {
            super(real);
            this.missing = missing;
        }

        @Override
        public DiskFile open(String path) throws IOException {
            DiskFile file = super.open(path);
            return path.startsWith("kv/") && path.endsWith(".seg") && file.size() > 0
                    ? zeroed(file)
                    : file;
        }

        /** The last record's bytes read as zeros, as if they had been lost. */
        private DiskFile zeroed(DiskFile file) throws IOException {
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            file.read(0, all);
            int end = all.position();
            while (end > 0 && all.get(end - 1) == 0) {
                end--;
            }
            if (end > 512) {
                file.write(end - missing, ByteBuffer.allocate(missing));
            }
            return file;
        }
    }

    /** A disk on which a log does not force its last segment before it drops others. */
    private static final class ForgetfulDisk extends PassingDisk {

        ForgetfulDisk(Disk real) {
            super(real);
        }

        @Override
        public DiskFile open(String path) throws IOException {
            DiskFile file = super.open(path);
            return !path.endsWith(".seg")
                    ? file
                    : new PassingFile(file) {
                        @Override
                        public void force() throws IOException {
                            if (!dropsSegments()) {
                                super.force();
                            }
                        }
                    };
        }

        private static boolean dropsSegments() {
            return StackWalker.getInstance()
                    .walk(frames -> frames.anyMatch(f -> f.getMethodName().equals("dropBefore")));
        }
    }

    private static final class LazyFile extends PassingFile {

        private boolean due;

        LazyFile(DiskFile real) {
            super(real);
        }

        @Override
        public void force() throws IOException {
            if (due) {
                super.force();
            }
            due = true;
        }

        @Override
        public void write(long at, ByteBuffer from) throws IOException {
            if (due) {
                due = false;
                super.force();
            }
            super.write(at, from);
        }
    }
}
