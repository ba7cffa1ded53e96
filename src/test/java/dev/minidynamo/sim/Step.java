package dev.minidynamo.sim;

/** One thing that a scenario does to the cluster at a moment of virtual time. */
sealed interface Step {

    long atMillis();

    /** What a client asks for. */
    enum Verb {
        PUT,
        GET,
        DELETE
    }

    /**
     * A client's request.
     *
     * @param id distinct within the scenario; part of the value, so that each value is unique
     * @param node index of the node that coordinates it
     * @param key index of the key
     * @param strict whether it asks for strict mode
     * @param quorum the r of a get, the w of a put or delete; 0 for the cluster's
     * @param valueBytes length of the value of a put
     * @param ttlMillis after which the value of a put expires; 0 for never
     * @param after id of the request of the same client before it, whose end it awaits; 0 for none
     */
    record Request(
            long atMillis,
            int id,
            Verb verb,
            int node,
            int key,
            boolean strict,
            int quorum,
            int valueBytes,
            long ttlMillis,
            int after)
            implements Step {

        /** The least id of those requests that P3 has served. */
        static final int SERVED = 1_000_000;

        boolean mustBeServed() {
            return id >= SERVED;
        }

        /** How many replicas must answer. */
        int quorum(Shape shape) {
            return quorum > 0 ? quorum : verb == Verb.GET ? shape.r() : shape.w();
        }
    }

    /**
     * A fault.
     *
     * @param node index of the node that it befalls
     * @param other index of another node, where two are concerned
     * @param millis how long it lasts
     * @param amount what its kind says
     */
    record Fault(long atMillis, FaultKind kind, int node, int other, long millis, long amount)
            implements Step {}

    /**
     * A change of the ring: every node restarts with the new {@code nodes.json}; one that is in it
     * no more is stopped at once and for good.
     *
     * @param members the bits of the nodes that are in it
     * @param millis from the first restart to the last; 0 if all restart together
     */
    record NewRing(long atMillis, long members, long millis) implements Step {}
}
