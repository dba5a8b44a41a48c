// While a pointer drags over the text nothing may be replaced under it: answers wait until it is let go.

let held = null;
let release = () => {};

export function hold() {
  held ??= new Promise((resolve) => (release = resolve));
  document.body.classList.add("held");
}

export function letGo() {
  held = null;
  document.body.classList.remove("held");
  release();
}

/** Resolves when nothing is being dragged. */
export const undisturbed = () => held ?? Promise.resolve();
