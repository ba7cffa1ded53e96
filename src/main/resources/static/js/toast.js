// Says what came of an action, at the foot of the page.
const STAYS = 6_000;

export function toast(text, good = true) {
  const note = document.createElement("p");
  note.className = good ? "toast" : "toast bad";
  note.textContent = text;
  const place = document.getElementById("toasts");
  while (place.children.length > 2) place.firstElementChild.remove();
  place.append(note);
  setTimeout(() => note.remove(), good ? STAYS : 2 * STAYS);
}

for (const note of document.querySelectorAll("#toasts .toast")) setTimeout(() => note.remove(), STAYS);
