package dev.minidynamo.protocol;

import dev.minidynamo.model.NodeId;

/**
 * What stands before the requests or replies of a batch.
 *
 * @param sender the node that made the batch
 * @param ringFingerprint of the sender's ring; a batch of another ring is refused whole
 * @param timestamp the sender's hybrid logical time; see {@link
 *     dev.minidynamo.model.Version#timestamp}
 * @param wallMillis the majority's time as the sender reckons it, from which the receiver knows a
 *     message that was under way for too long, even where one of the two clocks is wrong
 * @param mark how far the sender's data reach; {@link DataMark#NONE} unless its replica counts in
 *     read quorums
 */
public record BatchHeader(
        NodeId sender, long ringFingerprint, long timestamp, long wallMillis, DataMark mark) {}
