// Sends forms without leaving the page. data-act: a control; data-part: fetches a part of the page into place.
import { informed, value, reapply } from "./bind.js";
import { tell } from "./bus.js";
import { toast } from "./toast.js";

const FRAGMENT = { "X-Fragment": "true" };
const PATIENCE = 30_000;
const busy = new WeakSet();

export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.part) send(event, form, part);
    else if (form.dataset.act) send(event, form, act);
  });
  document.addEventListener("click", copy);
  document.addEventListener("click", look);
}

async function send(event, form, how) {
  const button = event.submitter ?? form.querySelector("button");
  const confirm = button.dataset.confirm ?? form.dataset.confirm;
  if (confirm && !informed()) return; // the browser sends it, and the dashboard asks where it must
  event.preventDefault();
  if (busy.has(form)) return;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  if (stopsWrites(confirm, body) && !(await confirmed(button))) return;
  const words = button.textContent;
  busy.add(form);
  button.setAttribute("aria-disabled", "true"); // not disabled, which would take the focus from it
  if (form.dataset.act && button.children.length === 0) button.textContent = form.dataset.act;
  try {
    await how(form, body);
  } catch (error) {
    const late = error.name === "TimeoutError";
    toast(late ? "No answer within 30 s; what was asked may still be done." : "The dashboard does not answer.", false);
  } finally {
    busy.delete(form);
    button.removeAttribute("aria-disabled");
    if (button.children.length === 0) button.textContent = words;
  }
}

// The name of the value that tells, with {a} for what the form says in its field "a".
function stopsWrites(name, body) {
  return name && value(name.replace(/\{(\w+)\}/g, (_, field) => body.get(field)));
}

function confirmed(button) {
  const dialog = document.getElementById("confirm");
  document.getElementById("confirm-yes").textContent = button.getAttribute("aria-label") ?? button.textContent;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((decide) => {
    dialog.addEventListener("close", () => decide(dialog.returnValue === "yes"), { once: true });
  });
}

async function act(form, body) {
  const answer = await fetch(form.getAttribute("action"), {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok || !form.dataset.quiet) toast(told.detail ?? `Status ${answer.status}`, answer.ok);
  if (answer.ok && form.dataset.then === "keys") await fetchPart("/keys", "keys-result");
}

async function part(form, body) {
  const post = form.method === "post";
  const path = form.dataset.fetch ?? form.getAttribute("action");
  await fetchPart(post ? path : `${path}?${body}`, form.dataset.part, post ? { method: "POST", body } : {});
}

// Fetches a part of the page, rendered by the server, and puts it in place.
export async function fetchPart(url, place, options = {}) {
  const answer = await fetch(url, {
    ...options,
    headers: { Accept: "text/html", ...FRAGMENT },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const text = await answer.text();
  if (!answer.ok) {
    toast(sentence(text) ?? `Status ${answer.status}`, false);
    return;
  }
  const element = document.getElementById(place);
  const focused = element.contains(document.activeElement) && nature(document.activeElement);
  element.innerHTML = text;
  reapply();
  if (focused) focusWithin(element, focused);
  tell("part", place);
}

// What a control does, by which it is found again in a part that was replaced.
const nature = (one) => `${one.tagName} ${one.form?.action ?? one.href ?? one.className}`;

// Where the control is gone, another must not get its focus, and with it the next press of a key, by chance.
function focusWithin(element, was) {
  const all = [...element.querySelectorAll("a, button, summary, [tabindex]")];
  (all.find((one) => nature(one) === was) ?? element.querySelector("[tabindex]"))?.focus({ preventScroll: true });
}

function sentence(text) {
  try {
    return JSON.parse(text).detail;
  } catch {
    return undefined;
  }
}

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
  toast("Copied.");
}

// A key in the browser is looked up in place.
function look(event) {
  const link = event.target.closest("[data-lookup]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  for (const form of ["lookup", "console"]) {
    document.getElementById(`${form}-key`).value = link.dataset.lookup;
    document.getElementById(`${form}-encoded`).value = link.dataset.encoded;
  }
  document.getElementById("lookup-key").form.requestSubmit();
  document.getElementById("lookup").scrollIntoView({ block: "nearest" });
}
