// Comments and flags, on the chosen span or on the article.

import { root } from "./article.js";
import { comment, removeComment } from "./gestures.js";
import { chosenSpan, choose, spanOf } from "./list.js";

const form = document.getElementById("comment");
const list = document.getElementById("comments");
const text = form?.querySelector("textarea");
const box = document.querySelector(".remarks");
/** Id of the comment that the next one goes on from. */
let thread = null;

/** Say what a new comment would be about, and which of the old ones are on the chosen span. */
export function show() {
  const span = chosenSpan();
  gather();
  if (thread && !document.getElementById(`c-${thread}`)) thread = null;
  if (form) {
    form.querySelector(".about").textContent = thread ? "To the manager" : span ? `On “${span.words}”` : "On the article";
    form.querySelector(".chips").hidden = thread !== null;
  }
  document.getElementById("remark-count").textContent = list.children.length || "";
  for (const item of list.children) {
    item.classList.toggle("here", Boolean(span) && item.dataset.span === span.id);
    const about = item.dataset.span && spanOf(item.dataset.span)?.words;
    if (about) item.dataset.about = about;
  }
}

/** What goes on from a comment stands under it, also when it has just been written. */
function gather() {
  for (const item of list.querySelectorAll("[data-thread]")) {
    const others = [...list.querySelectorAll(`#c-${item.dataset.thread}, [data-thread="${item.dataset.thread}"]`)];
    const before = others[others.indexOf(item) - 1];
    item.classList.add("goes-on");
    if (before && before !== item.previousElementSibling) before.after(item);
  }
}

export function start() {
  goOn(null);
}

function goOn(from) {
  thread = from;
  show();
  box.open = true;
  text?.focus();
  form?.scrollIntoView({ block: "nearest" });
}

form?.addEventListener("click", ({ target }) => {
  const chip = target.closest("[data-flag]");
  if (!chip) return;
  const isOn = chip.getAttribute("aria-pressed") === "true";
  for (const one of form.querySelectorAll("[data-flag]")) one.setAttribute("aria-pressed", one === chip && !isOn);
});

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const flag = form.querySelector('[data-flag][aria-pressed="true"]')?.dataset.flag ?? "";
  const words = text.value.trim();
  if ((thread || !flag) && !words) return text.focus();
  if (thread) comment(words, "", document.getElementById(`c-${thread}`).dataset.span || null, thread);
  else comment(words, flag, chosenSpan()?.id ?? null, null);
  thread = null;
  text.value = "";
  for (const one of form.querySelectorAll("[data-flag]")) one.setAttribute("aria-pressed", "false");
  show();
  root.focus({ preventScroll: true });
});

text?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    thread = null;
    root.focus({ preventScroll: true });
    show();
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.stopPropagation();
    form.requestSubmit();
  }
});

list.addEventListener("click", ({ target }) => {
  const item = target.closest(".remark");
  if (!item) return;
  if (target.closest('[data-act="go-on"]')) goOn(item.dataset.thread);
  else if (target.closest('[data-act="uncomment"]')) removeComment(item.id.slice(2));
  else if (item.dataset.span) choose(item.dataset.span);
});
