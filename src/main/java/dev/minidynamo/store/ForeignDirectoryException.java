package dev.minidynamo.store;

import java.io.IOException;

/** The data directory holds the data of another node or cluster. */
public final class ForeignDirectoryException extends IOException {

    private static final long serialVersionUID = 1L;

    ForeignDirectoryException(NodeFile.Identity found, NodeFile.Identity wanted) {
        super(
                "the data directory belongs to node \""
                        + found.id()
                        + "\" of cluster \""
                        + found.cluster()
                        + "\", not to node \""
                        + wanted.id()
                        + "\" of cluster \""
                        + wanted.cluster()
                        + "\"; give this node its own --data-dir.");
    }
}
