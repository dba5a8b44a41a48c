// Answers that are entries of a list: typed to be found by name, key or alias.

import { answer } from "./gestures.js";

const lists = JSON.parse(document.getElementById("lists").textContent);
const SHOWN = 8;

/** The entry of a list under a key. */
export const entryOf = (name, key) => lists[name]?.find((one) => one.key === key);

/** Wake the input of a register in a form that asks about a span. */
export function watchRegister(box, { span, key, done }) {
  const input = box.querySelector("input");
  const menu = box.querySelector("ul");
  let at = -1;
  let found = [];

  const close = () => {
    menu.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (next) => {
    at = found.length ? (next + found.length) % found.length : -1;
    [...menu.children].forEach((item, place) => item.setAttribute("aria-selected", place === at));
    if (at >= 0) input.setAttribute("aria-activedescendant", menu.children[at].id);
    menu.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const open = () => {
    found = find(box.dataset.list, input.value, span()?.words ?? "");
    menu.replaceChildren(...found.map((entry, place) => option(entry, `${menu.id}-${place}`)));
    if (!found.length) menu.replaceChildren(nothing());
    menu.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(0);
  };
  const take = (entry) => {
    close();
    input.value = entry?.title ?? "";
    if ((span().values[key] ?? null) !== (entry?.key ?? null)) {
      answer(span(), { [key]: entry?.key ?? null }, entry ? `${entry.title} chosen` : "Answer taken away");
    }
    done();
  };

  input.addEventListener("focus", () => {
    input.select();
    open();
  });
  input.addEventListener("input", open);
  input.addEventListener("blur", () => {
    close();
    input.value = entryOf(box.dataset.list, span()?.values[key])?.title ?? span()?.values[key] ?? "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (menu.hidden) open();
      else mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      if (input.value.trim() === "") take(null);
      else if (found[at]) take(found[at]);
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
    if (item && found[[...menu.children].indexOf(item)]) take(found[[...menu.children].indexOf(item)]);
  });
}

/** Entries that have all typed words at the beginning of one of theirs; without any, those that fit the span. */
function find(name, typed, words) {
  const wanted = fold(typed).split(/\s+/).filter(Boolean);
  const entries = lists[name] ?? [];
  if (!wanted.length) {
    const heard = new Set(fold(words).split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2));
    const rank = (entry) => -fold(entry.find).split(/[^\p{L}\p{N}]+/u).filter((word) => heard.has(word)).length;
    return [...entries].sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN);
  }
  const fits = (entry) => wanted.every((word) => startsAWord(entry.find, word));
  const first = (entry) => (fold(entry.title).startsWith(wanted[0]) || fold(entry.key) === wanted[0] ? 0 : 1);
  return entries.filter(fits).sort((a, b) => first(a) - first(b)).slice(0, SHOWN);
}

function startsAWord(text, word) {
  const folded = fold(text);
  for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(folded[at - 1])) return true;
  }
  return false;
}

/** Without case and accents, for comparing. */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function option(entry, id) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  const title = document.createElement("b");
  title.textContent = entry.title;
  const hint = document.createElement("small");
  hint.textContent = entry.hint;
  item.append(title, hint);
  return item;
}

function nothing() {
  const item = document.createElement("li");
  item.className = "quiet";
  item.textContent = "No entry fits. If in doubt, leave it empty.";
  return item;
}
