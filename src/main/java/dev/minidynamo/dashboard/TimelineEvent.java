package dev.minidynamo.dashboard;

/**
 * One line of the event timeline.
 *
 * @param id counts up, so that a page knows what it has
 * @param atMillis wall time
 * @param node whom it happened to
 * @param category what the filter goes by: process, links, membership, hints, repair, storage,
 *     other
 * @param kind one word
 * @param text a phrase that continues the node's name
 */
public record TimelineEvent(
        long id, long atMillis, String node, String category, String kind, String text) {}
