package dev.minidynamo.coordinator;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;

import org.jspecify.annotations.Nullable;

/**
 * What one node answered within a request.
 *
 * @param node who answered
 * @param standsFor the primary that the node stands in for, or null if it is a primary itself
 * @param answer what it said
 * @param version the version it holds after a read, or that superseded a write; null if none
 * @param elapsedMicros from sending to answering, 0 if it has not answered
 * @param detail of a refusal or failure, else empty
 */
public record ReplicaAnswer(
        NodeId node,
        @Nullable NodeId standsFor,
        Answer answer,
        @Nullable Version version,
        long elapsedMicros,
        String detail) {

    /** The kinds of answers. */
    public enum Answer {
        /** It has stored the write durably. */
        ACK("ack"),
        /** It holds a newer version than the write. */
        SUPERSEDED("superseded"),
        /** A hint for this primary is durable on another node. */
        HINTED("hinted"),
        /** It holds the newest version that was read. */
        NEWEST("newest"),
        /** It held an older version, or nothing, and has been or is being repaired. */
        STALE("stale"),
        /** It holds nothing, like all that answered. */
        MISSING("missing"),
        /** It was reached and refused. */
        REFUSED("refused"),
        /** It did not answer, or too late. */
        FAILED("failed"),
        /** It is known to be down and was not asked. */
        DOWN("down"),
        /** It was not asked, because the request was turned away. */
        UNASKED("unasked"),
        /** It had not answered when the request was answered. */
        PENDING("pending");

        private final String word;

        Answer(String word) {
            this.word = word;
        }

        /** The word used in headers and JSON. */
        public String word() {
            return word;
        }
    }
}
