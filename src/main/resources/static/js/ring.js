// Hover or focus on a node dims the others; a looked-up key is marked on the ring.
import { on } from "./bus.js";
import { fetchPart } from "./forms.js";

export function startRing() {
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => light(event.target.closest?.("[data-node]")));
  }
  for (const kind of ["pointerout", "focusout"]) {
    document.addEventListener(kind, (event) => event.target.closest?.("[data-node]") && light(null));
  }
  on("part", (part) => part === "lookup-result" && mark());
  on("delta", fetchMissing);
  on("snapshot", fetchMissing);
}

function light(element) {
  const ring = document.getElementById("ring");
  const node = element?.dataset.node;
  if (node) ring.dataset.focus = node;
  else delete ring.dataset.focus;
  for (const part of ring.querySelectorAll(".arcs, .disc")) {
    part.toggleAttribute("data-on", part.dataset.node === node);
  }
}

export function mark() {
  const place = document.getElementById("lookup-place");
  const pointer = document.getElementById("key-mark");
  pointer.setAttribute("visibility", place ? "visible" : "hidden");
  if (place) pointer.setAttribute("transform", `rotate(${place.dataset.angle} 280 280)`);
}

// A page that was loaded before any node answered has no ring yet.
let fetching = false;
async function fetchMissing() {
  if (fetching || !document.getElementById("ring-missing")) return;
  if (!document.querySelector('.node[data-condition="up"]')) return;
  fetching = true;
  await fetchPart("/parts/ring", "ring-part");
  setTimeout(() => (fetching = false), 2_000);
}
