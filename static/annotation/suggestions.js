// Suggestions: drawn faintly over the text, walked, accepted, rejected or changed. None counts until it is accepted.

import { announce } from "../shared/page.js";
import { isOpen, quote, range, root } from "./article.js";
import { caretAt, select } from "./caret.js";
import { keepInSight, letGo, takeUp } from "./exposure.js";
import { nameOf, rejectSuggestions } from "./gestures.js";
import { choose, spans } from "./list.js";
import { waiting } from "./outbox.js";
import { mark } from "./picker.js";

const address = document.body.dataset.suggestions;
const canPaint = Boolean(globalThis.CSS?.highlights);
const rail = document.getElementById("suggested");
const card = document.getElementById("suggestion");
const SOURCES = { own: "as you labelled these words before", register: "a name in the register" };
/** One gesture rejects no more. */
const MOST = 200;

/** What the server suggested: {start, end, label, attributes, said, source}, in reading order. */
let all = [];
/** Rejected or changed on this page, by key. */
let answered = new Set();
/** Those that wait for an answer, and the one at hand. */
let open = [];
let current = null;
/** The one whose words are selected to be labelled otherwise. */
let changing = null;
let explained = false;

const keyOf = ({ start, end, label }) => `${start} ${end} ${label}`;

/** Ask for them once the page has nothing better to do; without an answer the reading goes on without. */
export function askWhenIdle() {
  if (address && canPaint) whenIdle(load);
}

const whenIdle = (act) => (globalThis.requestIdleCallback ? requestIdleCallback(act, { timeout: 500 }) : setTimeout(act));

async function load() {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const had = open.length;
  all = (await answer.json()).suggestions;
  answered = new Set(unsent());
  update();
  if (!had && open.length) announce(`${counted(open.length)}.`);
}

/** Keys of rejections that the server has not heard of yet. */
function unsent() {
  const rejected = waiting().filter(({ verb }) => verb === "reject_suggestions");
  return rejected.flatMap(({ body }) => body.places.map((place) => keyOf({ ...place, label: body.label })));
}

const counted = (count) => (count === 1 ? "1 suggestion" : `${count} suggestions`);

/** Which of them wait still: neither answered nor under a span of their label. Then draw and count. */
function update() {
  // Every gesture asks anew, and there may be a thousand spans.
  const labelled = all.length ? byLabel(spans()) : {};
  const isTaken = ({ start, end, label }) => labelled[label]?.some((span) => span.start < end && span.end > start);
  open = isOpen() ? all.filter((one) => !answered.has(keyOf(one)) && !isTaken(one)) : [];
  if (current) current = open.find((one) => keyOf(one) === keyOf(current)) ?? null;
  keepInSight(open);
  draw();
  show();
}

function byLabel(rows) {
  const found = {};
  for (const row of rows) (found[row.label] ??= []).push(row);
  return found;
}

// Drawing.

const ranges = new Map();
const painted = new Set();

function draw() {
  const colours = new Map([...painted].map((colour) => [colour, []]));
  for (const one of open) {
    const { colour } = document.getElementById(`ask-${one.label}`).dataset;
    if (!colours.has(colour)) colours.set(colour, []);
    colours.get(colour).push(rangeOver(one));
  }
  for (const [colour, over] of colours) {
    painted.add(colour);
    put(`suggested-${colour}`, over);
  }
  put("suggestion", current ? [rangeOver(current)] : []);
}

function put(name, over) {
  if (over.length) CSS.highlights.set(name, new Highlight(...over));
  else CSS.highlights.delete(name);
}

/** Kept as long as its line is: an answer replaces only the lines that it changes. */
function rangeOver(one) {
  const key = keyOf(one);
  const known = ranges.get(key);
  if (known && !known.collapsed && root.contains(known.startContainer)) return known;
  const made = range(one.start, one.end);
  ranges.set(key, made);
  return made;
}

function show() {
  rail.hidden = open.length === 0;
  rail.querySelector(".count").textContent = counted(open.length);
  card.hidden = current === null;
  if (!current) return;
  card.querySelector(".place").textContent = `${open.indexOf(current) + 1} of ${open.length}`;
  card.querySelector(".label-name").textContent = nameOf(current.label);
  card.querySelector(".quote").textContent = quote(current.start, current.end);
  card.querySelector(".said").textContent = [current.said, SOURCES[current.source]].filter(Boolean).join(" · ");
  card.className = `c-${document.getElementById(`ask-${current.label}`).dataset.colour}`;
}

// Walking.

function walk(direction) {
  update();
  if (open.length === 0) return announce("No suggestions are left.");
  const at = current ? open.indexOf(current) + direction : nearest(direction);
  goTo(open[(at + open.length) % open.length]);
}

function nearest(direction) {
  const after = open.findIndex((one) => one.start >= caretAt());
  if (direction > 0) return Math.max(0, after);
  return (after < 0 ? open.length : after) - 1;
}

function goTo(one) {
  choose(null);
  current = one;
  root.focus({ preventScroll: true });
  select(one.start, one.start, { say: false });
  draw();
  show();
  const hint = explained ? "" : ". y accepts, x rejects, m changes it";
  explained = true;
  announce(`Suggestion ${open.indexOf(one) + 1} of ${open.length}: ${nameOf(one.label)}: ${quote(one.start, one.end)}${one.said ? `, ${one.said}` : ""}${hint}`);
}

/** A click or a tap on a suggestion takes it; again, it goes to what else is there. Whether one was taken. */
export function takeAt(offset) {
  const here = offset === null ? [] : open.filter((one) => one.start <= offset && offset < one.end);
  const [narrowest] = here.sort((a, b) => a.end - a.start - (b.end - b.start));
  if (!narrowest || narrowest === current) return false;
  goTo(narrowest);
  return true;
}

/** Let go of the one at hand; whether there was one. */
export function leave() {
  const had = current !== null;
  current = null;
  if (had) {
    draw();
    show();
  }
  return had;
}

// Answering.

/** The one at hand, else the narrowest at the caret. */
function atHand() {
  update();
  const at = caretAt();
  const here = open.filter((one) => one.start <= at && at < one.end).sort((a, b) => a.end - a.start - (b.end - b.start));
  const found = current ?? here[0] ?? null;
  if (!found) announce(open.length ? "No suggestion here; n goes to the next." : "No suggestions are left.");
  return found;
}

function accept() {
  const one = atHand();
  if (!one) return;
  takeUp(one);
  mark([one.start, one.end], one.label, one.attributes);
  letGo();
  update();
}

function reject() {
  const one = atHand();
  if (one) putAway([one]);
}

/** All that wait on the same words under the same label. */
function rejectAlike() {
  const one = atHand();
  if (!one) return;
  const words = ({ start, end }) => quote(start, end).toLowerCase();
  putAway(open.filter((other) => other.label === one.label && words(other) === words(one)).slice(0, MOST));
}

function putAway(some) {
  const [{ start, end, label }] = some;
  for (const one of some) answered.add(keyOf(one));
  current = null;
  rejectSuggestions(some, label, some.length === 1 ? `Rejected: ${quote(start, end)}` : `${some.length} rejected: ${quote(start, end)}`);
  root.focus({ preventScroll: true });
  update();
}

/** Its words are selected: move the edges, then give any label. */
function change() {
  const one = atHand();
  if (!one) return;
  leave();
  takeUp(one);
  changing = one;
  root.focus({ preventScroll: true });
  select(one.start, one.end, { say: false });
  announce(`Selected: ${quote(one.start, one.end)}. Move its edges, then choose a label.`);
}

document.addEventListener("desk:selected", ({ detail }) => {
  // What was taken up is answered by the span that is drawn; a selection given up gives it up too.
  if (changing && !detail) {
    if (letGo()) answered.add(keyOf(changing));
    changing = null;
  }
  if (current && (caretAt() < current.start || caretAt() > current.end)) leave();
});
document.addEventListener("desk:chosen", ({ detail }) => detail && leave());
document.addEventListener("desk:changed", () => address && whenIdle(update));
document.addEventListener("desk:saved", ({ detail: { entry } }) => {
  // What was taken back may be suggested again.
  if (address && ["undo", "redo", "remove_span", "change_span"].includes(entry.verb)) void load();
});

const next = () => walk(1);
export const KEYS = address ? { n: next, N: () => walk(-1), y: accept, x: reject, X: rejectAlike, m: change } : {};
export const ACTS = {
  "next-suggestion": next, "accept-suggestion": accept, "reject-suggestion": reject, "change-suggestion": change,
};
