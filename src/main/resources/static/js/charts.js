// Four small charts of the last five minutes, with marks where a node went or came back.
/* global uPlot */
import { on } from "./bus.js";

const SPAN = 300;
const HEIGHT = 160;
let samples = [];
let marks = [];
let charts = [];
let nodes = [];

export function startCharts() {
  nodes = [...document.querySelectorAll(".node")].map((card) => ({ id: card.dataset.node, slot: card.dataset.slot }));
  on("snapshot", (all) => {
    samples = all.samples;
    marks = all.marks;
    if (charts.length === 0) build();
    draw();
  });
  on("delta", (delta) => {
    if (!delta.sample) return;
    samples.push(delta.sample);
    marks = delta.marks;
    while (samples.length && delta.sample.t - samples[0].t > SPAN * 1000) samples.shift();
    draw();
  });
  on("theme", () => {
    charts.forEach(({ plot }) => plot.destroy());
    charts = [];
    build();
    draw();
  });
  addEventListener("resize", () => charts.forEach(({ plot, place }) => plot.setSize(size(place))));
}

// A colour as it is in the present theme; canvases know nothing of variables.
function colour(name) {
  const probe = document.createElement("span");
  probe.className = `probe-${name}`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function build() {
  document.getElementById("chart-grid").hidden = false;
  const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3], [1, 2], [10, 4], [4, 4], [12, 2]];
  chart("ops", [
    { label: "operations", stroke: colour("accent"), fill: null, get: (s) => s.ops },
    { label: "errors", stroke: colour("bad"), dash: [4, 3], get: (s) => s.errors },
  ]);
  chart("latency", [
    { label: "p50", stroke: colour("accent"), get: (s) => s.p50 },
    { label: "p99", stroke: colour("warn"), dash: [4, 3], get: (s) => s.p99 },
  ]);
  chart(
    "hints",
    nodes.map(({ id, slot }, i) => ({
      label: id,
      stroke: colour(`n${slot}`),
      dash: dashes[i % dashes.length],
      get: (s) => s.hints[id] ?? 0,
    })),
  );
  chart("divergence", [{ label: "keys", stroke: colour("ink"), get: (s) => s.divergence }]);
}

// A point between two gaps has no line to it.
function alone(plot, series) {
  const figures = plot.data[series];
  return figures.flatMap((y, i) => (y != null && figures[i - 1] == null && figures[i + 1] == null ? [i] : []));
}

const size = (place) => ({ width: Math.max(180, place.clientWidth), height: HEIGHT });

function chart(name, series) {
  const place = document.querySelector(`[data-chart="${name}"]`);
  const muted = colour("muted");
  const line = colour("line");
  const axis = { stroke: muted, font: "11px Inter", grid: { stroke: line, width: 1 }, ticks: { show: false } };
  const plot = new uPlot(
    {
      ...size(place),
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
      legend: { live: false },
      scales: { y: { range: (u, low, high) => [0, Math.max(1, high * 1.15 || 1)] } },
      axes: [
        { ...axis, size: 24, space: 70, values: (u, ticks) => ticks.map(clock) },
        { ...axis, size: 42 },
      ],
      series: [{}, ...series.map(({ get, ...look }) => ({ width: 1.75, points: { show: false, size: 4, filter: alone }, ...look }))],
      hooks: { draw: [drawMarks] },
    },
    [[], ...series.map(() => [])],
    place,
  );
  charts.push({ plot, place, series });
}

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString("en-GB");

function draw() {
  const now = samples.at(-1)?.t / 1000 || Date.now() / 1000;
  const times = samples.map((s) => s.t / 1000);
  for (const { plot, series } of charts) {
    plot.setData([times, ...series.map(({ get }) => samples.map(get))], true);
    plot.setScale("x", { min: now - SPAN, max: now });
  }
}

function drawMarks(plot) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px Inter`;
  const ends = [];
  for (const mark of marks) {
    const x = plot.valToPos(mark.t / 1000, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const down = mark.what !== "up";
    ctx.strokeStyle = ctx.fillStyle = colour(down ? "bad" : "ok");
    ctx.setLineDash(down ? [] : [4, 4]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const words = `${mark.node} ${down ? "✕" : "↑"}`;
    const row = freeRow(ends, x);
    ends[row] = x + ctx.measureText(words).width + 6 * devicePixelRatio;
    ctx.fillText(words, x + 3, bbox.top + (10 + 12 * row) * devicePixelRatio);
  }
  ctx.restore();
}

// Marks that are close together have their words one below the other.
function freeRow(ends, x) {
  const row = ends.findIndex((end) => end <= x);
  return row < 0 ? ends.length : row;
}
