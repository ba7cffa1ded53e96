package dev.minidynamo.dashboard;

import java.util.List;

/**
 * What came of a request, for the page.
 *
 * @param good whether it was carried out
 * @param headline the outcome in a sentence
 * @param facts further facts, such as version and latency
 * @param value what was read, in the chosen form; empty if nothing
 * @param unshown why a value that was read is not shown, in a sentence; else empty
 * @param trace what happened, step by step
 * @param traceJson the same for the drawing
 */
public record KvResult(
        boolean good,
        String headline,
        List<String> facts,
        String value,
        boolean hasValue,
        String unshown,
        List<Row> rows,
        String curl,
        List<TraceStep> trace,
        String traceJson) {

    /**
     * One replica's part.
     *
     * @param slot the node's place in nodes.json, for its colour
     * @param answer the word of its answer
     * @param meaning the same in a phrase
     */
    public record Row(
            String node,
            int slot,
            String standsFor,
            String answer,
            String meaning,
            String time,
            String version,
            String detail) {}

    /** A request that could not even be made. */
    static KvResult refused(String sentence, String curl) {
        return new KvResult(
                false, sentence, List.of(), "", false, "", List.of(), curl, List.of(), "[]");
    }
}
