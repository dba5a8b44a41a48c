// A question in the footer that takes the next keys: the relation to draw, the word to jump to.

const box = document.getElementById("prompt");
const keyline = document.querySelector(".keyline");

let current = null;

export const isAsking = () => current !== null;

/** Ask something; `key(event)` gets each key until `stop`. `cancel` tidies up when the reader lets go. */
export function ask({ words, key, cancel }) {
  stop();
  current = { key, cancel };
  say(words);
}

export function say(words, choices = []) {
  box.replaceChildren(words, ...choices);
  box.hidden = false;
  if (keyline) keyline.hidden = true;
}

export function stop() {
  const ended = current;
  current = null;
  box.hidden = true;
  if (keyline) keyline.hidden = false;
  ended?.cancel?.();
}

export function handle(event) {
  if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === "Escape") stop();
  else current.key(event);
}
