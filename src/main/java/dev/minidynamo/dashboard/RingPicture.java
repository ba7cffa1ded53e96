package dev.minidynamo.dashboard;

import dev.minidynamo.model.ClusterConfig;
import dev.minidynamo.model.NodeId;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The geometry of the ring's drawing: an arc for each vnode, a disc for each node, a line for each
 * link.
 *
 * <p>Tokens run clockwise from twelve o'clock. A vnode's arc spans the tokens it stands for: from
 * its predecessor's token to its own.
 *
 * @param arcs by node, in the order of nodes.json; without arcs as long as the ring is not known
 */
record RingPicture(List<Arcs> arcs, List<Disc> discs, List<Line> lines) {

    static final double SIZE = 560;
    private static final double CENTRE = SIZE / 2;
    private static final double OUTER = 268;
    private static final double INNER = 226;
    private static final double DISCS = 128;
    private static final double DISC_RADIUS = 42;
    private static final double GAP_DEGREES = 0.14;
    private static final int LABEL_CHARS = 8;

    /** All arcs of one node as one SVG path. */
    record Arcs(String node, int slot, String path, int vnodes, String share) {}

    /** Where a node stands in the drawing. */
    record Disc(
            String node,
            int slot,
            String address,
            String zone,
            String x,
            String y,
            String badgeX,
            String badgeY) {

        /** The name, or both its ends if the disc has no room for it. */
        public String label() {
            int length = node.length();
            return length <= LABEL_CHARS
                    ? node
                    : node.substring(0, 3) + "…" + node.substring(length - LABEL_CHARS + 4);
        }
    }

    /** A link between two nodes, with the place of its mark. */
    record Line(
            String a, String b, String x1, String y1, String x2, String y2, String mx, String my) {}

    static RingPicture of(ClusterConfig config, @Nullable JsonNode ring) {
        List<Disc> discs = discs(config);
        return new RingPicture(arcs(config, ring), discs, lines(config));
    }

    /** Whether some node has described the ring yet. */
    public boolean known() {
        return arcs.stream().anyMatch(each -> !each.path().isEmpty());
    }

    private static List<Arcs> arcs(ClusterConfig config, @Nullable JsonNode ring) {
        Map<String, StringBuilder> paths = new TreeMap<>();
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, Double> shares = new TreeMap<>();
        if (ring != null) {
            collect(ring, paths, counts);
            for (JsonNode node : ring.path("nodes")) {
                shares.put(node.path("id").asString(""), node.path("ownership").asDouble(0));
            }
        }
        List<Arcs> all = new ArrayList<>();
        int slot = 0;
        for (NodeId node : config.ids()) {
            String id = node.value();
            Double share = shares.get(id);
            all.add(
                    new Arcs(
                            id,
                            slot++,
                            paths.getOrDefault(id, new StringBuilder()).toString(),
                            counts.getOrDefault(id, 0),
                            share == null ? Words.NONE : Words.percent(share)));
        }
        return List.copyOf(all);
    }

    private static void collect(
            JsonNode ring, Map<String, StringBuilder> paths, Map<String, Integer> counts) {
        List<JsonNode> vnodes = new ArrayList<>();
        ring.path("vnodes").forEach(vnodes::add);
        for (int i = 0; i < vnodes.size(); i++) {
            JsonNode previous = vnodes.get((i + vnodes.size() - 1) % vnodes.size());
            double from = degrees(previous.path("token").asString("0"));
            double to = degrees(vnodes.get(i).path("token").asString("0"));
            double end = to <= from ? to + 360 : to;
            String node = vnodes.get(i).path("node").asString("");
            paths.computeIfAbsent(node, none -> new StringBuilder()).append(arc(from, end));
            counts.merge(node, 1, Integer::sum);
        }
    }

    /** The angle of a token of 16 hexadecimal digits, clockwise from twelve o'clock. */
    static double degrees(String token) {
        try {
            return (Long.parseUnsignedLong(token, 16) >>> 11) * 360.0 / (1L << 53);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String arc(double from, double to) {
        double gap = Math.min(GAP_DEGREES, (to - from) / 4);
        double start = from + gap;
        double end = to - gap;
        int large = end - start > 180 ? 1 : 0;
        return String.format(
                Locale.ROOT,
                "M%s A%.0f %.0f 0 %d 1 %s L%s A%.0f %.0f 0 %d 0 %s Z",
                point(start, OUTER),
                OUTER,
                OUTER,
                large,
                point(end, OUTER),
                point(end, INNER),
                INNER,
                INNER,
                large,
                point(start, INNER));
    }

    private static String point(double degrees, double radius) {
        return number(x(degrees, radius)) + " " + number(y(degrees, radius));
    }

    private static double x(double degrees, double radius) {
        return CENTRE + radius * Math.sin(Math.toRadians(degrees));
    }

    private static double y(double degrees, double radius) {
        return CENTRE - radius * Math.cos(Math.toRadians(degrees));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static List<Disc> discs(ClusterConfig config) {
        List<Disc> discs = new ArrayList<>();
        int count = config.nodes().size();
        for (int i = 0; i < count; i++) {
            ClusterConfig.Member member = config.nodes().get(i);
            double angle = angle(i, count);
            discs.add(
                    new Disc(
                            member.id().value(),
                            i,
                            member.address(),
                            member.zone(),
                            number(x(angle, radius(count))),
                            number(y(angle, radius(count))),
                            number(x(angle, radius(count)) + DISC_RADIUS * 0.75),
                            number(y(angle, radius(count)) - DISC_RADIUS * 0.75)));
        }
        return List.copyOf(discs);
    }

    private static double angle(int index, int count) {
        return 360.0 * index / count;
    }

    private static double radius(int count) {
        return count == 1 ? 0 : DISCS;
    }

    private static List<Line> lines(ClusterConfig config) {
        List<Line> lines = new ArrayList<>();
        List<NodeId> ids = config.ids();
        int count = ids.size();
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                double ax = x(angle(i, count), DISCS);
                double ay = y(angle(i, count), DISCS);
                double bx = x(angle(j, count), DISCS);
                double by = y(angle(j, count), DISCS);
                lines.add(
                        new Line(
                                ids.get(i).value(),
                                ids.get(j).value(),
                                number(ax),
                                number(ay),
                                number(bx),
                                number(by),
                                number((ax + bx) / 2),
                                number((ay + by) / 2)));
            }
        }
        return List.copyOf(lines);
    }
}
