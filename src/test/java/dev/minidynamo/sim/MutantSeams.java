package dev.minidynamo.sim;

import dev.minidynamo.antientropy.AntiEntropyOptions;
import dev.minidynamo.antientropy.AntiEntropyScheduler;
import dev.minidynamo.coordinator.CoordinatorOptions;
import dev.minidynamo.env.Disk;
import dev.minidynamo.env.DiskFile;
import dev.minidynamo.hints.HintManager;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.node.NodeAssembly;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.node.NodePorts;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport;
import dev.minidynamo.replica.Replica;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.store.StoreOptions;
import dev.minidynamo.store.WalStore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Where a bug can be planted from outside: the ports of a node, and the rooms that its assembly
 * makes. Production code knows nothing of it.
 */
final class MutantSeams {

    private MutantSeams() {}

    /** A node whose ports are tampered with. */
    static Blueprint ports(UnaryOperator<NodePorts> change) {
        return (options, ports, ring) ->
                new Blueprint.Production(options, change.apply(ports), ring);
    }

    /** A node with other options. */
    static Blueprint options(UnaryOperator<NodeOptions> change) {
        return (options, ports, ring) ->
                new Blueprint.Production(change.apply(options), ports, ring);
    }

    /** The same options but for these rooms'. */
    static NodeOptions with(
            NodeOptions o,
            StoreOptions store,
            AntiEntropyOptions antiEntropy,
            CoordinatorOptions coordinator) {
        return new NodeOptions(
                o.self(), o.cluster(), store, o.hints(), o.membership(), antiEntropy, coordinator);
    }

    /** What becomes of a request on its way to another node. */
    interface Sending {
        void send(
                Transport real,
                NodeId to,
                Request request,
                Transport.Priority priority,
                long timeoutMillis,
                Consumer<Reply> onReply);
    }

    static Blueprint sending(Sending change) {
        return ports(p ->
                withRemote(
                        p,
                        (to, request, priority, timeout, onReply) ->
                                change.send(p.remote(), to, request, priority, timeout, onReply)));
    }

    /** The same ports with another way to the peers. */
    static NodePorts withRemote(NodePorts p, Transport remote) {
        return new NodePorts(
                p.clock(),
                p.scheduler(),
                p.disk(),
                p.logWorker(),
                p.hintWorker(),
                p.backgroundWorker(),
                p.random(),
                remote,
                p.fatal(),
                p.progress());
    }

    /** Replies to some requests are changed on their way back. */
    interface Rewriting {
        Reply rewrite(Request request, Reply reply);
    }

    /** A reply that does not tell how far the asker's data reached. */
    static Reply withoutMark(Request request, Reply reply) {
        return reply instanceof Reply.Pong pong
                ? new Reply.Pong(
                        pong.wallMillis(),
                        pong.synchronised(),
                        pong.blankMillisAgo(),
                        DataMark.NONE)
                : reply;
    }

    static Blueprint replies(Rewriting change) {
        return sending((real, to, request, priority, timeout, onReply) ->
                real.send(
                        to,
                        request,
                        priority,
                        timeout,
                        reply -> onReply.accept(change.rewrite(request, reply))));
    }

    /** Requests are changed on their way out. */
    static Blueprint requests(UnaryOperator<Request> change) {
        return sending((real, to, request, priority, timeout, onReply) ->
                real.send(to, change.apply(request), priority, timeout, onReply));
    }

    static Blueprint disk(UnaryOperator<Disk> change) {
        return ports(p -> withDisk(p, change.apply(p.disk())));
    }

    /** The same ports with another disk. */
    static NodePorts withDisk(NodePorts p, Disk disk) {
        return new NodePorts(
                p.clock(),
                p.scheduler(),
                disk,
                p.logWorker(),
                p.hintWorker(),
                p.backgroundWorker(),
                p.random(),
                p.remote(),
                p.fatal(),
                p.progress());
    }

    /** What a replica does with a request; {@code real} is what it should do. */
    interface Replicating {
        void handle(Rooms rooms, NodeId from, Request request, Consumer<Reply> onReply);
    }

    /** The rooms that a tampered replica can reach. */
    record Rooms(Real real, WalStore store, HintManager hints, Ring ring, NodeOptions options) {}

    /** What the shipped replica does. */
    interface Real {
        void handle(NodeId from, Request request, Consumer<Reply> onReply);
    }

    static Blueprint replica(Replicating change) {
        return (options, ports, ring) -> new TamperedReplica(options, ports, ring, change);
    }

    /** A replica that acknowledges such requests before they are durable. */
    static Blueprint acknowledgingAtOnce(Predicate<Request> which) {
        return replica((rooms, from, request, onReply) -> {
            if (which.test(request)) {
                rooms.real().handle(from, request, reply -> {});
                onReply.accept(new Reply.Written());
            } else {
                rooms.real().handle(from, request, onReply);
            }
        });
    }

    private static final class TamperedReplica extends Blueprint.Production {

        private final NodeOptions options;
        private final Ring ring;
        private final Replicating change;

        TamperedReplica(NodeOptions options, NodePorts ports, Ring ring, Replicating change) {
            super(options, ports, ring);
            this.options = options;
            this.ring = ring;
            this.change = change;
        }

        @Override
        public Replica replica(
                WalStore store,
                HintManager hints,
                Membership membership,
                AntiEntropyScheduler antiEntropy) {
            Replica real = super.replica(store, hints, membership, antiEntropy);
            Rooms rooms = new Rooms(real::handle, store, hints, ring, options);
            return new Replica(
                    store,
                    hints,
                    antiEntropy::synchronised,
                    antiEntropy::isComplete,
                    membership::clusterMillis,
                    options.coordinator().maxDriftMillis()) {
                @Override
                public void handle(NodeId from, Request request, Consumer<Reply> onReply) {
                    change.handle(rooms, from, request, onReply);
                }
            };
        }
    }

    /** An assembly whose factory methods a mutant overrides. */
    interface Assembling {
        NodeAssembly make(NodeOptions options, NodePorts ports, Ring ring);
    }

    static Blueprint assembly(Assembling make) {
        return make::make;
    }

    /** A disk that passes everything on; a mutant overrides what it wants. */
    static class PassingDisk implements Disk {

        final Disk real;

        PassingDisk(Disk real) {
            this.real = real;
        }

        @Override
        public DiskFile open(String path) throws IOException {
            return real.open(path);
        }

        @Override
        public boolean exists(String path) throws IOException {
            return real.exists(path);
        }

        @Override
        public List<String> list(String directory) throws IOException {
            return real.list(directory);
        }

        @Override
        public void createDirectories(String directory) throws IOException {
            real.createDirectories(directory);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            real.rename(from, to);
        }

        @Override
        public void delete(String path) throws IOException {
            real.delete(path);
        }

        @Override
        public void forceDirectory(String directory) throws IOException {
            real.forceDirectory(directory);
        }

        @Override
        public long usableBytes() throws IOException {
            return real.usableBytes();
        }
    }

    /** A file that passes everything on. */
    static class PassingFile implements DiskFile {

        final DiskFile real;

        PassingFile(DiskFile real) {
            this.real = real;
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            return real.read(position, into);
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            real.write(position, from);
        }

        @Override
        public void force() throws IOException {
            real.force();
        }

        @Override
        public void truncate(long bytes) throws IOException {
            real.truncate(bytes);
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }

    /** A disk whose files are wrapped. */
    static Blueprint files(UnaryOperator<DiskFile> wrap) {
        return disk(real ->
                new PassingDisk(real) {
                    @Override
                    public DiskFile open(String path) throws IOException {
                        return wrap.apply(super.open(path));
                    }
                });
    }
}
