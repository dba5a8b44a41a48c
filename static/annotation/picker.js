// Labels: with something selected a label makes a span, with a span chosen it relabels it, else it is armed.

import { announce } from "../shared/page.js";
import { root } from "./article.js";
import { collapse, select } from "./caret.js";
import { addSpan, moveSpan, nameOf, relabel } from "./gestures.js";
import { choose, chosenId, chosenSpan, spanOf, spanOver } from "./list.js";
import { settledSelection } from "./selection.js";

const buttons = [...document.querySelectorAll("button.label")];
const hotkeys = new Map(buttons.filter((one) => one.dataset.hotkey).map((one) => [one.dataset.hotkey, one.dataset.label]));

let armed = null;

export const armedLabel = () => armed;
export const labelOfKey = (key) => hotkeys.get(key);

/** Armed: every selection becomes a span at once. */
function arm(label) {
  armed = armed === label ? null : label;
  for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.label === armed);
  showSnippet(armed);
  announce(armed ? `${nameOf(armed)} armed: every selection becomes one.` : "No label armed.");
}

export function disarm() {
  if (armed) arm(armed);
}

/** What a label's key or button does. */
export function pick(label) {
  const chosen = settledSelection();
  if (chosen) return mark(chosen, label);
  const span = chosenSpan();
  if (!span || armed) return arm(label);
  if (span.label === label) return announce(`This is a ${nameOf(label)}.`);
  relabel(span, label);
}

/** Make a span of a stretch and choose it; `attributes`: answers that it begins with. */
export function mark([start, end], label, attributes) {
  const same = spanOver(start, end, label);
  if (same) announce(`These words are a ${nameOf(label)} already.`);
  const id = same?.id ?? addSpan(start, end, label, attributes);
  select(start, start, { show: false, say: false });
  collapse();
  root.focus({ preventScroll: true });
  choose(id, { show: false, say: false });
}

/** The span that two clicks just made under the armed label. */
let doubled = null;

/** A selection by mouse under the armed label. The third click on a word makes no second span: it widens the first. */
export function markClicked(found, clicks) {
  const word = clicks >= 3 ? spanOf(doubled) : null;
  const isNew = !spanOver(...found, armed);
  if (word && isNew) {
    moveSpan(word, ...found);
    select(found[0], found[0], { show: false, say: false });
  } else {
    mark(found, armed);
  }
  doubled = clicks === 2 && isNew ? chosenId() : null;
}

export function showSnippet(label) {
  if (!label) return;
  for (const one of document.querySelectorAll(".snippet")) one.hidden = one.dataset.label !== label;
}
