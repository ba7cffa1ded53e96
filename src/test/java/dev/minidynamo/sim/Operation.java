package dev.minidynamo.sim;

import dev.minidynamo.coordinator.ReadOutcome;
import dev.minidynamo.coordinator.WriteOutcome;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;

import java.nio.ByteBuffer;

/** A client's request in the history: when it began, when it ended, and how. */
final class Operation {

    final Step.Request request;
    final Key key;
    final byte[] value;
    final long invokedNanos;

    /** What a strict read that begins now must at least return; null if anything will do. */
    Version readFloor;

    /** What a strict write that begins now must exceed; null if anything will do. */
    Version writeFloor;

    /** Which ring of the cluster its coordinator is on. */
    int ring;

    /** Whether it is strict, at a coordinator that is on the ring. */
    boolean strict;

    /** The highest timestamp that the coordinator was seen to give out before. */
    long stampFloor;

    /** The delete that all owners held when this began, or null. */
    Version deletedEverywhere;

    long endedNanos = -1;
    WriteOutcome written;
    ReadOutcome read;

    Operation(Step.Request request, Key key, long invokedNanos) {
        this.request = request;
        this.key = key;
        this.invokedNanos = invokedNanos;
        this.value = valueOf(request);
    }

    /** The bytes of a put: its id, then a pattern that no other put has. */
    static byte[] valueOf(Step.Request request) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.max(12, request.valueBytes()));
        bytes.putInt(request.id());
        bytes.putLong(0x9e3779b97f4a7c15L * (request.id() + 1));
        while (bytes.hasRemaining()) {
            bytes.put((byte) (request.id() + bytes.position()));
        }
        return bytes.array();
    }

    static int idOf(Cell.Live cell) {
        return cell.value().length < 12 ? -1 : ByteBuffer.wrap(cell.value()).getInt();
    }

    boolean ended() {
        return endedNanos >= 0;
    }

    boolean acknowledged() {
        return written instanceof WriteOutcome.Written;
    }

    boolean rejected() {
        return written instanceof WriteOutcome.Rejected;
    }

    /** The version of an acknowledged write, or null. */
    Version version() {
        return written instanceof WriteOutcome.Written done ? done.version() : null;
    }

    /** How many versions of a write may be in the world that no answer names. */
    int unknownVersions() {
        if (rejected()) {
            return 0;
        }
        int stamped = request.strict() ? 2 : 1;
        return acknowledged() ? stamped - 1 : stamped;
    }

    @Override
    public String toString() {
        Object outcome = written != null ? written : read != null ? read : "no answer";
        return request + " of " + key + ": " + outcome;
    }
}
