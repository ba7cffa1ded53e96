package dev.minidynamo.sim;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.node.Node;
import dev.minidynamo.node.NodeAssembly;
import dev.minidynamo.node.NodeOptions;
import dev.minidynamo.node.NodePorts;
import dev.minidynamo.protocol.BatchAdmission;
import dev.minidynamo.protocol.BatchAnswer;
import dev.minidynamo.protocol.RequestBatch;
import dev.minidynamo.ring.Ring;

/**
 * How a simulated node is built: as in production, with its ring taken from a cache. A mutant is
 * another blueprint.
 */
interface Blueprint {

    /** The node as it is shipped. */
    Blueprint PRODUCTION = Production::new;

    /**
     * The assembly of one start of one node.
     *
     * @param ring made before, because making one takes longer than a simulated second
     */
    NodeAssembly assembly(NodeOptions options, NodePorts ports, Ring ring);

    /** Who lets batches in at one node. */
    default Admission admission(Node node, ClusterConfig config) {
        return new BatchAdmission(node.identity(), config.ids(), SimOptions.MESSAGE_AGE_MILLIS)
                ::refusal;
    }

    /** Says why a batch is refused whole, or null. */
    interface Admission {
        BatchAnswer.Refusal refusal(RequestBatch batch);
    }

    /** The shipped assembly. */
    class Production extends NodeAssembly {

        private final Ring ring;

        Production(NodeOptions options, NodePorts ports, Ring ring) {
            super(options, ports);
            this.ring = ring;
        }

        @Override
        public Ring ring() {
            return ring;
        }
    }
}
