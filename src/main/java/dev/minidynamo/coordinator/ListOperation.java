package dev.minidynamo.coordinator;

import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Reply.PageEntry;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;
import dev.minidynamo.ring.PreferenceList;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One page of a key listing: every node that is up gives its next keys, and the newest version of
 * each decides whether the key is alive.
 *
 * <p>The page is right only as far as every node has told all of its keys, so it ends at the first
 * key at which a node that holds more had to stop. Each partition must have been told by R of its
 * owners.
 */
final class ListOperation {

    private final QuorumCoordinator coordinator;
    private final byte[] prefix;
    private final @Nullable Key after;
    private final int limit;
    private final Consumer<ListOutcome> done;
    private final Map<NodeId, Reply.Page> pages = new TreeMap<>();
    private int unanswered;

    ListOperation(
            QuorumCoordinator coordinator,
            byte[] prefix,
            @Nullable Key after,
            int limit,
            Consumer<ListOutcome> done) {
        this.coordinator = coordinator;
        this.prefix = prefix;
        this.after = after;
        this.limit = limit;
        this.done = done;
    }

    void start(OperationOptions how) {
        List<NodeId> asked =
                coordinator.ring().nodes().stream()
                        .filter(node -> !coordinator.peers().isDown(node))
                        .toList();
        unanswered = asked.size();
        for (NodeId node : asked) {
            coordinator.send(
                    node,
                    new Request.Scan(prefix, after, limit),
                    Priority.CLIENT,
                    how.timeoutMillis(),
                    reply -> replied(node, reply, how.quorum()));
        }
    }

    private void replied(NodeId node, Reply reply, int needed) {
        if (reply instanceof Reply.Page page) {
            pages.put(node, page);
        }
        if (--unanswered == 0) {
            int answered = fewestOwners();
            done.accept(
                    answered < needed ? new ListOutcome.Unavailable(answered, needed) : merge());
        }
    }

    /** Over all partitions, the smallest number of owners that answered. */
    private int fewestOwners() {
        int fewest = Integer.MAX_VALUE;
        for (PreferenceList list : coordinator.ring().preferenceLists()) {
            int owners = 0;
            for (NodeId primary : list.primaries()) {
                owners += pages.containsKey(primary) ? 1 : 0;
            }
            fewest = Math.min(fewest, owners);
        }
        return fewest;
    }

    private ListOutcome.Page merge() {
        TreeMap<Key, PageEntry> newest = new TreeMap<>();
        Key end = null;
        for (Reply.Page page : pages.values()) {
            for (PageEntry entry : page.entries()) {
                newest.merge(entry.key(), entry, ListOperation::newer);
            }
            if (page.more()) {
                Key last = page.entries().getLast().key();
                end = end == null || last.compareTo(end) < 0 ? last : end;
            }
        }
        Map<Key, PageEntry> complete = end == null ? newest : newest.headMap(end, true);
        List<PageEntry> entries = new ArrayList<>();
        for (PageEntry entry : complete.values()) {
            if (entries.size() == limit) {
                return new ListOutcome.Page(entries, entries.getLast().key());
            }
            if (entry.deadSinceMillis() > coordinator.wallMillis()) {
                entries.add(entry);
            }
        }
        return new ListOutcome.Page(entries, end);
    }

    private static PageEntry newer(PageEntry a, PageEntry b) {
        return b.version().isNewerThan(a.version()) ? b : a;
    }
}
