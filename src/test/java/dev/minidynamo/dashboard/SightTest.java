package dev.minidynamo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minidynamo.agent.AgentEvent;
import dev.minidynamo.agent.NodeState;
import dev.minidynamo.agent.NodeView;
import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is told of a cluster in words and figures. */
class SightTest {

    private static final long NOW = 1_000_000_000;
    private static final ClusterConfig CONFIG = cluster(3);

    private static ClusterConfig cluster(int nodes) {
        List<ClusterConfig.Member> members =
                IntStream.rangeClosed(1, nodes)
                        .mapToObj(i -> new NodeId("n" + i))
                        .map(id -> new ClusterConfig.Member(id, id + ":1", "", null))
                        .toList();
        return new ClusterConfig("demo", members, 64, 3, 2, 2);
    }

    private static NodeSight node(String id, Condition condition, long hintsForN2) {
        boolean up = condition == Condition.UP;
        NodeView view =
                new NodeView(
                        new NodeId(id),
                        id + ":1",
                        up ? NodeState.UP : NodeState.KILLED,
                        null,
                        0,
                        null,
                        0,
                        "",
                        true);
        Map<String, Object> status =
                Map.of(
                        "store", Map.of("liveKeys", 1204),
                        "hints",
                                Map.of(
                                        "count",
                                        hintsForN2,
                                        "targets",
                                        List.of(
                                                Map.of(
                                                        "target",
                                                        Map.of("value", "n2"),
                                                        "count",
                                                        hintsForN2))));
        NodeNumbers numbers = new NodeNumbers(JsonMapper.shared().valueToTree(status));
        return new NodeSight(view, condition, NOW - 12_000, numbers, NOW - 14_000, up);
    }

    private static ClusterSight sight(Condition second, Condition third, long hints) {
        return new ClusterSight(
                NOW,
                CONFIG,
                List.of(
                        node("n1", Condition.UP, hints),
                        node("n2", second, 0),
                        node("n3", third, 0)),
                List.of());
    }

    @Test
    void theHealthSentenceSaysWhatIsLostAndWhatMayStillBeLost() {
        assertThat(Health.sentence(sight(Condition.DOWN, Condition.UP, 37)))
                .isEqualTo(
                        "2 of 3 nodes up · writes OK (W=2) · n2 down 12 s · 37 hints waiting · can"
                                + " lose 0 more");
        assertThat(Health.sentence(sight(Condition.UP, Condition.UP, 0)))
                .isEqualTo("3 of 3 nodes up · writes OK (W=2) · no hints waiting · can lose 1");
        assertThat(Health.sentence(sight(Condition.DOWN, Condition.PAUSED, 1)))
                .isEqualTo(
                        "1 of 3 nodes up · writes refused (W=2) · reads refused (R=2) · n2 down 12"
                                + " s · n3 paused 12 s · 1 hint waiting · needs 1 more to serve"
                                + " everything");
    }

    @Test
    void theAnnouncementHoldsNothingThatChangesEverySecond() {
        ClusterSight early = sight(Condition.DOWN, Condition.UP, 37);
        ClusterSight later = new ClusterSight(NOW + 5_000, CONFIG, early.nodes(), List.of());

        assertThat(Health.announcement(later)).isEqualTo(Health.announcement(early));
        assertThat(Health.sentence(later)).isNotEqualTo(Health.sentence(early));
    }

    @Test
    void aSilentNodeKeepsItsLastFiguresWithTheirAge() {
        Map<String, String> live = LiveValues.of(sight(Condition.DOWN, Condition.UP, 37), Map.of());

        assertThat(live)
                .containsEntry("n2.keys", "1,204")
                .containsEntry("n2.asof", "as of 14 s ago");
        assertThat(live).containsEntry("n2.stale", "true").containsEntry("n2.no-kill", "true");
        assertThat(live).containsEntry("n1.asof", "").containsEntry("n1.hints", "n2: 37");
        assertThat(live).containsEntry("n2.no-restart", "");
    }

    @Test
    void theUptimeOfADeadNodeStandsStill() {
        Map<String, Object> status = Map.of("startedMillis", NOW - 44_000);
        NodeNumbers numbers = new NodeNumbers(JsonMapper.shared().valueToTree(status));
        NodeView view = node("n2", Condition.DOWN, 0).view();
        NodeSight dead = new NodeSight(view, Condition.DOWN, NOW, numbers, NOW - 14_000, false);
        ClusterSight sight = new ClusterSight(NOW, CONFIG, List.of(dead), List.of());

        assertThat(LiveValues.of(sight, Map.of())).containsEntry("n2.uptime", "30 s");
        NodeSight alive = new NodeSight(view, Condition.UP, NOW, numbers, NOW, true);
        sight = new ClusterSight(NOW, CONFIG, List.of(alive), List.of());
        assertThat(LiveValues.of(sight, Map.of())).containsEntry("n2.uptime", "44 s");
    }

    @Test
    void everyEndAndReturnOfAProcessIsMarkedHoweverShort() {
        Samples samples = new Samples();
        for (NodeState state :
                List.of(
                        NodeState.STARTING,
                        NodeState.UP,
                        NodeState.KILLED,
                        NodeState.STARTING,
                        NodeState.UP,
                        NodeState.UNKNOWN,
                        NodeState.UP,
                        NodeState.PAUSED,
                        NodeState.KILLED,
                        NodeState.UP)) {
            samples.take(new AgentEvent(NOW, new NodeId("n1"), state, ""));
        }

        assertThat(samples.marks())
                .extracting(Samples.Mark::what)
                .containsExactly("down", "up", "paused", "down", "up");
    }

    @Test
    void aNodeThatDiedByItselfIsShownWithItsReason() {
        String reason = "It ended by itself, exit status 137; it is started again.";
        NodeView crashed =
                new NodeView(
                        new NodeId("n2"), "n2:1", NodeState.CRASHED, null, 0, 137, 0, reason, true);
        ClusterSight whole = sight(Condition.DOWN, Condition.UP, 0);
        NodeSight silent = whole.nodes().get(1);
        NodeSight n2 =
                new NodeSight(crashed, Condition.DOWN, NOW - 2_000, silent.numbers(), NOW, false);
        ClusterSight sight =
                new ClusterSight(NOW, CONFIG, List.of(whole.nodes().getFirst(), n2), whole.links());

        assertThat(LiveValues.of(sight, Map.of()))
                .containsEntry("n2.word", "down")
                .containsEntry("n2.detail", "for 2 s · " + reason);
    }

    @Test
    void itAsksFirstOnlyWhereWritesWouldStop() {
        Map<String, String> whole = LiveValues.of(sight(Condition.UP, Condition.UP, 0), Map.of());
        Map<String, String> thin = LiveValues.of(sight(Condition.DOWN, Condition.UP, 0), Map.of());

        assertThat(whole).containsEntry("n1.confirm", "");
        assertThat(thin).containsEntry("n1.confirm", "true").containsEntry("n2.confirm", "");
        assertThat(whole).containsEntry("link.n1.n3.confirm", "");
        assertThat(thin)
                .containsEntry("link.n1.n3.confirm", "true")
                .containsEntry("link.n3.n1.confirm", "true")
                .containsEntry("link.n1.n2.confirm", "");
    }

    @Test
    void aNodeThatHoldsTogetherWhatACutHasPartedIsNotTakenAwayUnasked() {
        ClusterSight whole = sight(Condition.UP, Condition.UP, 0);
        LinkSight cut = new LinkSight("n1", "n2", true, 0, 0, NOW + 21_000);
        ClusterSight parted = new ClusterSight(NOW, CONFIG, whole.nodes(), List.of(cut));

        assertThat(parted.losesWrites("n3")).isTrue();
        assertThat(parted.losesWrites("n1")).isFalse();
        assertThat(parted.losesWrites("n1", "n3")).isFalse();
        assertThat(Health.sentence(parted)).endsWith("can lose 0");
    }

    @Test
    void aClusterCutInTwoServesWhatItsLargerPartCanServe() {
        ClusterSight whole = sight(Condition.UP, Condition.UP, 0);
        List<LinkSight> cuts =
                Stream.of("n1 n2", "n1 n3", "n2 n3")
                        .map(ends -> ends.split(" "))
                        .map(ends -> new LinkSight(ends[0], ends[1], true, 0, 0, NOW))
                        .toList();

        ClusterSight alone = new ClusterSight(NOW, CONFIG, whole.nodes(), cuts);
        assertThat(Health.sentence(alone))
                .contains("writes refused (W=2)", "reads refused (R=2)", "needs 1 more");
        assertThat(Health.level(alone)).isEqualTo("lost");
        assertThat(alone.losesWrites("n1")).isFalse();

        ClusterConfig five = cluster(5);
        List<NodeSight> nodes =
                five.ids().stream().map(id -> node(id.value(), Condition.UP, 0)).toList();
        ClusterSight parted = new ClusterSight(NOW, five, nodes, cuts.subList(0, 1));
        assertThat(parted.spare()).isEqualTo(2);
        assertThat(new ClusterSight(NOW, five, nodes, List.of()).spare()).isEqualTo(3);
    }

    @Test
    void aNodeThatIsCutOffIsAskedOnlyIfNoOtherIsThere() {
        NodeView view = node("n1", Condition.UP, 0).view();
        NodeSight cutOff = new NodeSight(view, Condition.CUT_OFF, NOW, NodeNumbers.NONE, NOW, true);
        NodeSight dead = node("n2", Condition.DOWN, 0);
        NodeSight well = node("n3", Condition.UP, 0);

        assertThat(new ClusterSight(NOW, CONFIG, List.of(cutOff, dead, well), List.of()).toAsk())
                .containsExactly(well);
        assertThat(new ClusterSight(NOW, CONFIG, List.of(cutOff, dead), List.of()).anyToAsk())
                .isEqualTo(cutOff);
        assertThat(new ClusterSight(NOW, CONFIG, List.of(dead), List.of()).anyToAsk()).isNull();
    }

    @Test
    void anActionUnderWayIsShownAndTakesTheButtonsAway() {
        Map<String, String> live =
                LiveValues.of(sight(Condition.UP, Condition.UP, 0), Map.of("n2", "killing…"));

        assertThat(live).containsEntry("n2.word", "killing…").containsEntry("n2.no-kill", "true");
        assertThat(live).containsEntry("n1.no-kill", "");
    }

    @Test
    void aCutLinkIsShownWithTheTimeItHasLeft() {
        LinkSight cut = new LinkSight("n3", "n1", true, 0, 0, NOW + 21_000);
        ClusterSight whole = sight(Condition.UP, Condition.UP, 0);
        ClusterSight sight = new ClusterSight(NOW, CONFIG, whole.nodes(), List.of(cut));
        Map<String, String> live = LiveValues.of(sight, Map.of());

        assertThat(live).containsEntry("link.n1.n3", "cut").containsEntry("link.n1.n2", "ok");
        assertThat(live).containsEntry("link.n1.n3.text", "cut, ends in 21 s");
        assertThat(live).containsEntry("faults", "1").containsEntry("health.level", "degraded");
    }

    @Test
    void tokensRunClockwiseFromTwelve() {
        assertThat(RingPicture.degrees("0000000000000000")).isZero();
        assertThat(RingPicture.degrees("4000000000000000")).isEqualTo(90);
        assertThat(RingPicture.degrees("c000000000000000")).isEqualTo(270);
        assertThat(RingPicture.degrees("no token")).isZero();
    }

    @Test
    void aNameThatIsTooLongForItsDiscIsToldByBothEnds() {
        List<ClusterConfig.Member> members =
                Stream.of("n1", "node-one", "storage-node-12")
                        .map(name ->
                                new ClusterConfig.Member(new NodeId(name), name + ":1", "", null))
                        .toList();
        ClusterConfig config = new ClusterConfig("q", members, 16, 3, 2, 2);
        assertThat(RingPicture.of(config, null).discs())
                .extracting(RingPicture.Disc::label)
                .containsExactly("n1", "node-one", "sto…e-12");
    }

    @Test
    void figuresReadAsPeopleWriteThem() {
        assertThat(Words.bytes(-1)).isEqualTo("–");
        assertThat(Words.bytes(12_400_000)).isEqualTo("11.8 MiB");
        assertThat(Words.micros(1_810)).isEqualTo("1.8 ms");
        assertThat(Words.duration(3_599_999)).isEqualTo("59 min");
        assertThat(Words.signedMillis(-3)).isEqualTo("−3 ms");
        assertThat(Words.count(1, "hint")).isEqualTo("1 hint");
    }
}
