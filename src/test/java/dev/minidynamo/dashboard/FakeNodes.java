package dev.minidynamo.dashboard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Three stand-ins for nodes, on free ports. */
final class FakeNodes implements AutoCloseable {

    private final List<FakeNode> nodes = new ArrayList<>();

    FakeNodes() throws IOException {
        List<String> ids = List.of("n1", "n2", "n3");
        for (String id : ids) {
            nodes.add(new FakeNode(id, 0, ids));
        }
    }

    List<FakeNode> all() {
        return nodes;
    }

    @Override
    public void close() {
        nodes.forEach(FakeNode::close);
    }
}
