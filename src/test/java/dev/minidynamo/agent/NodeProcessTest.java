package dev.minidynamo.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Real processes, real signals. */
class NodeProcessTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AgentEvents events = new AgentEvents();
    private final NodeProcess node = process("echo hello; exec sleep 600");

    private NodeProcess process(String script) {
        return new NodeProcess(
                new LaunchPlan(new NodeId("n1"), "127.0.0.1:1", List.of("/bin/sh", "-c", script)),
                surroundings(NodeProcess.LONGEST_PAUSE));
    }

    private NodeProcess.Surroundings surroundings(Duration longestPause) {
        return new NodeProcess.Surroundings(
                new Spawner(), uri -> true, longestPause, lines::add, events::publish);
    }

    @AfterEach
    void stop() {
        node.stop();
    }

    private ProcessHandle up() {
        node.start();
        awaitState(node, NodeState.UP);
        return handle(node);
    }

    private static ProcessHandle handle(NodeControl control) {
        Long pid = control.view().pid();
        assertThat(pid).isNotNull();
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static void awaitState(NodeProcess process, NodeState state) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    process.tick();
                    return process.view().state() == state;
                });
    }

    @Test
    void aStartedNodeIsUpOnceItAnswersAndItsLinesAreForwarded() {
        up();
        await().atMost(SOON).until(() -> lines.contains("hello"));
        assertThat(events.recent())
                .extracting(AgentEvent::state)
                .containsExactly(NodeState.STARTING, NodeState.UP);
    }

    @Test
    void killIsSigkillAndTheNodeStaysDown() {
        ProcessHandle before = up();

        NodeView view = node.kill();

        assertThat(view.state()).isEqualTo(NodeState.KILLED);
        assertThat(view.exitStatus()).isEqualTo(128 + 9);
        assertThat(view.pid()).isNull();
        assertThat(before.isAlive()).isFalse();
        node.tick();
        assertThat(node.view().state()).isEqualTo(NodeState.KILLED);
        assertThatThrownBy(node::kill)
                .isInstanceOf(ControlException.class)
                .hasMessage("n1 is killed, so it cannot be killed.");
    }

    @Test
    void pauseIsSigstopAndResumeLetsTheSameProcessRunOn() {
        ProcessHandle process = up();

        assertThat(node.pause().state()).isEqualTo(NodeState.PAUSED);
        assertThat(Signals.stopped(process.pid())).contains(true);

        assertThat(node.resume().state()).isEqualTo(NodeState.UP);
        assertThat(Signals.stopped(process.pid())).contains(false);
        assertThat(handle(node).pid()).isEqualTo(process.pid());
        assertThatThrownBy(node::resume).hasMessage("n1 is up, not paused.");
    }

    @Test
    void aNodeThatIsPausedWhileItStartsIsStartingAgainWhenItRunsOn() {
        NodeProcess silent =
                new NodeProcess(
                        new LaunchPlan(
                                new NodeId("n1"),
                                "127.0.0.1:1",
                                List.of("/bin/sh", "-c", "exec sleep 600")),
                        new NodeProcess.Surroundings(
                                new Spawner(),
                                address -> false,
                                NodeProcess.LONGEST_PAUSE,
                                lines::add,
                                events::publish));
        silent.start();
        silent.pause();

        assertThat(silent.resume().state()).isEqualTo(NodeState.STARTING);
        silent.stop();
    }

    @Test
    void aProcessThatSomebodyElseStoppedIsShownAsPaused() throws Exception {
        ProcessHandle process = up();
        Signals.send("STOP", process.pid());
        awaitState(node, NodeState.PAUSED);
        Signals.send("CONT", process.pid());
        awaitState(node, NodeState.UP);
    }

    @Test
    void restartEndsAPausedProcessAndStartsAFreshOne() {
        ProcessHandle before = up();
        node.pause();

        assertThat(node.restart().state()).isEqualTo(NodeState.STARTING);

        assertThat(before.isAlive()).isFalse();
        awaitState(node, NodeState.UP);
        assertThat(handle(node).pid()).isNotEqualTo(before.pid());
    }

    @Test
    void aNodeThatSomebodyElseKilledIsShownAsCrashedAndStartedAgain() {
        ProcessHandle before = up();
        before.destroyForcibly();

        awaitState(node, NodeState.CRASHED);
        assertThat(node.view().note())
                .isEqualTo("It ended by itself, exit status 137; it is started again.");
        awaitState(node, NodeState.UP);
        assertThat(node.view().restarts()).isEqualTo(1);
    }

    @Test
    void aNodeThatRefusesItsFirstStartIsNotStartedAgain() {
        NodeProcess refusing = process("exit 2");
        refusing.start();
        awaitState(refusing, NodeState.CRASHED);
        assertThat(refusing.view().exitStatus()).isEqualTo(2);
        assertThat(refusing.view().note()).isEqualTo("It could not start; its log says why.");
        await().during(Duration.ofMillis(NodeProcess.FIRST_BACKOFF_MILLIS * 2))
                .atMost(SOON)
                .until(() -> {
                    refusing.tick();
                    return refusing.view().state() == NodeState.CRASHED;
                });
    }

    @Test
    void aPauseThatNobodyEndsEndsByItself() {
        NodeProcess paused =
                new NodeProcess(
                        new LaunchPlan(new NodeId("n2"), "127.0.0.1:1", List.of("sleep", "600")),
                        surroundings(Duration.ZERO));
        paused.start();
        awaitState(paused, NodeState.UP);
        paused.pause();
        awaitState(paused, NodeState.UP);
        paused.stop();
        assertThat(events.recent())
                .extracting(AgentEvent::state)
                .containsExactly(
                        NodeState.STARTING,
                        NodeState.UP,
                        NodeState.PAUSED,
                        NodeState.UP,
                        NodeState.STOPPED);
    }

    /** Whoever stopped the process by a signal of his own lets it run on himself. */
    @Test
    void aPauseOfSomebodyElseDoesNotEndByItself() throws IOException {
        NodeProcess stopped =
                new NodeProcess(
                        new LaunchPlan(new NodeId("n2"), "127.0.0.1:1", List.of("sleep", "600")),
                        surroundings(Duration.ZERO));
        stopped.start();
        awaitState(stopped, NodeState.UP);
        Signals.send("STOP", handle(stopped).pid());
        awaitState(stopped, NodeState.PAUSED);
        stopped.tick();
        stopped.tick();
        assertThat(stopped.view().state()).isEqualTo(NodeState.PAUSED);
        stopped.stop();
    }

    @Test
    void aProgramThatDoesNotExistIsACrashWithItsReason() {
        NodeProcess missing =
                new NodeProcess(
                        new LaunchPlan(
                                new NodeId("n2"), "127.0.0.1:1", List.of("/no/such/program")),
                        surroundings(NodeProcess.LONGEST_PAUSE));
        missing.start();
        awaitState(missing, NodeState.CRASHED);
        missing.stop();
        assertThat(missing.view().state()).isIn(NodeState.STOPPED, NodeState.CRASHED);
    }
}
