package dev.minidynamo.figures;

import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What happens to writes and reads while one thing grows: a table and two plots. */
final class Curve {

    private static final Path IMAGES = Path.of("docs", "images");
    private static final Color WRITES = new Color(0xB4, 0x53, 0x09);
    private static final Color READS = new Color(0x1D, 0x4E, 0xD8);

    private record Point(double x, Load.Measured writes, Load.Measured reads, long mebibytes) {}

    private final String name;
    private final String axis;
    private final boolean logarithmic;
    private final List<Point> points = new ArrayList<>();

    /**
     * @param name of the files
     * @param axis what grows, with its unit
     */
    Curve(String name, String axis, boolean logarithmic) {
        this.name = name;
        this.axis = axis;
        this.logarithmic = logarithmic;
    }

    void add(double x, Load.Measured writes, Load.Measured reads, long mebibytes) {
        points.add(new Point(x, writes, reads, mebibytes));
        System.out.printf(
                Locale.ROOT, "FIGURE %s %,.0f: writes %s; reads %s%n", axis, x, writes, reads);
    }

    /** Writes both plots to {@code docs/images} and prints the table. */
    void show() {
        plot("throughput", "operations a second", Load.Measured::throughput);
        plot("p99", "99th percentile, ms", measured -> measured.bench().all().p99() / 1e3);
        StringBuilder table = new StringBuilder("FIGURE\n");
        table.append("| ").append(axis);
        table.append(" | writes/s | p50 | p99 | CPU | reads/s | p50 | p99 | CPU | memory |\n");
        table.append("|---|---|---|---|---|---|---|---|---|---|\n");
        for (Point point : points) {
            table.append(String.format(Locale.ROOT, "| %,.0f | ", point.x()));
            table.append(cells(point.writes())).append(cells(point.reads()));
            table.append(point.mebibytes()).append(" MiB |\n");
        }
        System.out.print(table);
    }

    private static String cells(Load.Measured measured) {
        return String.format(
                Locale.ROOT,
                "%,d | %.1f ms | %.1f ms | %.0f µs | ",
                measured.throughput(),
                measured.bench().all().p50() / 1e3,
                measured.bench().all().p99() / 1e3,
                measured.cpuMicros());
    }

    private void plot(String what, String unit, ToDoubleFunction<Load.Measured> value) {
        XYChart chart =
                new XYChartBuilder()
                        .width(440)
                        .height(260)
                        .xAxisTitle(axis)
                        .yAxisTitle(unit)
                        .build();
        chart.getStyler()
                .setXAxisLogarithmic(logarithmic)
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal)
                .setLegendBorderColor(Color.WHITE)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false);
        chart.getStyler().setYAxisMin(0.0).setYAxisDecimalPattern("#,##0.#");
        chart.getStyler().setXAxisDecimalPattern("#,##0");
        series(
                chart,
                "writes",
                WRITES,
                points.stream().mapToDouble(p -> value.applyAsDouble(p.writes())).toArray());
        series(
                chart,
                "reads",
                READS,
                points.stream().mapToDouble(p -> value.applyAsDouble(p.reads())).toArray());
        try {
            Files.createDirectories(IMAGES);
            VectorGraphicsEncoder.saveVectorGraphic(
                    chart,
                    IMAGES.resolve("growth-" + name + "-" + what).toString(),
                    VectorGraphicsFormat.SVG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void series(XYChart chart, String title, Color color, double[] values) {
        XYSeries series =
                chart.addSeries(title, points.stream().mapToDouble(Point::x).toArray(), values);
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
        series.setLineColor(color).setLineStyle(new BasicStroke(2));
    }
}
