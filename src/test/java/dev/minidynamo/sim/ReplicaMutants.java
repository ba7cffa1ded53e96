package dev.minidynamo.sim;

import static dev.minidynamo.sim.MutantSeams.assembly;
import static dev.minidynamo.sim.MutantSeams.options;
import static dev.minidynamo.sim.MutantSeams.replica;
import static dev.minidynamo.sim.Mutants.isClientWrite;

import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;
import dev.minidynamo.node.ClockKeeper;
import dev.minidynamo.node.NodeAssembly;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.node.NodePorts;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.sim.Mutants.Mutant;
import dev.minidynamo.store.WalStore;
import dev.minidynamo.version.HybridLogicalClock;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Bugs of a replica. */
final class ReplicaMutants {

    private ReplicaMutants() {}

    static void addTo(List<Mutant> all) {
        all.add(
                new Mutant(
                        "an older version replaces a newer one",
                        replica((rooms, from, request, onReply) -> {
                            Version held =
                                    isClientWrite(request)
                                            ? rooms.store().version(((Request.Write) request).key())
                                            : null;
                            if (held != null) {
                                rooms.store().forget(((Request.Write) request).key(), held);
                            }
                            rooms.real().handle(from, request, onReply);
                        })));
        all.add(
                new Mutant(
                        "a deleted key reads as one that was never there",
                        replica((rooms, from, request, onReply) ->
                                rooms.real()
                                        .handle(
                                                from,
                                                request,
                                                reply ->
                                                        onReply.accept(
                                                                reply
                                                                                instanceof
                                                                                Reply.Found(
                                                                                        Cell
                                                                                                        .Tombstone
                                                                                                t)
                                                                        ? new Reply.Missing()
                                                                        : reply)))));
        all.add(new Mutant("a replica answers reads from a cache", new CachingBlueprint()));
        all.add(
                new Mutant(
                        "[32] two keys become one",
                        replica((rooms, from, request, onReply) ->
                                rooms.real().handle(from, merged(request), onReply))));
        all.add(
                new Mutant(
                        "a replica says it holds nothing",
                        replica((rooms, from, request, onReply) -> {
                            if (request instanceof Request.Read
                                    && rooms.options().self().equals(Shape.id(0))) {
                                onReply.accept(new Reply.Missing());
                            } else {
                                rooms.real().handle(from, request, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "a replica says that it holds the same, whatever it holds",
                        replica((rooms, from, request, onReply) -> {
                            if (request instanceof Request.Read read
                                    && read.known() != null
                                    && rooms.store().version(read.key()) != null) {
                                onReply.accept(new Reply.Same());
                            } else {
                                rooms.real().handle(from, request, onReply);
                            }
                        })));
        all.add(
                new Mutant(
                        "[12] a rejected write is sent all the same",
                        assembly(RejectedButSent::new)));
    }

    private static Request merged(Request request) {
        return switch (request) {
            case Request.Write w when w.hintFor() == null ->
                    new Request.Write(merged(w.key()), w.cell(), w.cause(), null);
            case Request.Read r -> new Request.Read(merged(r.key()), r.known(), r.hints());
            default -> request;
        };
    }

    private static Key merged(Key key) {
        return key.equals(Key.utf8("key-1")) ? Key.utf8("key-0") : key;
    }

    private static final class CachingBlueprint implements Blueprint {

        @Override
        public NodeAssembly assembly(NodeOptions options, NodePorts ports, Ring ring) {
            Map<Key, Reply> cache = new TreeMap<>();
            return replica(
                            (rooms, from, request, onReply) -> {
                                if (request instanceof Request.Read read && read.known() == null) {
                                    Reply cached = cache.get(read.key());
                                    if (cached != null) {
                                        onReply.accept(cached);
                                        return;
                                    }
                                    rooms.real()
                                            .handle(
                                                    from,
                                                    request,
                                                    reply -> {
                                                        if (reply instanceof Reply.Found) {
                                                            cache.put(read.key(), reply);
                                                        }
                                                        onReply.accept(reply);
                                                    });
                                } else {
                                    rooms.real().handle(from, request, onReply);
                                }
                            })
                    .assembly(options, ports, ring);
        }
    }

    /** Sends what it has rejected to one replica. */
    private static final class RejectedButSent extends Blueprint.Production {

        private final NodeOptions options;
        private final NodePorts ports;

        RejectedButSent(NodeOptions options, NodePorts ports, Ring ring) {
            super(options, ports, ring);
            this.options = options;
            this.ports = ports;
        }

        @Override
        public QuorumCoordinator coordinator(
                Ring ring,
                WalStore store,
                Membership membership,
                HybridLogicalClock hlc,
                ClockKeeper keeper) {
            return new LeakyCoordinator(
                    super.coordinator(ring, store, membership, hlc, keeper),
                    new LeakyCoordinator.Parts(options, ports, ring, hlc, store.incarnation()));
        }
    }
}
