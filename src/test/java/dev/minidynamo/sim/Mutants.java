package dev.minidynamo.sim;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Request.Cause;
import dev.minidynamo.protocol.Transport;
import dev.minidynamo.protocol.Transport.Priority;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The bugs that can be planted; numbers in brackets are those of the list of known bugs. */
final class Mutants {

    private Mutants() {}

    /**
     * A bug.
     *
     * @param name what the code would do wrong, in one sentence
     * @param mayShowIn whether it may do anything wrong in a scenario
     */
    record Mutant(String name, Blueprint blueprint, Predicate<Scenario> mayShowIn) {

        /** A bug that some faults bring out, or that needs none of them. */
        Mutant(String name, Blueprint blueprint, FaultKind... where) {
            this(
                    name,
                    blueprint,
                    scenario -> where.length == 0 || Stream.of(where).anyMatch(scenario::has));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        WriteMutants.addTo(all);
        HintMutants.addTo(all);
        DiskMutants.addTo(all);
        ReplicaMutants.addTo(all);
        RepairMutants.addTo(all);
        ClockMutants.addTo(all);
        return all;
    }

    static void onReplySoon(Transport real, NodeId to, Consumer<Reply> onReply) {
        real.send(
                to,
                new Request.Ping(0),
                Priority.CLIENT,
                1,
                reply -> onReply.accept(new Reply.Written()));
    }

    static boolean isClientWrite(Request request) {
        return request instanceof Request.Write write
                && write.cause() == Cause.CLIENT
                && write.hintFor() == null;
    }
}
