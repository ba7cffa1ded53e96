package dev.minidynamo.node;

import dev.minidynamo.antientropy.AntiEntropyScheduler;
import dev.minidynamo.antientropy.TombstoneReaper;
import dev.minidynamo.env.Clock;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.replica.Replica;

import java.util.function.Consumer;

/** Hands each request of a peer, or of the node itself, to the room that answers it. */
final class NodeRequestHandler implements RequestHandler {

    private final Replica replica;
    private final AntiEntropyScheduler antiEntropy;
    private final TombstoneReaper reaper;
    private final Membership membership;
    private final Clock clock;

    NodeRequestHandler(
            Replica replica,
            AntiEntropyScheduler antiEntropy,
            TombstoneReaper reaper,
            Membership membership,
            Clock clock) {
        this.replica = replica;
        this.antiEntropy = antiEntropy;
        this.reaper = reaper;
        this.membership = membership;
        this.clock = clock;
    }

    @Override
    public void handle(NodeId from, Request request, Consumer<Reply> onReply) {
        switch (request) {
            case Request.Write write -> replica.handle(from, write, onReply);
            case Request.Read read -> replica.handle(from, read, onReply);
            case Request.Scan scan -> replica.handle(from, scan, onReply);
            case Request.Inspect inspect -> replica.handle(from, inspect, onReply);
            case Request.Ping ping ->
                    onReply.accept(
                            new Reply.Pong(
                                    clock.wallMillis(),
                                    antiEntropy.synchronised(),
                                    antiEntropy.blankMillisAgo(),
                                    membership.markOf(from)));
            case Request.TreeHashes hashes -> onReply.accept(antiEntropy.treeHashes(from, hashes));
            case Request.LeafList leaves -> onReply.accept(antiEntropy.leafList(leaves));
            case Request.Fetch fetch -> onReply.accept(antiEntropy.fetch(from, fetch));
            case Request.ConfirmTombstones confirm -> onReply.accept(reaper.confirm(confirm));
            case Request.ReapTombstones reap -> reaper.reap(reap, onReply);
        }
    }
}
