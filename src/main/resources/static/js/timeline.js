// The list of events: newest first, filtered by kind, halted while somebody reads.
import { on } from "./bus.js";

const SHOWN = 300;
const hidden = new Set();
let list;
let paused = false;
let held; // the whole list, if it came while halted
let missed = [];

export function startTimeline() {
  list = document.getElementById("events");
  document.getElementById("timeline-tools").hidden = false;
  for (const box of document.querySelectorAll("#timeline-tools [data-category]")) {
    box.addEventListener("change", () => filter(box));
  }
  document.getElementById("timeline-pause").addEventListener("click", toggle);
  on("snapshot", (all) => (paused ? hold(all.timeline) : rebuild(all.timeline)));
  on("timeline", (event) => (paused ? missed.push(event) : add(event)));
}

function hold(events) {
  held = events;
  missed = [];
}

function rebuild(events) {
  list.replaceChildren(...events.slice(0, SHOWN).map(line));
  showEmpty();
}

// An event may be in the whole list already, and two that happen at once may come in either order.
function add(event) {
  if (list.querySelector(`[data-id="${event.id}"]`)) return;
  list.prepend(line(event));
  while (list.children.length > SHOWN) list.lastElementChild.remove();
  showEmpty();
}

function line(event) {
  const item = document.createElement("li");
  item.dataset.id = event.id;
  item.dataset.category = event.category;
  item.hidden = hidden.has(event.category);
  const time = document.createElement("time");
  time.textContent = new Date(event.atMillis).toLocaleTimeString("en-GB");
  item.append(time, " ", text("b", event.node), " ", text("span", event.kind, "kind"), " ", text("span", event.text, "text"));
  return item;
}

function text(tag, words, name) {
  const element = document.createElement(tag);
  element.textContent = words;
  if (name) element.className = name;
  return element;
}

function filter(box) {
  if (box.checked) hidden.delete(box.value);
  else hidden.add(box.value);
  for (const item of list.children) item.hidden = hidden.has(item.dataset.category);
}

function toggle(event) {
  paused = !paused;
  event.currentTarget.setAttribute("aria-pressed", paused);
  event.currentTarget.textContent = paused ? "Go on" : "Pause";
  if (!paused) {
    if (held) rebuild(held);
    missed.forEach(add);
    hold(undefined);
  }
}

function showEmpty() {
  document.getElementById("timeline-empty").hidden = list.children.length > 0;
}
