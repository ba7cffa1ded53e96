package dev.minidynamo.api;

import dev.minidynamo.coordinator.OperationOptions;
import dev.minidynamo.coordinator.QuorumCoordinator;
import dev.minidynamo.coordinator.Value;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * {@code /kv/{key}} for requests in the plain form, as {@link KeyValueController} serves them:
 * without parameters, so with the quorums of the cluster.
 */
final class KeyHandler implements PlainHandler {

    private final QuorumCoordinator coordinator;
    private final Admission admission;
    private final OperationOptions reading;
    private final OperationOptions writing;
    private final int maxValueBytes;

    KeyHandler(
            QuorumCoordinator coordinator,
            ClusterConfig config,
            ApiOptions options,
            Admission admission) {
        this.coordinator = coordinator;
        this.admission = admission;
        this.reading = options.operation(config.r());
        this.writing = options.operation(config.w());
        this.maxValueBytes = options.bounds().valueBytes();
    }

    @Override
    public void takeBody(PlainRequest request) {
        if (request.bodyBytes() > maxValueBytes) {
            throw ValueBody.tooLarge(maxValueBytes);
        }
        admission.takeBody(request.bodyBytes(), writing.quorum());
    }

    @Override
    public void releaseBody(PlainRequest request) {
        admission.releaseBody(request.bodyBytes());
    }

    @Override
    public void serve(PlainRequest request, byte[] body, Consumer<HttpAnswer> answer) {
        Key key = RawKey.fromPath(request.uri(), KeyValueController.PATH);
        switch (request.method()) {
            case "GET" -> coordinator.get(key, reading, once(reading, Answers::read, answer));
            case "DELETE" ->
                    coordinator.delete(key, writing, once(writing, Answers::written, answer));
            default -> {
                Value value = new Value(body, ValueBody.contentType(request.contentType()), 0);
                coordinator.put(key, value, writing, once(writing, Answers::written, answer));
            }
        }
    }

    /** Takes room for an operation, and gives it back with the outcome. */
    private <T> Consumer<T> once(
            OperationOptions how, Function<T, HttpAnswer> worded, Consumer<HttpAnswer> answer) {
        admission.takeOperation(how.quorum());
        return outcome -> {
            admission.releaseOperation();
            answer.accept(worded.apply(outcome));
        };
    }
}
