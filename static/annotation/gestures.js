// What a reader does, as gestures: shown on the page at once, queued for the server, and corrected by its answer.

import { announce } from "../shared/page.js";
import { quote, reveal, root } from "./article.js";
import { exposureOf } from "./exposure.js";
import { choose, chosenId, describe, list, place, relationsOf, repaint, runsOf, spanIn, spanOf } from "./list.js";
import { fetchPage, push, waiting } from "./outbox.js";
import { undisturbed } from "./quiet.js";

const comments = document.getElementById("comments");
/** What is said of a step once it is done. */
const STEPS = { undo: "Undone", redo: "Redone" };

function make(verb, body, words) {
  const entry = { gesture: crypto.randomUUID(), verb, body, words };
  preview(entry, waiting());
  repaint();
  push(entry);
  announce(words);
  document.dispatchEvent(new CustomEvent("desk:changed"));
}

export function addSpan(start, end, label, attributes) {
  const id = crypto.randomUUID();
  const words = quote(start, end);
  const body = { id, start, end, quote: words, label, attributes, ...seen(start, end, label) };
  make("add_span", body, `${nameOf(label)} added: ${words}`);
  return id;
}

export function addSpans(places, label, attributes) {
  const full = places.map(([start, end]) => ({
    id: crypto.randomUUID(), start, end, quote: quote(start, end), ...seen(start, end, label),
  }));
  make("add_spans", { places: full, label, attributes }, `${full.length} × ${nameOf(label)} added`);
}

/** What the reader saw of suggestions there, as a part of what is sent. */
function seen(start, end, label) {
  const suggestion = exposureOf(start, end, label);
  return suggestion ? { suggestion } : {};
}

export function rejectSuggestions(some, label, words) {
  const places = some.map(({ start, end }) => ({ id: crypto.randomUUID(), start, end }));
  make("reject_suggestions", { places, label }, words);
}

export function moveSpan(span, start, end) {
  const words = quote(start, end);
  make("change_span", { id: span.id, version: span.version, start, end, quote: words }, `Moved: ${words}`);
}

export function relabel(span, label) {
  make("change_span", { id: span.id, version: span.version, label }, `Now ${nameOf(label)}: ${span.words}`);
}

/** Answers to take over, by attribute; null takes one away. */
export function answer(span, attributes, words) {
  make("change_span", { id: span.id, version: span.version, attributes }, words);
}

export function setAbsent(span, name, isAbsent, words) {
  const absent = span.absent.filter((one) => one !== name).concat(isAbsent ? [name] : []);
  make("change_span", { id: span.id, version: span.version, absent }, words);
}

export function removeSpan(span) {
  make("remove_span", { id: span.id, version: span.version }, `Removed: ${span.words}`);
}

export function relate(type, source, target, name, attributes) {
  const words = `${source.words} – ${name} – ${target.words}`;
  make("relate", { id: crypto.randomUUID(), type, source: source.id, target: target.id, attributes }, words);
}

export function answerRelation(relation, attributes) {
  make("change_relation", { id: relation.id, version: relation.version, attributes }, "Relation changed");
}

export function unrelate(relation) {
  make("unrelate", { id: relation.id, version: relation.version }, "Relation removed");
}

export function comment(text, flag, span, thread) {
  const words = [flag ? `Flagged: ${flag}` : "Comment added", text].filter(Boolean).join(": ");
  make("comment", { id: crypto.randomUUID(), text, flag, span, thread }, words);
}

export function removeComment(id) {
  make("remove_comment", { id }, "Comment removed");
}

/** Propose an entry for a list. Returns the key that spans can name it by at once; the server makes the same one. */
export function propose(list, name, kind) {
  const id = crypto.randomUUID();
  make("propose", { id, list, name, kind }, `Proposed: ${name}`);
  return `new-${id.replaceAll("-", "").slice(0, 16)}`;
}

export const undo = () => make("undo", {}, "Undoing");
export const redo = () => make("redo", {}, "Redoing");

export const nameOf = (label) => document.getElementById(`ask-${label}`).dataset.name;

// What the page shows before the server has answered. Rows and lines that it sends replace all of this.

const PREVIEWS = {
  add_span, add_spans, change_span, remove_span, relate: link, change_relation, unrelate: unlink, comment: remark, remove_comment,
};

/** How what still waits looks when it is taken back, as far as the page can tell by itself. */
const REVERSED = {
  add_span: remove_span,
  add_spans: ({ places }) => places.forEach(remove_span),
  relate: unlink,
  comment: remove_comment,
  remove_span: bringBack,
  unrelate: ({ id }) => showAgain(document.getElementById(`r-${id}`)),
};

/** `before`: what waits to be sent ahead of it. */
function preview({ verb, body }, before) {
  if (verb in STEPS) previewStep(verb, before);
  else PREVIEWS[verb]?.(body);
}

function previewAll() {
  waiting().forEach((entry, at, all) => preview(entry, all.slice(0, at)));
}

/** A step over something that was not sent yet shows at once; what the server knows of, it tells. */
function previewStep(verb, before) {
  const [done, undone] = stacks(before);
  const entry = (verb === "undo" ? done : undone).at(-1);
  if (entry) (verb === "undo" ? REVERSED : PREVIEWS)[entry.verb]?.(entry.body);
}

/** What stands and what was taken back of some entries, as the server will keep them; a proposal is no step. */
function stacks(entries) {
  let [done, undone] = [[], []];
  for (const entry of entries) {
    if (entry.verb === "propose") continue;
    const from = entry.verb === "undo" ? done : undone;
    const to = entry.verb === "undo" ? undone : done;
    if (entry.verb in STEPS) to.push(...from.splice(-1));
    else [done, undone] = [[...done, entry], []];
  }
  return [done, undone];
}

function newRow(label) {
  const row = document.getElementById(`row-${label}`).content.firstElementChild.cloneNode(true);
  row.classList.add("pending");
  return row;
}

function add_span({ id, start, end, label, attributes, quote: words }) {
  const row = newRow(label);
  const values = { ...JSON.parse(row.dataset.values), ...attributes };
  row.id = `s-${id}`;
  Object.assign(row.dataset, { start, end, values: JSON.stringify(values), drawn: "" });
  row.querySelector(".words").textContent = words;
  place(row);
}

function add_spans({ places, label, attributes }) {
  for (const one of places) add_span({ ...one, label, attributes });
}

function change_span({ id, start, end, label, attributes, absent, quote: words }) {
  let row = document.getElementById(`s-${id}`);
  if (!row) return;
  if (label) row = relabelled(row, label);
  row.classList.add("pending");
  const { dataset } = row;
  if (attributes) dataset.values = JSON.stringify(merged(JSON.parse(dataset.values), attributes));
  if (absent) dataset.absent = absent.join(" ");
  closeGaps(row, [...Object.keys(attributes ?? {}), ...(absent ?? [])]);
  if (start !== undefined) {
    Object.assign(dataset, { start, end, drawn: "" });
    row.querySelector(".words").textContent = words;
    place(row);
  }
}

/** What was just answered is no gap any more; whether something else became one, the server knows. */
function closeGaps(row, names) {
  for (const gap of row.querySelectorAll(".gaps > li")) if (names.includes(gap.dataset.name)) gap.remove();
  const left = [...row.querySelectorAll(".gaps > li")];
  row.dataset.errors = left.filter((gap) => gap.dataset.severity === "error").length;
  row.dataset.warnings = left.length - Number(row.dataset.errors);
}

function merged(values, changes) {
  return Object.fromEntries(Object.entries({ ...values, ...changes }).filter(([, value]) => value !== null));
}

function relabelled(row, label) {
  const fresh = newRow(label);
  const values = { ...JSON.parse(fresh.dataset.values), ...JSON.parse(row.dataset.values) };
  fresh.id = row.id;
  const { start, end, version } = row.dataset;
  Object.assign(fresh.dataset, { start, end, version, values: JSON.stringify(values), drawn: "" });
  fresh.querySelector(".words").textContent = row.querySelector(".words").textContent;
  fresh.querySelector(".links").append(...row.querySelector(".links").children);
  row.replaceWith(fresh);
  return fresh;
}

function remove_span({ id }) {
  const { from, to } = relationsOf(id);
  for (const { item } of [...from, ...to]) item.hidden = true;
  for (const run of runsOf(id)) run.classList.toggle("going", run.dataset.spans === id);
  const row = document.getElementById(`s-${id}`);
  if (row) row.hidden = true;
  if (chosenId() === id) choose(null);
}

function bringBack({ id }) {
  showAgain(document.getElementById(`s-${id}`));
  for (const item of list.querySelectorAll(`[data-source="${id}"], [data-target="${id}"]`)) showAgain(item);
  for (const run of runsOf(id)) run.classList.remove("going");
}

function showAgain(node) {
  if (node) node.hidden = false;
}

function link({ id, type, source, target, attributes }) {
  document.getElementById(`r-${id}`)?.remove();
  const item = document.getElementById("new-link").content.firstElementChild.cloneNode(true);
  item.id = `r-${id}`;
  Object.assign(item.dataset, { type, source, target, values: JSON.stringify(attributes ?? {}) });
  item.querySelector(".said").textContent = tieName(type);
  const end = item.querySelector("a");
  end.href = `#s-${target}`;
  end.textContent = spanOf(target)?.words ?? "";
  const row = document.getElementById(`s-${source}`);
  row?.querySelector(".links").append(item);
  if (row) closeGaps(row, [type]);
}

export function tieName(type) {
  for (const form of document.querySelectorAll('template[id^="ask-"]')) {
    const tie = form.content.querySelector(`.tie[data-type="${type}"]`);
    if (tie) return tie.dataset.name;
  }
  return type;
}

function change_relation({ id, attributes }) {
  const item = document.getElementById(`r-${id}`);
  if (item) item.dataset.values = JSON.stringify(merged(JSON.parse(item.dataset.values), attributes));
}

function unlink({ id }) {
  const item = document.getElementById(`r-${id}`);
  if (item) item.hidden = true;
}

function remark({ id, text, flag, span, thread }) {
  document.getElementById(`c-${id}`)?.remove();
  const item = document.getElementById("new-comment").content.firstElementChild.cloneNode(true);
  item.id = `c-${id}`;
  item.dataset.span = span ?? "";
  if (thread) item.dataset.thread = thread;
  item.querySelector("strong").textContent = flag;
  item.querySelector("strong").hidden = !flag;
  item.querySelector(".said").textContent = text;
  comments.append(item);
}

function remove_comment({ id }) {
  document.getElementById(`c-${id}`)?.remove();
}

// What the server answers.

document.addEventListener("desk:saved", async ({ detail }) => {
  await undisturbed();
  const answer = new DOMParser().parseFromString(detail.html, "text/html").getElementById("answer");
  const expected = Number(document.body.dataset.version) + (answer.dataset.seq === "0" ? 0 : 1);
  const version = Number(answer.dataset.version);
  const stepped = detail.entry.verb in STEPS ? concerned(answer) : null;
  take(answer);
  document.body.dataset.version = version;
  settle();
  document.dispatchEvent(new CustomEvent("desk:changed"));
  if (stepped) showStep(STEPS[detail.entry.verb], stepped);
  // Another window wrote in between: what it did is not on this page yet.
  if (version > expected && !("repeated" in answer.dataset)) void refresh();
});

/** What a step changed, in reading order, those that it takes away as they still stand: {id, start, end, said}. */
function concerned(answer) {
  const rows = [...answer.querySelectorAll("li.entry")];
  const ids = [...rows.map((row) => row.id.slice(2)), ...[...answer.querySelectorAll("[data-removed]")].map((one) => one.dataset.removed)];
  const fresh = new Map(rows.map((row) => [row.id.slice(2), row]));
  const spans = ids.map((id) => spanIn(fresh.get(id)) ?? spanOf(id)).filter(Boolean);
  return spans
    .sort((a, b) => a.start - b.start)
    .map((span) => ({ id: span.id, start: span.start, end: span.end, said: describe(span) }));
}

/** Say what was undone or redone, and bring it into sight: it may lie far from where the reader is. */
function showStep(step, spans) {
  const first = spans.find(({ id }) => id === chosenId()) ?? spans[0];
  if (!first) return announce(step);
  announce(`${step}: ${first.said}${spans.length > 1 ? ` and ${spans.length - 1} more` : ""}`);
  if (document.activeElement?.matches("input, textarea")) return;
  if (spanOf(first.id)) choose(first.id, { say: false });
  else reveal(first.start, first.end);
}

function take(answer) {
  for (const line of [...answer.querySelectorAll("#text p")]) {
    document.getElementById(line.id)?.replaceWith(document.adoptNode(line));
  }
  for (const row of [...answer.querySelectorAll("li.entry")]) place(document.adoptNode(row));
  for (const item of [...answer.querySelectorAll("li.remark")]) {
    document.getElementById(item.id)?.remove();
    comments.append(document.adoptNode(item));
  }
  for (const { dataset } of answer.querySelectorAll("[data-removed]")) {
    for (const kind of ["s", "r", "c"]) document.getElementById(`${kind}-${dataset.removed}`)?.remove();
  }
}

/** Show again what still waits, on top of what the server sent; then paint. */
function settle() {
  previewAll();
  if (chosenId() && !spanOf(chosenId())) choose(null);
  else repaint();
}

/** Take over the whole page as it stands on the server. */
export async function refresh() {
  const page = await fetchPage().catch(() => null);
  if (!page) return;
  await undisturbed();
  // Labels and questions are other ones now: rows alone would not do.
  if (page.body.dataset.codebook !== document.body.dataset.codebook) {
    document.dispatchEvent(new CustomEvent("desk:outdated", { detail: { number: page.body.dataset.codebook } }));
    return;
  }
  // What was saved while the page was on its way is not on it.
  if (Number(page.body.dataset.version) < Number(document.body.dataset.version)) return void refresh();
  const open = [...root.querySelectorAll("details")].map((fold) => fold.open);
  root.replaceChildren(...[...page.getElementById("text").childNodes].map((node) => document.adoptNode(node)));
  root.querySelectorAll("details").forEach((fold, at) => (fold.open = open[at]));
  list.replaceChildren(...[...page.getElementById("spans").children].map((node) => document.adoptNode(node)));
  comments.replaceChildren(...[...page.getElementById("comments").children].map((node) => document.adoptNode(node)));
  document.body.dataset.version = page.body.dataset.version;
  document.body.classList.toggle("open", page.body.classList.contains("open"));
  settle();
  document.dispatchEvent(new CustomEvent("desk:changed"));
}

// Another window wrote: follow it, unless something of this window is on its way, which will tell soon enough.
document.addEventListener("desk:elsewhere", ({ detail: { version } }) => {
  if (version > Number(document.body.dataset.version) && waiting().length === 0) void refresh();
});

/** On opening the page: what an earlier visit left unsent. */
export function resume() {
  previewAll();
  repaint();
}
