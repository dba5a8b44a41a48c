// The inspector: what is asked about the chosen span, answered by click, key or type-ahead.

import { announce } from "../shared/page.js";
import { isOpen, root } from "./article.js";
import { answer, removeSpan, setAbsent, unrelate } from "./gestures.js";
import { openGuide } from "./guide.js";
import { digitOf } from "./keys.js";
import { choose, chosenSpan, list, relationsOf } from "./list.js";
import { number } from "./numbers.js";
import { showSnippet } from "./picker.js";
import { entryOf, watchRegister } from "./register.js";
import { fillTie } from "./ties.js";

const panel = document.getElementById("inspector");
const nothing = panel.querySelector(".nothing");

let form = null;
let shown = "";

/** Show the chosen span. The form of a span that is shown already stays, so that the cursor in it does too. */
export function show() {
  const span = chosenSpan();
  const key = span ? `${span.id} ${span.label}` : "";
  if (key !== shown) build(span);
  shown = key;
  nothing.hidden = span !== null;
  if (span) fill(span);
}

function build(span) {
  form?.remove();
  form = null;
  if (!span) return;
  form = document.createElement("div");
  form.className = `form c-${span.colour}`;
  form.append(head(span), document.getElementById(`ask-${span.label}`).content.cloneNode(true));
  panel.append(form);
  showSnippet(span.label);
  for (const ask of form.querySelectorAll(".ask")) wake(ask);
  if (!isOpen()) for (const control of form.querySelectorAll("button:not(.name), input")) control.disabled = true;
}

function head(span) {
  const box = document.createElement("div");
  box.className = "head";
  const title = document.createElement("h2");
  title.append(topic(span.label));
  const words = document.createElement("blockquote");
  words.className = "quote";
  words.dir = "auto";
  const gaps = document.createElement("ul");
  gaps.className = "gaps";
  const tools = document.createElement("div");
  tools.className = "tools";
  if (isOpen()) {
    tools.append(tool("same", "Same", "a", "Same strings"), tool("lines", "Lines", "v"), tool("remove", "Remove", "Del"));
  }
  box.append(title, words, tools, gaps);
  return box;
}

/** The label's name, which leads to its rules. */
function topic(label) {
  const { name, rules } = document.getElementById(`ask-${label}`).dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "name";
  Object.assign(button.dataset, { act: "guide", about: label, rules, name });
  button.textContent = name;
  return button;
}

function tool(act, name, key, title = name) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain small quiet";
  button.dataset.act = act;
  button.title = title;
  const hint = document.createElement("kbd");
  hint.textContent = key;
  hint.ariaHidden = "true";
  button.append(name, hint);
  return button;
}

function wake(ask) {
  const { key, kind, name } = ask.dataset;
  if (kind === "key") {
    watchRegister(ask.querySelector(".register"), { span: chosenSpan, key, done: () => after(ask) });
    return;
  }
  const input = ask.querySelector("[data-input]");
  input?.addEventListener("change", () => takeInput(input, key, kind, name));
  input?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (takeInput(input, key, kind, name)) after(ask);
  });
}

function takeInput(input, key, kind, name) {
  const span = chosenSpan();
  if (!span) return false;
  const typed = input.value.trim();
  const value = typed === "" ? null : kind === "number" ? number(typed) : typed;
  input.setAttribute("aria-invalid", Number.isNaN(value));
  if (Number.isNaN(value)) {
    announce(`${name}: write a number, such as 2800.`);
    return false;
  }
  if ((span.values[key] ?? null) !== value) answer(span, { [key]: value }, `${name}: ${typed || "taken away"}`);
  return true;
}

function fill(span) {
  form.querySelector(".quote").textContent = span.words;
  const gaps = [...span.row.querySelectorAll(".gaps > li")];
  const missing = new Set(gaps.map((gap) => gap.dataset.name));
  for (const ask of form.querySelectorAll(".ask")) fillAsk(ask, span, missing);
  const relations = relationsOf(span.id);
  for (const tie of form.querySelectorAll(".tie")) fillTie(tie, span, relations, missing);
  const isShown = ({ dataset: { name } }) => form.querySelector(`[data-key="${name}"], [data-type="${name}"]`);
  const loose = gaps.filter((gap) => !isShown(gap));
  form.querySelector(".gaps").replaceChildren(...loose.map((gap) => gap.cloneNode(true)));
}

function fillAsk(ask, span, missing) {
  const { key, kind, when } = ask.dataset;
  const value = span.values[key];
  const isAbsent = span.absent.includes(key);
  ask.hidden = value === undefined && !isAbsent && Boolean(when) && !holds(JSON.parse(when), span.values);
  ask.classList.toggle("missing", missing.has(key));
  for (const chip of ask.querySelectorAll(".chip[data-value]")) {
    chip.setAttribute("aria-pressed", value !== undefined && chip.dataset.value === String(value));
    // A retired value is shown where it was chosen, and offered nowhere.
    chip.hidden = chip.classList.contains("retired") && chip.getAttribute("aria-pressed") === "false";
  }
  rove(ask);
  for (const chip of ask.querySelectorAll("[data-absent]")) {
    chip.setAttribute("aria-pressed", isAbsent);
    chip.hidden = value !== undefined;
  }
  const input = ask.querySelector("input");
  const entry = kind === "key" && value !== undefined ? entryOf(ask.querySelector(".register").dataset.list, value, span, key) : null;
  if (kind === "key") describeEntry(ask.querySelector(".meaning"), entry);
  if (!input || input === document.activeElement) return;
  input.value = value === undefined ? "" : (entry?.title ?? value);
}

/** What the chosen entry is, under its name. */
function describeEntry(box, entry) {
  box.replaceChildren();
  box.hidden = !entry || !(entry.more || entry.hint || entry.mark);
  if (box.hidden) return;
  const hint = document.createElement("span");
  hint.className = "quiet";
  hint.textContent = [entry.mark, entry.hint].filter(Boolean).join(" · ");
  const more = document.createElement("span");
  more.textContent = entry.more;
  box.append(...[hint, more].filter((part) => part.textContent));
}

function holds({ attribute, values }, given) {
  return attribute in given && (values === null || values.includes(given[attribute]));
}

/** One stop for the Tab key among the chips of a question. */
function rove(ask) {
  const chips = [...ask.querySelectorAll(".chip")];
  const stop = chips.find((chip) => chip.getAttribute("aria-pressed") === "true") ?? chips[0];
  for (const chip of chips) chip.tabIndex = chip === stop || chip === document.activeElement ? 0 : -1;
}

// Clicks.

panel.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  const span = chosenSpan();
  if (!button || !span) return;
  if (button.dataset.go) choose(button.dataset.go);
  else if (!isOpen()) return;
  else if (button.dataset.value !== undefined) toggle(button, span);
  else if (button.dataset.absent) toggleAbsent(button, span);
  else if (button.dataset.unrelate) unrelate(relationBy(button.dataset.unrelate));
});

function relationBy(id) {
  const { dataset } = document.getElementById(`r-${id}`);
  return { id, version: Number(dataset.version) };
}

/** A chip that is pressed already gives the answer back. */
function toggle(chip, span) {
  const ask = chip.closest(".ask");
  const { key, kind, name } = ask.dataset;
  const value = kind === "flag" ? chip.dataset.value === "true" : chip.dataset.value;
  const isOn = chip.getAttribute("aria-pressed") === "true";
  answer(span, { [key]: isOn ? null : value }, `${name}: ${isOn ? "taken away" : chip.firstChild.textContent}`);
}

function toggleAbsent(chip, span) {
  const isOn = chip.getAttribute("aria-pressed") === "true";
  setAbsent(span, chip.dataset.absent, !isOn, isOn ? "Asked again" : "Not in the text");
}

export function remove() {
  const span = chosenSpan();
  if (!span) return;
  removeSpan(span);
  root.focus({ preventScroll: true });
}

// Keys inside the panel.

/** Into the questions: to the first gap, else to the first question. */
export function enter() {
  show();
  const missing = form?.querySelector(".ask.missing:not([hidden])");
  const first = missing ?? form?.querySelector(".ask:not([hidden])");
  if (!first) return;
  hurried = Boolean(missing);
  focusOn(first);
}

/** Entered for a gap, the panel is left again when the last one is closed. */
let hurried = false;

function focusOn(ask) {
  const stop = ask.querySelector("input") ?? ask.querySelector('.chip[tabindex="0"]') ?? ask.querySelector(".chip");
  stop?.focus();
  ask.scrollIntoView({ block: "nearest" });
}

function after(ask) {
  const asks = [...form.querySelectorAll(".ask:not([hidden])")];
  const open = asks.find((one) => one.classList.contains("missing") && one !== ask);
  if (hurried) return open ? focusOn(open) : root.focus({ preventScroll: true });
  const next = asks[asks.indexOf(ask) + 1];
  if (next) focusOn(next);
  else root.focus({ preventScroll: true });
}

panel.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    root.focus({ preventScroll: true });
    return;
  }
  const ask = event.target.closest(".ask");
  if (!ask || !isOpen()) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") return step(event, ask);
  if (event.target.matches("input")) return;
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") return slide(event, ask);
  if (digitOf(event)) byNumber(event, ask);
  else if (event.key === "h") explain(event, ask);
});

/** What the guidelines say on the question at hand. */
function explain(event, ask) {
  event.preventDefault();
  openGuide(ask.querySelector(".name").dataset);
}

function step(event, ask) {
  const asks = [...form.querySelectorAll(".ask:not([hidden])")];
  const next = asks[asks.indexOf(ask) + (event.key === "ArrowDown" ? 1 : -1)];
  event.preventDefault();
  hurried = false;
  if (next) focusOn(next);
}

function slide(event, ask) {
  const chips = [...ask.querySelectorAll(".chip:not([hidden])")];
  const at = chips.indexOf(document.activeElement) + (event.key === "ArrowRight" ? 1 : -1);
  event.preventDefault();
  chips[(at + chips.length) % chips.length]?.focus();
}

function byNumber(event, ask) {
  const chip = ask.querySelectorAll(".chip[data-value]:not(.retired)")[Number(digitOf(event)) - 1];
  if (!chip) return;
  event.preventDefault();
  if (chip.getAttribute("aria-pressed") !== "true") toggle(chip, chosenSpan());
  after(ask);
}

// The list: a click chooses, as in the text.

list.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#s-']");
  const row = event.target.closest(".entry");
  if (link) event.preventDefault();
  const id = link ? link.hash.slice(3) : row?.id.slice(2);
  if (id) choose(id);
  if (id) root.focus({ preventScroll: true });
});
