// Puts values into the elements that are bound to them: data-bind="text:n1.keys data-condition:n1.condition".
// "filled" stands for the attribute data-filled; an empty value removes an attribute.
const values = new Map();

// Whether the first values have come.
export const informed = () => values.size > 0;

export const value = (name) => values.get(name) ?? "";

export function apply(changes) {
  for (const [name, text] of Object.entries(changes)) values.set(name, text);
  for (const element of document.querySelectorAll("[data-bind]")) {
    for (const binding of element.dataset.bind.split(" ")) {
      const colon = binding.indexOf(":");
      const name = binding.slice(colon + 1);
      if (name in changes) put(element, binding.slice(0, colon), changes[name]);
    }
  }
}

// Fills in what a freshly fetched part is bound to.
export const reapply = () => apply(Object.fromEntries(values));

function put(element, target, text) {
  if (target === "text") {
    if (element.textContent !== text) element.textContent = text;
  } else if (target === "hidden") {
    hide(element, text !== "");
  } else if (target === "href") {
    element.setAttribute("href", text);
  } else {
    const attribute = target === "filled" ? "data-filled" : target;
    if (text === "") element.removeAttribute(attribute);
    else if (element.getAttribute(attribute) !== text) element.setAttribute(attribute, text);
  }
}

// A control that vanishes must not take the focus with it.
function hide(element, hidden) {
  if (element.hidden === hidden) return;
  const focused = hidden && element.contains(document.activeElement);
  element.hidden = hidden;
  if (focused) element.closest("[tabindex]")?.focus();
}
