// An input with a menu of entries of a list: typed to be found by name, key or alias, walked by arrows.

const PAUSE = 90;
const address = document.body.dataset.entries;

/** Entries seen so far, by list and key; and what was found for what was typed. */
const known = new Map();
const answers = new Map();

export const knownEntry = (list, key) => known.get(`${list} ${key}`);

export function learn(list, entry) {
  known.set(`${list} ${entry.key}`, entry);
}

let isPressed = false;
document.addEventListener("pointerdown", () => (isPressed = true), true);
document.addEventListener("pointerup", () => (isPressed = false), true);

/** What moves the page waits until the button is up again, or the click would miss what it was aimed at. */
function afterPress(act) {
  if (isPressed) document.addEventListener("pointerup", () => setTimeout(act), { once: true });
  else act();
}

/** Without case and accents, for comparing. */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * Wake the input of a box.
 *
 * near: words to go by while nothing is typed. offer: from what was found and what is typed to what can be chosen, and
 * a word before it. draw: a choice as an item. take: it is chosen; null takes the answer away. ahead: Enter came
 * before anything was found. left: the input was left. pick: a choice by another key. rests: while the menu is closed,
 * Enter is for the form around.
 */
export function wakeMenu(box, { near, offer, draw, take, ahead, left, pick = () => undefined, rests = false }) {
  const input = box.querySelector("[role=combobox]");
  const menu = box.querySelector("[role=listbox]");
  const { list } = box.dataset;
  let at = -1;
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
    const items = choices.map((choice, place) => draw(choice, `${menu.id}-${place}`));
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
      const found = await find(list, typed, near());
      if (mine !== asked) return;
      show(...offer(found, typed));
      typedThen = typed;
    }, wait);
  };

  input.addEventListener("focus", () => {
    input.select();
    open();
  });
  input.addEventListener("input", () => open(PAUSE));
  input.addEventListener("blur", () => {
    afterPress(() => {
      close();
      left();
    });
  });
  input.addEventListener("keydown", (event) => {
    const picked = menu.hidden ? undefined : pick(event.key, choices);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (menu.hidden) open();
      else mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (picked) {
      take(picked);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !(rests && menu.hidden && typedThen !== null)) {
      if (input.value.trim() === "") take(null);
      else if (typedThen === null) ahead(input.value.trim());
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
  return { input, show, close };
}

/** The server's answer, kept for as long as the page lives or until something is proposed; null when there is none. */
export async function find(list, typed, near) {
  const asked = new URLSearchParams(typed ? { q: typed } : { near: near.slice(0, 200) });
  const url = `${address}${list}/?${asked}`;
  if (!answers.has(url)) answers.set(url, fetchEntries(url));
  const entries = await answers.get(url);
  if (entries === null) answers.delete(url);
  for (const entry of entries ?? []) learn(list, entry);
  return entries;
}

export const forget = () => answers.clear();

async function fetchEntries(url) {
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(10_000) });
    return answer.ok ? (await answer.json()).entries : null;
  } catch {
    return null;
  }
}

/** An item of the menu: a name, and quietly what it is. */
export function item(id, title, hint) {
  const made = document.createElement("li");
  made.id = id;
  made.setAttribute("role", "option");
  const name = document.createElement("b");
  name.dir = "auto";
  name.textContent = title;
  const more = document.createElement("small");
  more.textContent = hint;
  made.append(name, more);
  return made;
}

export const entryItem = (id, entry) => item(id, entry.title, [entry.mark, entry.hint].filter(Boolean).join(" · "));

function note(words) {
  const made = document.createElement("li");
  made.className = "quiet note";
  made.setAttribute("role", "presentation");
  made.textContent = words;
  return made;
}
