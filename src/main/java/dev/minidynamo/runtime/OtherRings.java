package dev.minidynamo.runtime;

import dev.minidynamo.model.NodeId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The peers that refuse this node because their ring is another; each is logged once. */
final class OtherRings {

    private static final Logger LOG = LoggerFactory.getLogger(OtherRings.class);

    private final Map<NodeId, String> sentences = new TreeMap<>();

    /** Notes that a peer refused requests, in a sentence that names both rings. */
    void refused(NodeId peer, String sentence) {
        if (!sentence.equals(sentences.put(peer, sentence))) {
            LOG.warn("{}; they refuse each other until their nodes.json are the same.", sentence);
        }
    }

    /** Notes that a peer took requests. */
    void accepted(NodeId peer) {
        if (!sentences.isEmpty() && sentences.remove(peer) != null) {
            LOG.info("{} has the ring of this node now.", peer);
        }
    }

    Set<NodeId> peers() {
        return new TreeSet<>(sentences.keySet());
    }
}
