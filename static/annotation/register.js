// Answers that are entries of a list: typed to be found by name, key or alias; what is missing is proposed.

import { announce } from "../shared/page.js";
import { answer, propose } from "./gestures.js";
import { spanOf } from "./list.js";
import { expectMore } from "./outbox.js";

const address = document.body.dataset.entries;
const PAUSE = 90;
const KINDS = [
  ["person", "person"],
  ["organisation", "organisation"],
  ["state", "state"],
  ["unnamed", "unnamed source, of this text only"],
];
/** The list whose entries are of some kind; those of every other list are concepts. */
const ACTORS = "actors";

/** Entries seen so far, by list and key; and what was found for what was typed. */
const known = new Map();
const answers = new Map();

/** The entry that a span names, as far as the page knows it. */
export function entryOf(list, key, span, attribute) {
  const named = span?.row.dataset.named ? JSON.parse(span.row.dataset.named)[attribute] : null;
  return named?.key === key ? named : known.get(`${list} ${key}`);
}

/** Wake the input of a register in a form that asks about a span. */
export function watchRegister(box, { span, key, done }) {
  const input = box.querySelector("input");
  const menu = box.querySelector("ul");
  const { list } = box.dataset;
  let at = -1;
  /** What can be chosen now: {entry}, {propose} a name, or {kind} of a name to propose. */
  let choices = [];
  /** What was typed when they were found; null while they are looked for. */
  let typedThen = null;
  let asked = 0;
  let timer = 0;

  const close = () => {
    asked += 1;
    clearTimeout(timer);
    menu.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (next) => {
    at = choices.length ? (next + choices.length) % choices.length : -1;
    const items = [...menu.querySelectorAll("[role=option]")];
    items.forEach((item, place) => item.setAttribute("aria-selected", place === at));
    if (at >= 0) input.setAttribute("aria-activedescendant", items[at].id);
    else input.removeAttribute("aria-activedescendant");
    items[at]?.scrollIntoView({ block: "nearest" });
  };
  const show = (next, words = "") => {
    choices = next;
    const items = choices.map((choice, place) => option(choice, `${menu.id}-${place}`));
    menu.replaceChildren(...(words ? [note(words)] : []), ...items);
    menu.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(0);
  };
  const open = (wait = 0) => {
    const mine = (asked += 1);
    const typed = input.value.trim();
    typedThen = null;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const found = await find(list, typed, span()?.words ?? "");
      if (mine !== asked) return;
      show(...offered(found, typed));
      typedThen = typed;
    }, wait);
  };
  const finish = (entry, words) => {
    close();
    input.value = entry?.title ?? "";
    if ((span().values[key] ?? null) !== (entry?.key ?? null)) answer(span(), { [key]: entry?.key ?? null }, words);
    done();
  };
  const create = (name, kind) => {
    const entry = { key: propose(list, name, kind), title: name, hint: kind, more: "", mark: "your proposal" };
    known.set(`${list} ${entry.key}`, entry);
    answers.clear();
    finish(entry, `${name} proposed and chosen. A manager will look at it.`);
  };
  const take = (choice) => {
    if (!choice) return finish(null, "Answer taken away");
    if (choice.entry) return finish(choice.entry, `${choice.entry.title} chosen`);
    if (choice.kind) return create(choice.name, choice.kind);
    if (list !== ACTORS) return create(choice.propose, "");
    show(KINDS.map(([kind, title]) => ({ kind, title, name: choice.propose })), `What is “${choice.propose}”?`);
    announce(`What is “${choice.propose}”? ${KINDS.map(([, title], place) => `${place + 1} ${title}`).join(", ")}`);
  };

  /** Whoever types fast and presses Enter means what is still being looked for, and goes on at once. */
  const takeLater = (typed) => {
    const { id, words } = span();
    const work = find(list, typed, words).then((found) => {
      const there = spanOf(id);
      if (found?.length && there) answer(there, { [key]: found[0].key }, `${found[0].title} chosen`);
      else announce(`Nothing called “${typed}” was found. The question is still open.`);
    });
    expectMore(work);
    close();
    done();
  };

  input.addEventListener("focus", () => {
    input.select();
    open();
  });
  input.addEventListener("input", () => open(PAUSE));
  input.addEventListener("blur", () => {
    close();
    const value = span()?.values[key];
    input.value = entryOf(list, value, span(), key)?.title ?? value ?? "";
  });
  input.addEventListener("keydown", (event) => {
    const digit = choices[0]?.kind && /^[1-4]$/.test(event.key) ? Number(event.key) : 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (menu.hidden) open();
      else mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (digit && !menu.hidden) {
      take(choices[digit - 1]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      if (input.value.trim() === "") take(null);
      else if (typedThen === null) takeLater(input.value.trim());
      else if (choices[at]) take(choices[at]);
    } else if (event.key === "Escape" && !menu.hidden && input.value !== "") {
      input.value = "";
      open();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  menu.addEventListener("pointerdown", (event) => event.preventDefault());
  menu.addEventListener("click", ({ target }) => {
    const item = target.closest("[role=option]");
    if (item) take(choices[[...menu.querySelectorAll("[role=option]")].indexOf(item)]);
  });
}

/** The server's answer, kept for as long as the page lives; null when there is none. */
async function find(list, typed, near) {
  const asked = new URLSearchParams(typed ? { q: typed } : { near: near.slice(0, 200) });
  const url = `${address}${list}/?${asked}`;
  if (!answers.has(url)) answers.set(url, fetchEntries(url));
  const entries = await answers.get(url);
  if (entries === null) answers.delete(url);
  for (const entry of entries ?? []) known.set(`${list} ${entry.key}`, entry);
  return entries;
}

async function fetchEntries(url) {
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(10_000) });
    return answer.ok ? (await answer.json()).entries : null;
  } catch {
    return null;
  }
}

/** What can be chosen, and a word before it where that is needed. */
function offered(found, typed) {
  if (found === null) return [[], "The list cannot be reached now. Your other work is kept."];
  const choices = found.map((entry) => ({ entry }));
  const isThere = found.some((entry) => fold(entry.title) === fold(typed));
  if (typed && !isThere) choices.push({ propose: typed });
  return [choices, choices.length ? "" : "This list is empty."];
}

/** Without case and accents, for comparing. */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function option(choice, id) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  const title = document.createElement("b");
  title.dir = "auto";
  const hint = document.createElement("small");
  if (choice.entry) {
    title.textContent = choice.entry.title;
    hint.textContent = [choice.entry.mark, choice.entry.hint].filter(Boolean).join(" · ");
  } else if (choice.kind) {
    title.textContent = choice.title;
    item.append(digit(choice));
  } else {
    item.className = "propose";
    title.textContent = `Propose “${choice.propose}”`;
    hint.textContent = "new; yours alone until a manager takes it in";
  }
  item.append(title, hint);
  return item;
}

function digit({ kind }) {
  const key = document.createElement("kbd");
  key.textContent = KINDS.findIndex(([one]) => one === kind) + 1;
  key.ariaHidden = "true";
  return key;
}

function note(words) {
  const item = document.createElement("li");
  item.className = "quiet note";
  item.setAttribute("role", "presentation");
  item.textContent = words;
  return item;
}
