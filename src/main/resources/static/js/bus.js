// What the modules tell each other: "snapshot", "delta", "timeline", "changed", "theme", "part".
const bus = new EventTarget();

export const on = (name, listener) => bus.addEventListener(name, (event) => listener(event.detail));
export const tell = (name, detail) => bus.dispatchEvent(new CustomEvent(name, { detail }));
