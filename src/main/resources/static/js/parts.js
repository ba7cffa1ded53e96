// Fetches anew the parts of the page that the server says have changed, at most a few times a second.
import { on } from "./bus.js";
import { fetchPart } from "./forms.js";

const EVERY = 300;
const waiting = new Map();
const versions = new Map();

export function startParts() {
  on("changed", ({ part, version }) => changed(part, version));
  on("snapshot", ({ parts }) => catchUp(parts));
  document.getElementById("figures-view").addEventListener("toggle", (event) => {
    if (event.target.open) fetchPart("/parts/figures", "figures");
  });
}

function changed(part, version) {
  versions.set(part, version);
  if (!waiting.has(part)) waiting.set(part, setTimeout(() => refresh(part), EVERY));
}

// What changed while the page was not told. A dashboard that was started afresh knows of no change at all.
function catchUp(parts) {
  for (const part of new Set([...versions.keys(), ...Object.keys(parts)])) {
    if (versions.get(part) !== parts[part]) changed(part, parts[part]);
  }
}

async function refresh(part) {
  waiting.delete(part);
  const place = `part-${part.replace("/", "-")}`;
  const element = document.getElementById(place);
  if (!element) return;
  const open = element.querySelector("details")?.open;
  await fetchPart(`/parts/${part}`, place);
  const details = element.querySelector("details");
  if (details && open !== undefined && !details.open) details.open = open;
}
