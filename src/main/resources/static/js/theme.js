// The switch between the system's theme, light and dark.
import { tell } from "./bus.js";

const ORDER = ["system", "light", "dark"];

export function startTheme() {
  const button = document.getElementById("theme");
  button.hidden = false;
  show(button, document.documentElement.dataset.theme ?? "system");
  button.addEventListener("click", () => {
    const now = document.documentElement.dataset.theme ?? "system";
    choose(button, ORDER[(ORDER.indexOf(now) + 1) % ORDER.length]);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => tell("theme"));
}

function choose(button, theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Then it lasts as long as the page.
  }
  show(button, theme);
  tell("theme");
}

function show(button, theme) {
  button.textContent = `Theme: ${theme}`;
}
