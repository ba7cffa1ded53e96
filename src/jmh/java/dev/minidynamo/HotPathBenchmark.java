package dev.minidynamo;

import dev.minidynamo.antientropy.HashTree;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.MalformedMessageException;
import dev.minidynamo.protocol.RequestBatch;
import dev.minidynamo.ring.PreferenceList;
import dev.minidynamo.ring.Ring;
import dev.minidynamo.version.CellMerge;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The steps of a request that use the processor alone, each beside a baseline that is the plain way
 * to do it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HotPathBenchmark {

    private final Ring ring = new Ring(HotPathInput.config());
    private final TreeMap<Long, NodeId> tokens = new TreeMap<>(Long::compareUnsigned);
    private final HashTree tree = new HashTree(HotPathInput.N1, ring);
    private final BatchCodec codec = new BatchCodec();
    private final RequestBatch batch = HotPathInput.batch();
    private final byte[] encoded = codec.encode(batch);
    private final Cell older = HotPathInput.cell(1);
    private final Cell newer = HotPathInput.cell(2);
    private int next;

    public HotPathBenchmark() {
        ring.vnodes().forEach(vnode -> tokens.put(vnode.token(), vnode.node()));
    }

    /** The replicas of a key, from its bytes. */
    @Benchmark
    public PreferenceList ringLookup() {
        return ring.preferenceList(older.version().timestamp() == 1 ? KEY : OTHER);
    }

    private static final Key KEY = HotPathInput.key(1);
    private static final Key OTHER = HotPathInput.key(2);

    /** Baseline of {@link #ringLookup}: three nodes by a walk over a sorted map of tokens. */
    @Benchmark
    public List<NodeId> ringLookupBySortedMap() {
        List<NodeId> found = new ArrayList<>(3);
        for (NodeId node : tokens.tailMap(Ring.tokenOf(KEY), true).values()) {
            if (!found.contains(node)) {
                found.add(node);
            }
            if (found.size() == 3) {
                break;
            }
        }
        return found;
    }

    /** 32 writes of 100 bytes as one message. */
    @Benchmark
    public byte[] encodeBatch() {
        return codec.encode(batch);
    }

    /** The way back. */
    @Benchmark
    public RequestBatch decodeBatch() throws MalformedMessageException {
        return codec.decodeRequests(encoded, encoded.length);
    }

    /** Baseline of the codec: copying the message's bytes. */
    @Benchmark
    public byte[] copyBatch() {
        return encoded.clone();
    }

    /** A changed entry of a leaf. */
    @Benchmark
    public HashTree updateHashTree() {
        next++;
        tree.changed(next & (HashTree.LEAVES - 1), next, next + 1L);
        return tree;
    }

    /** The newer of two cells. */
    @Benchmark
    public Cell merge() {
        return CellMerge.merge(older, newer);
    }
}
