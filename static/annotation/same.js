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
const MOST = 1000;

let wanted = null;

/** For the chosen span, or for selected words with an armed label. */
export function open() {
  const span = chosenSpan();
  const chosen = selection();
  if (span) wanted = { words: span.words, label: span.label, values: span.values, from: span.start };
  else if (chosen && armedLabel()) wanted = { words: quote(...chosen), label: armedLabel(), values: {}, from: -1 };
  else return announce("Choose a span first.");
  dialog.querySelector("h2").textContent = `Same strings as this ${nameOf(wanted.label)}`;
  dialog.querySelector(".quote").textContent = wanted.words;
  show();
  dialog.showModal();
  dialog.querySelector('[data-act="add-same"]').focus();
}

function show() {
  const places = search(options());
  found.replaceChildren(...places.slice(0, MOST).map(item));
  const more = places.length - MOST;
  dialog.querySelector(".rest").textContent = more > 0 ? `${more} more places can be added after these.` : "";
  const words = count();
  announce(`${places.length} other ${places.length === 1 ? "place" : "places"}. ${words}`);
}

/** Say on the button how many it adds. */
function count() {
  const all = found.children.length;
  const chosen = found.querySelectorAll("input:checked").length;
  const button = dialog.querySelector('[data-act="add-same"]');
  button.disabled = chosen === 0;
  button.textContent = all === 0 ? "Nothing to add" : chosen < all ? `Add ${chosen} of ${all}` : all === 1 ? "Add it" : `Add all ${all}`;
  return button.textContent;
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
  const one = document.createElement("button");
  one.type = "button";
  one.className = "plain small";
  one.dataset.act = "add-one";
  one.textContent = "Add";
  one.setAttribute("aria-label", `Add this one: ${label.textContent}`);
  row.append(box, label, one);
  return row;
}

dialog?.addEventListener("click", ({ target }) => {
  const chip = target.closest("[data-option]");
  if (chip) {
    chip.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") !== "true");
    show();
  }
  if (target.closest('[data-act="add-same"]')) addChosen();
  if (target.closest('[data-act="add-one"]')) addOne(target.closest("li"));
});

found?.addEventListener("change", count);

function addChosen() {
  const boxes = [...found.querySelectorAll("input:checked")];
  dialog.close();
  add(boxes);
}

/** One by one: the others stay to be looked at. */
function addOne(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  add([row.querySelector("input")]);
  row.remove();
  count();
  if (next) next.querySelector("button").focus();
  else dialog.close();
}

function add(boxes) {
  const places = boxes.map((box) => box.dataset.place.split(" ").map(Number));
  const form = document.getElementById(`ask-${wanted.label}`).content;
  const texts = new Set([...form.querySelectorAll('[data-kind="text"]')].map((one) => one.dataset.key));
  const values = Object.fromEntries(Object.entries(wanted.values).filter(([key]) => !texts.has(key)));
  addSpans(places, wanted.label, values);
  reveal(...places[0]);
}
