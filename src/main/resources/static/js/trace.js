// Replays the last request on the ring. Who wants less motion gets the list, step by step, without it.
import { on } from "./bus.js";

const SVG = "http://www.w3.org/2000/svg";
const CENTRE = { x: 280, y: 280 };
const FAST = 350;
const SLOW = 1200;

let run = 0;
let next = 0;

export function startTrace() {
  on("part", (part) => part === "console-result" && reveal());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-trace-do]");
    if (!button) return;
    const trace = button.closest("[data-trace]");
    if (button.dataset.traceDo === "step") step(trace);
    else if (trace.dataset.playing) halt(trace);
    else play(trace);
  });
  reveal();
}

function reveal() {
  run++;
  next = 0;
  clear();
  const trace = document.querySelector("[data-trace]");
  if (trace) trace.querySelector(".trace-controls").hidden = false;
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const pace = (trace) => (trace.querySelector("[data-trace-slow]").checked ? SLOW : FAST);

async function play(trace) {
  trace.dataset.playing = "true";
  label(trace);
  const mine = ++run;
  const steps = JSON.parse(trace.dataset.trace);
  if (next >= steps.length) next = 0;
  if (!calm()) document.getElementById("ring-title").scrollIntoView({ block: "nearest" });
  while (mine === run && next < steps.length) {
    const together = concurrent(steps);
    await Promise.all(together.map((index) => show(trace, steps[index], index)));
    if (mine === run) next = together.at(-1) + 1;
  }
  if (mine === run) halt(trace);
}

function halt(trace) {
  run++;
  delete trace.dataset.playing;
  label(trace);
}

function label(trace) {
  const steps = trace.querySelectorAll("ol > li").length;
  const begun = next > 0 && next < steps;
  const words = trace.dataset.playing ? "Pause" : begun ? "Go on" : "Replay on the ring";
  trace.querySelector('[data-trace-do="play"]').textContent = words;
}

// The coordinator asks all replicas at once, so these messages travel together.
function concurrent(steps) {
  const first = next;
  let last = first;
  if (steps[first].kind === "ask") while (steps[last + 1]?.kind === "ask") last++;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

async function step(trace) {
  const steps = JSON.parse(trace.dataset.trace);
  if (next >= steps.length) next = 0;
  const index = next++;
  halt(trace);
  await show(trace, steps[index], index);
}

async function show(trace, one, index) {
  const items = trace.querySelectorAll("ol > li");
  items.forEach((item, i) => item.toggleAttribute("aria-current", i === index));
  items[index]?.setAttribute("aria-current", "step");
  light(one.to || one.from);
  if (calm() || one.from === one.to || one.kind === "skip") await wait(pace(trace) / 2);
  else await travel(one, pace(trace));
}

const wait = (millis) => new Promise((done) => setTimeout(done, millis));

function light(node) {
  for (const disc of document.querySelectorAll(".disc")) disc.toggleAttribute("data-at", disc.dataset.node === node);
}

function place(node) {
  const disc = document.querySelector(`.disc[data-node="${CSS.escape(node)}"]`);
  return disc ? { x: +disc.dataset.x, y: +disc.dataset.y } : CENTRE;
}

function travel(one, duration) {
  const from = place(one.from);
  const to = place(one.to);
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("r", one.from && one.to ? 7 : 9);
  if (one.kind === "lost") dot.setAttribute("class", "bad");
  else if (!one.from || !one.to) dot.setAttribute("class", "client");
  document.getElementById("messages").append(dot);
  const started = performance.now();
  const end = one.kind === "lost" || one.kind === "pending" ? 0.5 : 1;
  return new Promise((done) => {
    const move = (now) => {
      const part = Math.min(1, (now - started) / duration);
      const at = (part * part * (3 - 2 * part)) * end;
      dot.setAttribute("cx", from.x + (to.x - from.x) * at);
      dot.setAttribute("cy", from.y + (to.y - from.y) * at);
      if (part < 1) requestAnimationFrame(move);
      else {
        dot.remove();
        done();
      }
    };
    requestAnimationFrame(move);
  });
}

function clear() {
  document.getElementById("messages")?.replaceChildren();
  light(null);
}
