package dev.minidynamo.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.coordinator.WriteQuorum.State;
import dev.minidynamo.model.Cell;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;

import org.junit.jupiter.api.Test;

/** The quorum arithmetic of promises P2, P3 and P5. */
class QuorumTest {

    private static final Cell OLD = new Cell.Tombstone(new Version(1, new NodeId("n1"), 0));
    private static final Cell NEW = new Cell.Tombstone(new Version(2, new NodeId("n1"), 0));

    private static WriteQuorum write(int needed, int asked) {
        WriteQuorum quorum = new WriteQuorum(needed, asked);
        for (int i = 0; i < asked; i++) {
            quorum.asked(i);
        }
        return quorum;
    }

    private static ReadQuorum read(int answers, int holders, int asked) {
        ReadQuorum quorum = new ReadQuorum(answers, holders);
        for (int i = 0; i < asked; i++) {
            quorum.asked();
        }
        return quorum;
    }

    @Test
    void aWriteIsReachedAtWAcknowledgements() {
        WriteQuorum quorum = write(2, 3);
        quorum.acknowledged(0);
        assertThat(quorum.state()).isEqualTo(State.PENDING);
        quorum.failed(1);
        assertThat(quorum.state()).isEqualTo(State.PENDING);
        quorum.acknowledged(2);
        assertThat(quorum.state()).isEqualTo(State.REACHED);
    }

    @Test
    void aWriteIsImpossibleWhenTooFewAreLeftAndPossibleAgainWithAStandIn() {
        WriteQuorum quorum = write(2, 3);
        quorum.failed(0);
        quorum.failed(1);
        assertThat(quorum.state()).isEqualTo(State.IMPOSSIBLE);
        quorum.asked(1);
        assertThat(quorum.state()).isEqualTo(State.PENDING);
    }

    /** P1: the stand-in drops its hint when the primary has the write, so both are one copy. */
    @Test
    void aPrimaryAndItsStandInCountOnce() {
        WriteQuorum quorum = write(2, 3);
        quorum.asked(1);
        quorum.acknowledged(1);
        quorum.acknowledged(1);
        assertThat(quorum.acks()).isEqualTo(1);
        assertThat(quorum.state()).isEqualTo(State.PENDING);
        quorum.acknowledged(0);
        assertThat(quorum.state()).isEqualTo(State.REACHED);
    }

    @Test
    void aReadIsReachedAtRAnswersWithTheNewestOfThem() {
        ReadQuorum quorum = read(2, 0, 3);
        quorum.answered(OLD);
        assertThat(quorum.state()).isEqualTo(State.PENDING);
        quorum.answered(NEW);
        assertThat(quorum.state()).isEqualTo(State.REACHED);
        assertThat(quorum.winner()).isEqualTo(NEW);
    }

    @Test
    void aReadOfNothingIsAnAnswerToo() {
        ReadQuorum quorum = read(2, 2, 3);
        quorum.answered(null);
        quorum.answered(null);
        assertThat(quorum.state()).isEqualTo(State.REACHED);
        assertThat(quorum.winner()).isNull();
    }

    @Test
    void aStrictReadWaitsUntilEnoughReplicasHoldTheWinner() {
        ReadQuorum quorum = read(2, 2, 3);
        quorum.answered(null);
        quorum.answered(NEW);
        quorum.repairStarted();
        assertThat(quorum.state()).isEqualTo(State.PENDING);
        quorum.repairEnded(NEW, true);
        assertThat(quorum.state()).isEqualTo(State.REACHED);
    }

    @Test
    void aRepairOfWhatIsNoLongerTheWinnerDoesNotCount() {
        ReadQuorum quorum = read(2, 2, 3);
        quorum.answered(null);
        quorum.answered(OLD);
        quorum.repairStarted();
        quorum.answered(NEW);
        quorum.repairEnded(OLD, true);
        assertThat(quorum.state()).isEqualTo(State.IMPOSSIBLE);
        assertThat(quorum.missing()).contains("only 1 of 2 that a strict read needs");
        quorum.repairStarted();
        quorum.repairEnded(NEW, true);
        assertThat(quorum.state()).isEqualTo(State.REACHED);
    }

    /** P3: those that differ are repaired once enough have answered. */
    @Test
    void aStrictReadOfReplicasThatDifferAwaitsTheLastAnswer() {
        ReadQuorum quorum = read(3, 3, 3);
        quorum.answered(OLD);
        quorum.answered(NEW);
        assertThat(quorum.state()).isEqualTo(State.PENDING);
        quorum.answered(OLD);
        quorum.repairStarted();
        quorum.repairStarted();
        assertThat(quorum.state()).isEqualTo(State.PENDING);
        quorum.repairEnded(NEW, true);
        quorum.repairEnded(NEW, true);
        assertThat(quorum.state()).isEqualTo(State.REACHED);
    }

    @Test
    void aReadIsImpossibleWhenTooFewAnswer() {
        ReadQuorum quorum = read(2, 0, 3);
        quorum.failed();
        quorum.answered(OLD);
        assertThat(quorum.state()).isEqualTo(State.PENDING);
        quorum.failed();
        assertThat(quorum.state()).isEqualTo(State.IMPOSSIBLE);
        assertThat(quorum.missing()).isEqualTo("too few replicas answered");
    }
}
