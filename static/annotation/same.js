// All other places of the same words: shown first, then added as one step.

import { announce } from "../shared/page.js";
import { lines, quote, reveal, text } from "./article.js";
import { selection } from "./caret.js";
import { addSpans, nameOf } from "./gestures.js";
import { chosenSpan, spans } from "./list.js";
import { armedLabel } from "./picker.js";

const dialog = document.getElementById("same");
const found = dialog?.querySelector(".found");
const AROUND = 28;
/** One gesture adds no more. */
const MOST = 200;

let wanted = null;

/** For the chosen span, or for selected words with an armed label. */
export function open() {
  const span = chosenSpan();
  const chosen = selection();
  if (span) wanted = { words: span.words, label: span.label, values: span.values, from: span.start };
  else if (chosen && armedLabel()) wanted = { words: quote(...chosen), label: armedLabel(), values: {}, from: -1 };
  else return announce("Choose a span first.");
  dialog.querySelector("h2").textContent = `${nameOf(wanted.label)}: ${wanted.words}`;
  show();
  dialog.showModal();
}

function show() {
  const places = search(options());
  found.replaceChildren(...places.map(item));
  const button = dialog.querySelector('[data-act="add-same"]');
  button.disabled = places.length === 0;
  button.textContent = places.length ? `Add ${places.length === 1 ? "it" : `all ${places.length}`}` : "Nothing to add";
  announce(`${places.length} other places`);
}

function options() {
  const chips = [...dialog.querySelectorAll("[data-option]")];
  return Object.fromEntries(chips.map((chip) => [chip.dataset.option, chip.getAttribute("aria-pressed") === "true"]));
}

/** [start, end] of each place on a line that is read and not labelled so already. */
function search({ words, case: sameCase, quotes }) {
  const pattern = [...wanted.words].map((character) => variants(character, quotes)).join("");
  const whole = words ? `(?<![\\p{L}\\p{N}\\p{M}])${pattern}(?![\\p{L}\\p{N}\\p{M}])` : pattern;
  const expression = new RegExp(whole, sameCase ? "gu" : "giu");
  const taken = new Set(spans().filter((span) => span.label === wanted.label).map((span) => `${span.start} ${span.end}`));
  return [...text.string.matchAll(expression)]
    .map((match) => [text.point(match.index), text.point(match.index + match[0].length)])
    .filter(([start, end]) => !taken.has(`${start} ${end}`) && isRead(start));
}

const isRead = (at) => lines.some((line) => line.isRead && line.start <= at && at < line.end);

function variants(character, quotes) {
  if (!quotes && "'’‘".includes(character)) return "['’‘]";
  if (!quotes && '"“”„«»'.includes(character)) return '["“”„«»]';
  return character.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");
}

function item([start, end]) {
  const row = document.createElement("li");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = true;
  box.id = `same-${start}`;
  box.dataset.place = `${start} ${end}`;
  const label = document.createElement("label");
  label.htmlFor = box.id;
  label.dir = "auto";
  const middle = document.createElement("b");
  middle.textContent = quote(start, end);
  label.append(`…${quote(Math.max(0, start - AROUND), start)}`, middle, `${quote(end, Math.min(text.length, end + AROUND))}…`);
  row.append(box, label);
  return row;
}

dialog?.addEventListener("click", ({ target }) => {
  const chip = target.closest("[data-option]");
  if (chip) {
    chip.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") !== "true");
    show();
  }
  if (target.closest('[data-act="add-same"]')) add();
});

function add() {
  const places = [...found.querySelectorAll("input:checked")].slice(0, MOST).map((box) => box.dataset.place.split(" ").map(Number));
  dialog.close();
  if (!places.length) return;
  const form = document.getElementById(`ask-${wanted.label}`).content;
  const texts = new Set([...form.querySelectorAll('[data-kind="text"]')].map((one) => one.dataset.key));
  const values = Object.fromEntries(Object.entries(wanted.values).filter(([key]) => !texts.has(key)));
  addSpans(places, wanted.label, values);
  reveal(...places[0]);
}
