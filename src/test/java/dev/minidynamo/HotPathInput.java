package dev.minidynamo;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.protocol.BatchHeader;
import dev.minidynamo.protocol.DataMark;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestBatch;
import dev.minidynamo.protocol.Transport;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the benchmarks and the count of allocations put through the steps of a request. */
final class HotPathInput {

    static final NodeId N1 = new NodeId("n1");

    private static final int BATCH = 32;

    private HotPathInput() {}

    static ClusterConfig config() {
        List<ClusterConfig.Member> members = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            members.add(new ClusterConfig.Member(new NodeId("n" + i), "localhost:" + i, "", null));
        }
        return new ClusterConfig("allocations", members, 256, 3, 2, 2);
    }

    static Key key(int number) {
        return Key.of(("user-%019d".formatted(number)).getBytes(StandardCharsets.US_ASCII));
    }

    static Cell cell(int timestamp) {
        Version version = new Version(timestamp, N1, 7);
        return new Cell.Live(version, new byte[100], Cell.DEFAULT_CONTENT_TYPE, Cell.NEVER);
    }

    static RequestBatch batch() {
        List<RequestBatch.Item> items = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            Request write = new Request.Write(key(i), cell(i + 1), Request.Cause.CLIENT, null);
            items.add(new RequestBatch.Item(2_000, Transport.Priority.CLIENT, write));
        }
        return new RequestBatch(new BatchHeader(N1, 1, 1, 1, DataMark.NONE), items);
    }
}
