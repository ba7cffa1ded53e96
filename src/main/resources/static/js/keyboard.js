// Everything by keyboard; "?" shows the keys. Letters act only outside of fields and dialogs.
const JUMPS = { k: "console-key", l: "lookup-key" };
const SECTIONS = { c: "#scenarios button", e: "#events" };
const ACTIONS = { x: ["kill"], s: ["pause", "resume"], r: ["restart"] };

export function startKeyboard() {
  const help = document.getElementById("help");
  help.hidden = false;
  help.addEventListener("click", showHelp);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && isField(event.target)) event.target.blur();
    else if (!isField(event.target) && !document.querySelector("dialog[open]")) press(event);
  });
}

const isField = (element) =>
  element.matches("textarea, select, input:not([type=checkbox], [type=radio])");

const showHelp = () => document.getElementById("keys-help").showModal();

function press(event) {
  const key = event.key;
  if (key === "?") showHelp();
  else if (key === "h") document.getElementById("heal")?.click();
  else if (key === "t") document.getElementById("theme").click();
  else if (key === "p") document.getElementById("timeline-pause").click();
  else if (JUMPS[key]) focus(document.getElementById(JUMPS[key]));
  else if (SECTIONS[key]) focus(document.querySelector(SECTIONS[key]));
  else if (key >= "1" && key <= "9") focus(document.querySelectorAll(".node")[key - 1]);
  else if (!ACTIONS[key] || !actOnNode(ACTIONS[key])) return;
  event.preventDefault();
}

function focus(element) {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
}

function actOnNode(actions) {
  const card = document.activeElement.closest(".node");
  if (!card) return false;
  for (const action of actions) {
    const form = card.querySelector(`form[action$="/${action}"]`);
    if (form && !form.hidden) {
      form.requestSubmit(form.querySelector("button"));
      return true;
    }
  }
  return false;
}
