package dev.minidynamo.coordinator;

/**
 * How one request is to be carried out.
 *
 * @param quorum replicas that must answer: R of a read, W of a write
 * @param mode which nodes may stand for the key
 * @param timeoutMillis after which the request is answered with what is known
 */
public record OperationOptions(int quorum, Mode mode, long timeoutMillis) {}
