// One event stream per tab that is seen, since a browser opens only six connections to one host for all of its tabs.
// Reconnects with growing waits; polls while that fails; says how fresh the page is.
import { apply } from "./bind.js";
import { tell } from "./bus.js";

const STALE_AFTER = 15_000;
const LONGEST_WAIT = 15_000;
const FAILURES_BEFORE_POLLING = 3;
const POLL_EVERY = 3_000;

const WORDS = { connecting: "connecting…", live: "live", polling: "live, by polling", reconnecting: "reconnecting…", stale: "stale" };

let source;
let failures = 0;
let lastHeard = Date.now();
let polling;
let retry;
let state = "static";

export function follow() {
  document.getElementById("stream").hidden = false;
  show("connecting");
  if (!document.hidden) connect();
  setInterval(watch, 1_000);
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => event.persisted && connect());
}

function disconnect() {
  clearTimeout(retry);
  stopPolling();
  source?.close();
}

function connect() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource("/events");
  receive("snapshot", (all) => {
    failures = 0;
    stopPolling();
    apply(all.values);
    tell("snapshot", all);
  });
  receive("delta", (delta) => {
    apply(delta.values);
    tell("delta", delta);
  });
  receive("timeline", (event) => tell("timeline", event));
  receive("changed", (change) => tell("changed", change));
  source.addEventListener("ping", heard);
  source.onerror = lost;
}

function receive(name, handle) {
  source.addEventListener(name, (event) => {
    heard();
    handle(JSON.parse(event.data));
  });
}

function heard() {
  lastHeard = Date.now();
  show("live");
}

function lost() {
  source.close();
  failures++;
  if (!polling) show("reconnecting");
  if (failures >= FAILURES_BEFORE_POLLING && !polling) polling = setInterval(poll, POLL_EVERY);
  const wait = Math.min(LONGEST_WAIT, 500 * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
  retry = setTimeout(connect, wait);
}

async function poll() {
  try {
    const answer = await fetch("/events/state", { signal: AbortSignal.timeout(POLL_EVERY) });
    if (!answer.ok) return;
    const all = await answer.json();
    lastHeard = Date.now();
    show("polling");
    apply(all.values);
    tell("snapshot", all);
  } catch {
    // The next attempt follows; "stale" tells meanwhile.
  }
}

function stopPolling() {
  clearInterval(polling);
  polling = undefined;
}

function watch() {
  if (Date.now() - lastHeard > STALE_AFTER) show("stale");
}

function show(next) {
  const age = Math.round((Date.now() - lastHeard) / 1000);
  const words = next === "stale" ? `stale, ${age} s old` : WORDS[next];
  const word = document.getElementById("stream-word");
  if (word.textContent !== words) word.textContent = words;
  if (state === next) return;
  state = next;
  document.getElementById("stream").dataset.state = next;
}
