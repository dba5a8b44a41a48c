// The adjudication desk: keys press the buttons that show them, and a decision redraws in place what it changed.

import { announce, csrfToken } from "../shared/page.js";
import { offset, paint, quote, reveal, root } from "../annotation/article.js";
import { entryItem, find, fold, wakeMenu } from "../annotation/entries.js";
import { openGuide, openKeys } from "../annotation/guide.js";
import { characterEdge, snap, wholeCharacters, wordAfter, wordBefore } from "../annotation/words.js";

const PARTS = ["progress", "differences", "decision", "foot"];
const WHY = ["rule", "note"];
const EDGES = { q: ["start", -1], w: ["start", 1], o: ["end", -1], p: ["end", 1] };
const shortcuts = document.body.dataset.shortcuts === "on";

// Redrawing

let isBusy = false;
const typedAhead = [];

/** Send a form, or follow a link, and show the desk as it is then. Keys pressed meanwhile act on what comes. */
async function ask(address, body) {
  if (isBusy) return;
  isBusy = true;
  document.body.classList.add("busy");
  const isDone = await answered(address, body);
  isBusy = false;
  document.body.classList.remove("busy");
  if (!isDone) typedAhead.length = 0;
  else if (typedAhead.length) press(...typedAhead.shift());
}

/** Whether the desk shows the answer now; a refusal is shown instead. */
async function answered(address, body) {
  const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
  let response;
  let said;
  try {
    response = await fetch(address, body ? { method: "POST", body, headers } : { headers });
    said = await response.text();
  } catch {
    return refuse("The server cannot be reached. Nothing was lost; try again.");
  }
  if (response.headers.get("X-Signed-Out")) return refuse("Your session has ended. Sign in again, then repeat the decision.", signInLink());
  if (response.status >= 500 && response.status !== 503) return refuse("The server could not do this. Nothing was lost; try again.");
  const onward = response.headers.get("HX-Redirect");
  if (onward) return location.assign(onward) ?? false;
  const answer = new DOMParser().parseFromString(said, "text/html");
  if (!response.ok) return refuse(answer.body.textContent.trim(), ...([404, 409].includes(response.status) ? [freshLink()] : []));
  redraw(answer);
  return true;
}

function redraw(answer) {
  const scrolled = document.getElementById("differences").scrollTop;
  const before = document.getElementById("decision").dataset.at;
  const typed = WHY.map((id) => document.getElementById(id)?.value);
  for (const id of PARTS) replace(document.getElementById(id), answer.getElementById(id));
  for (const line of answer.querySelectorAll("#text p")) replace(document.getElementById(line.id), line);
  document.getElementById("differences").scrollTop = scrolled;
  document.body.classList.remove("listing");
  const at = document.getElementById("decision").dataset.at;
  if (at) history.replaceState(null, "", `?at=${at}`);
  if (at === before) keepTyped(typed);
  drawn();
  const heading = document.querySelector("#decision .heading");
  heading.focus({ preventScroll: true });
  announce(`${document.querySelector("#progress span").textContent}. ${heading.textContent}`);
}

/** Who looks at the same difference anew has not written in vain. */
function keepTyped(typed) {
  WHY.forEach((id, place) => {
    const field = document.getElementById(id);
    if (field && !field.value) field.value = typed[place] ?? "";
  });
}

function replace(old, fresh) {
  if (!old.isEqualNode(fresh)) old.replaceWith(document.importNode(fresh, true));
}

function refuse(words, ...links) {
  const box = document.getElementById("problem");
  box.replaceChildren(words);
  if (links.length) {
    const line = document.createElement("p");
    line.className = "actions";
    line.append(...links);
    box.append(line);
  }
  box.scrollIntoView({ block: "nearest" });
  return false;
}

function link(words, address) {
  const made = document.createElement("a");
  made.className = "secondary";
  made.textContent = words;
  made.href = address;
  return made;
}

function signInLink() {
  const made = link("Sign in", document.body.dataset.signIn);
  made.target = "_blank";
  return made;
}

const freshLink = () => link("Show what stands now", `?at=${document.getElementById("decision").dataset.at}`);

/** Tell open places on the text from settled ones, give each reading its letter, and bring the current place into sight. */
function drawn() {
  const rows = [...document.querySelectorAll(".difference")].map((row) => ({ row, marks: row.dataset.marks.split(" ") }));
  const states = new Map();
  for (const { row, marks } of rows) {
    for (const mark of marks) if (row.dataset.state === "open" || !states.has(mark)) states.set(mark, row.dataset.state);
  }
  const current = new Set(rows.find(({ row }) => row.getAttribute("aria-current"))?.marks);
  const called = new Map([...document.querySelectorAll(".voice")].map(({ dataset }) => [dataset.letter, dataset.called]));
  const lettered = new Set();
  let first;
  for (const mark of root.querySelectorAll("mark")) {
    const ids = mark.dataset.spans.split(" ").map((id) => id.split(":"));
    const has = (state) => ids.some(([id]) => states.get(id) === state);
    const isCurrent = ids.some(([id]) => current.has(id));
    mark.classList.toggle("at", isCurrent);
    mark.classList.toggle("open", has("open"));
    mark.classList.toggle("settled", has("settled"));
    mark.classList.toggle("quieter", !isCurrent && !has("open"));
    const letters = ids.filter(([id, letter]) => letter && !lettered.has(id + letter)).map(([id, letter]) => lettered.add(id + letter) && letter);
    if (letters.length) mark.dataset.letters = letters.map((letter) => called.get(letter) ?? letter).join(" ");
    if (isCurrent) first ??= mark;
  }
  if (first) reveal(...stretchOf(first));
  document.querySelector(".difference[aria-current]")?.scrollIntoView({ block: "nearest" });
  document.querySelectorAll("#edit .register").forEach(wakeRegister);
  closeEdit();
}

function stretchOf(mark) {
  const start = Number(mark.dataset.start);
  return [start, start + [...mark.textContent].length];
}

// Buttons, links, places on the text

const ACTS = {
  guide: (button) => openGuide(button.dataset),
  keys: openKeys,
  edit: toggleEdit,
  list: (button) => button.setAttribute("aria-expanded", document.body.classList.toggle("listing")),
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("#decision, #foot") || event.defaultPrevented) return;
  event.preventDefault();
  ask(form.action, new URLSearchParams(new FormData(form, event.submitter)));
});

document.addEventListener("click", (event) => {
  const { target } = event;
  const followed = target.closest('a[href^="?at="]');
  if (followed && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    if (!followed.matches(".difference[aria-current]")) ask(followed.href);
    else document.body.classList.remove("listing");
  }
  const note = target.closest("[data-note]");
  if (note) {
    document.getElementById("note").value = note.textContent;
    document.getElementById("note").focus();
    hideNotes();
  }
  const act = target.closest("[data-act]");
  if (act) ACTS[act.dataset.act](act);
  const mover = target.closest("[data-edge]");
  if (mover) moveEdge(mover.dataset.edge, Number(mover.dataset.step), event.shiftKey);
  const mark = target.closest("#text mark");
  if (mark && getSelection().isCollapsed && !isEditing()) openPlace(mark);
});

/** The difference that lies here; of several, the one after the current one. */
function openPlace(mark) {
  const ids = new Set(mark.dataset.spans.split(" ").map((id) => id.split(":")[0]));
  const here = [...document.querySelectorAll(".difference")].filter((row) => row.dataset.marks.split(" ").some((id) => ids.has(id)));
  const place = here.findIndex((row) => row.getAttribute("aria-current"));
  here[(place + 1) % here.length]?.click();
}

// Keys

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || event.key === "Shift" || document.querySelector("dialog[open]")) return;
  if (walksNotes(event)) return event.preventDefault();
  const field = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.ctrlKey) {
    if (event.key === "Enter" && press("Ctrl+Enter")) event.preventDefault();
    return;
  }
  if (field) return inField(event, field);
  if (event.target.closest("button, a, summary") && ["Enter", " "].includes(event.key)) return;
  if (!shortcuts) return;
  if (isBusy) typedAhead.push([event.key, event.shiftKey]);
  if (isBusy || press(event.key, event.shiftKey)) event.preventDefault();
});

/** Enter and Escape lead back from a field to the keys; in the form for editing, Enter settles. */
function inField(event, field) {
  const leaves = event.key === "Escape" || (event.key === "Enter" && !event.shiftKey && !field.matches("select"));
  if (!leaves) return;
  event.preventDefault();
  if (event.key === "Enter" && field.closest("#edit")) return press("Enter");
  document.querySelector("#decision .heading").focus({ preventScroll: true });
}

function press(key, isShifted) {
  const name = key.length === 1 ? key.toLowerCase() : key;
  if (isEditing() && EDGES[name]) return moveEdge(...EDGES[name], isShifted) ?? true;
  if (name === "Escape") return isEditing() && (closeEdit() ?? true);
  if (name === "?") return openKeys() ?? true;
  if (name === "h") return openGuide("") ?? true;
  const field = { r: "rule", m: "note" }[name];
  if (field) return focusOn(document.getElementById(field));
  const wanted = key === "U" ? "U" : name;
  const button = document.querySelector(`#decision [data-key="${CSS.escape(wanted)}"]:not([data-edge]), #foot [data-key="${CSS.escape(wanted)}"]`);
  if (!button || button.disabled || (wanted === "Enter" && !isEditing())) return false;
  button.click();
  return true;
}

function focusOn(field) {
  field?.focus();
  field?.select();
  return Boolean(field);
}

// Notes written before

const SHOWN_NOTES = 4;
const notes = () => [...document.querySelectorAll("[data-note]")];

/** Under the note, what was written before and has what is typed in it. */
function offerNotes() {
  const typed = fold(document.getElementById("note").value.trim());
  let shown = 0;
  for (const one of notes()) {
    const fits = fold(one.textContent).includes(typed) && fold(one.textContent) !== typed && shown < SHOWN_NOTES;
    one.parentElement.hidden = !fits;
    shown += fits;
  }
  hideNotes(!shown);
}

function hideNotes(isHidden = true) {
  const list = document.getElementById("notes");
  if (list) list.hidden = isHidden;
}

/** Arrow down from the note into the list, arrows along it, Escape back; Enter and click take one. */
function walksNotes({ key, target }) {
  const field = document.getElementById("note");
  if (target !== field && !target.matches("[data-note]")) return false;
  const shown = document.getElementById("notes")?.hidden === false ? notes().filter((one) => !one.parentElement.hidden) : [];
  const at = shown.indexOf(target);
  if (key === "Escape" && at >= 0) return field.focus() ?? true;
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (!step || !shown.length || (at < 0 && (step < 0 || field.selectionEnd < field.value.length))) return false;
  (shown[at + step] ?? (step < 0 ? field : shown.at(-1))).focus();
  return true;
}

document.addEventListener("focusin", ({ target }) => {
  if (target.id === "note") offerNotes();
  else if (!target.matches("[data-note]")) hideNotes();
});

document.addEventListener("input", ({ target }) => {
  if (target.id === "note") offerNotes();
});

// Editing

const box = () => document.getElementById("edit");
const isEditing = () => Boolean(box() && !box().hidden);
const fields = () => document.querySelector("#decision form")?.elements;
const hasPlace = () => Boolean(fields()?.start);

function toggleEdit() {
  if (isEditing()) return closeEdit();
  box().hidden = false;
  document.body.classList.add("editing");
  opener().setAttribute("aria-expanded", "true");
  showAsked();
  showWords();
  box().scrollIntoView({ block: "nearest" });
  return undefined;
}

function closeEdit() {
  paint("moving", []);
  document.body.classList.remove("editing");
  if (!box()) return;
  box().hidden = true;
  opener()?.setAttribute("aria-expanded", "false");
}

const opener = () => document.querySelector('[data-act="edit"]');

/** Only the questions that the chosen label or relation asks, given the other answers; the rest are not sent. */
function showAsked() {
  const kind = document.getElementById("edit-kind")?.value;
  for (const ask of box().querySelectorAll("[data-kinds]")) {
    ask.hidden = (kind !== undefined && !ask.dataset.kinds.split(" ").includes(kind)) || !isDue(ask.dataset.when);
    for (const input of ask.querySelectorAll("input, select")) input.disabled = ask.hidden;
  }
}

function isDue(when) {
  if (!when) return true;
  const { attribute, values } = JSON.parse(when);
  const answer = fields()[`answer-${attribute}`]?.value ?? "";
  if (values) return values.map(String).includes(answer);
  return answer !== "" && !answer.startsWith("-");
}

/** An answer that is an entry of a list: what readings name here comes first, then what the list has. */
function wakeRegister(box) {
  const key = box.querySelector("[type=hidden]");
  const named = [...box.querySelectorAll("option")].map((one) => ({ key: one.dataset.key, title: one.value, hint: "in the readings" }));
  const offer = (found, typed) => {
    const first = named.filter((one) => fold(one.title).includes(fold(typed)));
    const choices = [...first, ...(found ?? []).filter((one) => !first.some((other) => other.key === one.key))];
    if (found === null) return [choices, "The list cannot be reached now."];
    return [choices, choices.length ? "" : typed ? `Nothing is called “${typed}”.` : "This list is empty."];
  };
  const take = (entry) => {
    menu.close();
    menu.input.value = entry?.title ?? "";
    key.value = entry?.key ?? "";
    menu.input.dispatchEvent(new Event("change", { bubbles: true }));
    announce(entry ? `${entry.title} chosen` : "Answer taken away");
  };
  const near = () => document.getElementById("edited-words")?.textContent ?? "";
  const ahead = async (typed) => {
    const [choices, words] = offer(await find(box.dataset.list, typed, ""), typed);
    if (choices[0] && menu.input.value.trim() === typed) take(choices[0]);
    else if (words) announce(words);
  };
  const menu = wakeMenu(box, { near, offer, draw: (entry, id) => entryItem(id, entry), take, ahead, left: () => {}, rests: true });
  // The page has its own list; the browser's would lie over it.
  menu.input.removeAttribute("list");
}

function showWords() {
  if (!hasPlace()) return;
  const [start, end] = [Number(fields().start.value), Number(fields().end.value)];
  fields().quote.value = quote(start, end);
  document.getElementById("edited-words").textContent = quote(start, end);
  paint("moving", [[start, end]]);
  reveal(start, end);
}

function place(start, end) {
  if (start >= end) return;
  fields().start.value = start;
  fields().end.value = end;
  showWords();
}

/** One edge to the next edge of a word, or of a character. */
function moveEdge(edge, step, byCharacter) {
  if (!hasPlace()) return;
  const [start, end] = [Number(fields().start.value), Number(fields().end.value)];
  const now = edge === "start" ? start : end;
  const next = byCharacter ? characterEdge(now, step) : edge === "start" ? nextStart(now, step) : nextEnd(now, step);
  if (next !== undefined) place(edge === "start" ? next : start, edge === "end" ? next : end);
}

const nextStart = (at, step) => (step < 0 ? wordBefore(at) : wordAfter(at))?.start;

function nextEnd(at, step) {
  let word = wordBefore(at);
  if (step < 0) {
    while (word && word.end >= at) word = wordBefore(word.start);
    return word?.end;
  }
  while (word && word.end <= at) word = wordAfter(word.start);
  return (word ?? wordAfter(at - 1))?.end;
}

/** Words selected on the text are what the span is to be; with the key for characters, exactly these. */
document.addEventListener("mouseup", (event) => {
  const chosen = getSelection();
  if (!hasPlace() || !document.body.classList.contains("open") || chosen.isCollapsed || !root.contains(chosen.anchorNode)) return;
  const range = chosen.getRangeAt(0);
  const [start, end] = [offset(range.startContainer, range.startOffset), offset(range.endContainer, range.endOffset)];
  if (!isEditing()) toggleEdit();
  place(...(event.altKey ? wholeCharacters(start, end) : snap(start, end)));
  chosen.removeAllRanges();
});

document.addEventListener("change", ({ target }) => {
  if (target.closest("#edit")) showAsked();
});

drawn();
