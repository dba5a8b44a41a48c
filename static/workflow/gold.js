// Gold after publishing: a place on the text and its story in the list lead to each other.

import "../shared/page.js";
import { paint, reveal, root } from "../annotation/article.js";
import { openGuide } from "../annotation/guide.js";

const stories = [...document.querySelectorAll(".origin")];
const marksOf = (story) => story.dataset.marks.split(" ").filter(Boolean);
const shortcuts = document.body.dataset.shortcuts === "on";
let current = null;

for (const mark of root.querySelectorAll("mark")) {
  mark.classList.toggle("own", mark.dataset.spans.split(" ").some((id) => id.startsWith("own-")));
}

/** Open one story, and show on the text what it is about. */
function tell(story, { scroll } = {}) {
  if (current && current !== story) current.open = false;
  current = story;
  story.open = true;
  story.scrollIntoView({ block: "nearest" });
  show(marksOf(story), scroll);
  // What came to nothing has no lane; its place is painted.
  const place = "start" in story.dataset ? [[Number(story.dataset.start), Number(story.dataset.end)]] : [];
  paint("found", place);
  if (place.length) reveal(...place[0]);
}

function show(ids, scroll) {
  let first;
  for (const mark of root.querySelectorAll("mark")) {
    const isHere = mark.dataset.spans.split(" ").some((id) => ids.includes(id));
    mark.classList.toggle("at", isHere);
    if (isHere) first ??= mark;
  }
  if (first && scroll) reveal(Number(first.dataset.start));
}

document.addEventListener("click", ({ target }) => {
  const guide = target.closest('[data-act="guide"]');
  if (guide) openGuide();
  const mark = target.closest("#text mark");
  if (mark) next(mark.dataset.spans.split(" "));
});

/** Of several stories at one place, the one after the current one. */
function next(ids) {
  const here = stories.filter((story) => marksOf(story).some((id) => ids.includes(id)));
  const story = here[(here.indexOf(current) + 1) % here.length];
  if (story) tell(story);
}

for (const story of stories) {
  story.addEventListener("toggle", () => {
    if (story.open && story !== current) tell(story, { scroll: true });
    if (!story.open && story === current) show([]);
  });
}

/** A link from elsewhere may name one judgement, or one span of gold. */
function tellNamed() {
  const named = location.hash && document.getElementById(location.hash.slice(1));
  const story = named && (named.closest(".origin") ?? named.querySelector(".origin"));
  if (!story) return;
  tell(story, { scroll: true });
  story.querySelector("summary").focus();
}

window.addEventListener("hashchange", tellNamed);
window.addEventListener("load", tellNamed);  // by then the browser has scrolled to what is named, past its heading

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !shortcuts || event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const story = stories[Math.max(0, Math.min(stories.length - 1, stories.indexOf(current) + step))];
  if (!story) return;
  event.preventDefault();
  tell(story, { scroll: true });
  story.querySelector("summary").focus({ preventScroll: true });
});
