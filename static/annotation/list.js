// The span list is where the page keeps what it knows of spans and relations; this reads it and walks it.

import { announce } from "../shared/page.js";
import { paint, reveal, root } from "./article.js";
import { afterPaint, soon } from "./frame.js";
import { below } from "./offsets.js";

export const list = document.getElementById("spans");
const rail = document.getElementById("counts");
const links = list.getElementsByClassName("link");

let chosen = null;
/** The row of the chosen span, and the one button of the list that Tab leads to, as they were last painted. */
let current = null;
let stop = null;
/** Marks that are tinted because their span is chosen, and those of the span under the pointer. */
let lit = [];
let near = [];

/** Everything about one span, read from its row. Null when there is no such row. */
export function spanOf(id) {
  const row = id && document.getElementById(`s-${id}`);
  return row && !row.hidden ? read(row) : null;
}

/** What a row says. Read when asked for: there may be a thousand rows, and most questions are about places. */
class Entry {
  constructor(row) {
    const { start, end, label } = row.dataset;
    this.row = row;
    this.start = Number(start);
    this.end = Number(end);
    this.label = label;
  }

  get id() {
    return this.row.id.slice(2);
  }

  get version() {
    return Number(this.row.dataset.version);
  }

  get values() {
    return JSON.parse(this.row.dataset.values);
  }

  get absent() {
    return this.row.dataset.absent.split(" ").filter(Boolean);
  }

  get errors() {
    return Number(this.row.dataset.errors);
  }

  /** Its gaps and warnings, in words. */
  get lacks() {
    return [...this.row.querySelectorAll(".gaps > li")].map((gap) => gap.textContent).join(" ");
  }

  get words() {
    return this.row.querySelector(".words").textContent;
  }

  get colour() {
    return this.row.className.match(/\bc-(\w+)/)[1];
  }
}

const read = (row) => new Entry(row);

/** What a row says that is not on the page yet. */
export const spanIn = (row) => (row ? read(row) : null);

/** All spans in reading order. */
export function spans() {
  return [...list.children].filter((row) => !row.hidden).map(read);
}

/** Relations that start at a span, and those that end there. */
export function relationsOf(id) {
  const from = document.getElementById(`s-${id}`)?.querySelectorAll(".link:not([hidden])") ?? [];
  const to = list.querySelectorAll(`.entry:not([hidden]) .link[data-target="${id}"]:not([hidden])`);
  return { from: [...from].map(readRelation), to: [...to].map(readRelation) };
}

function readRelation(item) {
  const { type, source, target, version, values } = item.dataset;
  return { id: item.id.slice(2), item, type, source, target, version: Number(version), values: JSON.parse(values ?? "{}") };
}

/** Put a row where reading order wants it, in the place of an older one of the same span. */
export function place(row) {
  document.getElementById(row.id)?.remove();
  const key = order(row);
  const rows = list.children;
  const at = below(rows.length, (place) => compare(order(rows[place]), key) < 0);
  list.insertBefore(row, rows[at] ?? null);
}

/** The span of a label that covers exactly this stretch, if there is one. */
export function spanOver(start, end, label) {
  const row = list.querySelector(`.entry[data-start="${start}"][data-end="${end}"][data-label="${label}"]:not([hidden])`);
  return row && read(row);
}

function order(row) {
  return [Number(row.dataset.start), -Number(row.dataset.end), row.dataset.label, row.id];
}

function compare(a, b) {
  const at = a.findIndex((value, place) => value !== b[place]);
  if (at < 0) return 0;
  return a[at] < b[at] ? -1 : 1;
}

export const chosenId = () => chosen;
export const chosenSpan = () => spanOf(chosen);

/** Choose a span, or none: mark it in text and list, tell the rest of the page. */
export function choose(id, { show = true, say = true } = {}) {
  const span = spanOf(id);
  chosen = span?.id ?? null;
  repaint();
  if (span && say) announce(describe(span));
  document.dispatchEvent(new CustomEvent("desk:chosen", { detail: span }));
  if (span && show) soon(showChosen);
}

function showChosen() {
  const span = spanOf(chosen);
  if (!span) return;
  reveal(span.start, span.end);
  scrollList(span.row);
}

function scrollList(row) {
  const box = list.getBoundingClientRect();
  const place = row.getBoundingClientRect();
  if (place.top < box.top) list.scrollTop -= box.top - place.top + 8;
  else if (place.bottom > box.bottom) list.scrollTop += place.bottom - box.bottom + 8;
}

/** A span in words, for those who listen. */
export function describe(span) {
  const label = document.querySelector(`#ask-${CSS.escape(span.label)}`).dataset.name;
  const gaps = span.errors ? `, ${span.errors === 1 ? "1 gap" : `${span.errors} gaps`}` : "";
  return `${label}: ${span.words}${gaps}`;
}

/** After rows or lines were replaced: the marks of the chosen span, what is not saved yet, and the counts. */
export function repaint() {
  for (const run of lit) run.classList.remove("on", "kin", run.dataset.tint);
  lit = [];
  current?.removeAttribute("aria-current");
  if (stop) stop.tabIndex = -1;
  const span = spanOf(chosen);
  current = span?.row ?? null;
  stop = (current ?? list.querySelector(".entry:not([hidden])"))?.querySelector(".pick");
  if (stop) stop.tabIndex = 0;
  if (span) {
    span.row.setAttribute("aria-current", "true");
    const { from, to } = relationsOf(span.id);
    for (const kin of [...from.map((one) => one.target), ...to.map((one) => one.source)].map(spanOf)) light(kin, "kin");
    light(span, "on");
  }
  soon(paintPending);
  afterPaint(count);
}

/** What the chosen span is linked to shows too, more faintly. */
function light(span, how) {
  for (const run of span ? runsOf(span.id) : []) {
    if (run.classList.contains("kin")) run.classList.remove("kin", run.dataset.tint);
    run.dataset.tint = `c-${span.colour}`;
    run.classList.add(how, run.dataset.tint);
    lit.push(run);
  }
}

export const runsOf = (id) => root.querySelectorAll(`mark[data-spans~="${id}"]`);

const painted = new Set();
const unsaved = list.getElementsByClassName("pending");

function paintPending() {
  const pending = new Map();
  for (const row of unsaved) {
    if (row.hidden || row.dataset.drawn === undefined) continue;
    const { start, end, colour } = read(row);
    if (!pending.has(colour)) pending.set(colour, []);
    pending.get(colour).push([start, end]);
  }
  for (const colour of new Set([...painted, ...pending.keys()])) {
    paint(`pending-${colour}`, pending.get(colour) ?? []);
    painted.add(colour);
  }
}

/** The next span in reading order (1) or the one before (-1), from the chosen one or from an offset. */
export function walk(direction, from) {
  const all = spans();
  if (all.length === 0) {
    announce("No spans yet.");
    return null;
  }
  const at = all.findIndex((span) => span.id === chosen);
  let next = at + direction;
  if (at < 0) {
    const after = all.findIndex((span) => span.start >= from);
    next = direction > 0 ? after : (after < 0 ? all.length : after) - 1;
    if (next < 0 && direction > 0) next = all.length - 1;
  }
  const found = all[Math.min(Math.max(next, 0), all.length - 1)];
  choose(found.id);
  return found;
}

/** The spans over an offset, the narrowest first. */
export function spansAt(offset) {
  return spans()
    .filter((span) => span.start <= offset && offset < span.end)
    .sort((a, b) => a.end - a.start - (b.end - b.start));
}

/** Choose among the spans on a spot: the narrowest, and with each repetition the next. */
export function chooseAmong(ids) {
  const widths = ids.map(spanOf).filter(Boolean).sort((a, b) => a.end - a.start - (b.end - b.start));
  const at = widths.findIndex((span) => span.id === chosen);
  const next = widths[(at + 1) % widths.length];
  choose(next.id, { show: false });
  if (widths.length > 1) announce(`${describe(next)}. ${(at + 1) % widths.length + 1} of ${widths.length} here.`);
  return next;
}

/** Spans whose gaps keep the reading from being handed in. */
export const gapped = () => [...list.querySelectorAll('.entry:not([data-errors="0"]):not([hidden])')].map(read);

/** Spans with warnings alone. */
const doubtful = () =>
  [...list.querySelectorAll('.entry[data-errors="0"]:not([data-warnings="0"]):not([hidden])')].map(read);

/** Choose the next span with a gap, or, after the last of them, with a warning; and say what it lacks. */
export function nextGap(from) {
  const first = gapped();
  const open = [...first, ...doubtful()];
  if (open.length === 0) {
    announce("No gaps.");
    return null;
  }
  const at = open.findIndex((span) => span.id === chosen);
  const ahead = (first.length ? first : open).find((span) => span.start >= from);
  const next = at >= 0 ? open[(at + 1) % open.length] : (ahead ?? open[0]);
  choose(next.id, { say: false });
  announce(`${describe(next)}. ${next.lacks}`);
  return next;
}

function count() {
  const [counts, labels] = [{ errors: 0, warnings: 0, relations: 0 }, {}];
  for (const row of list.children) {
    if (row.hidden) continue;
    const { label, errors, warnings } = row.dataset;
    labels[label] = (labels[label] ?? 0) + 1;
    counts.errors += Number(errors);
    counts.warnings += Number(warnings);
  }
  for (const link of links) if (!link.hidden && !link.closest(".entry").hidden) counts.relations += 1;
  for (const item of rail?.children ?? []) {
    const { label } = item.dataset;
    item.firstElementChild.textContent = label ? (labels[label] ?? 0) : counts.relations;
  }
  document.dispatchEvent(new CustomEvent("desk:counted", { detail: counts }));
}

/** Hovering a row or a mark shows the whole extent of its span. */
export function hover(id) {
  for (const run of near) run.classList.remove("near", run.dataset.near);
  const span = spanOf(id);
  near = span ? [...runsOf(id)] : [];
  for (const run of near) {
    run.dataset.near = `n-${span.colour}`;
    run.classList.add("near", run.dataset.near);
  }
}

// With the focus in the list, the arrows walk it too.
list.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  walk(event.key === "ArrowDown" ? 1 : -1, 0)?.row.querySelector(".pick").focus();
});
