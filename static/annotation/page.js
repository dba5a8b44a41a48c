// The reading desk: wires text, list, panel and keys together.

import "../shared/page.js";
import { isOpen, lineIndex, lines, root } from "./article.js";
import {
  caretAt, collapse, draw, drawMark, extendBySentence, move, narrow, select, selectSentence, selectWord, selection, widen,
} from "./caret.js";
import { moveSpan, redo, resume, undo } from "./gestures.js";
import "./follow.js";
import { soon } from "./frame.js";
import { openGuide, openKeys, toggleGuide } from "./guide.js";
import { jump, runsAhead } from "./jump.js";
import { digitOf, signOf } from "./keys.js";
import { choose, chooseAmong, chosenSpan, hover, list, spansAt, walk } from "./list.js";
import { enter, remove, show as showPanel } from "./panel.js";
import { armedLabel, disarm, labelOfKey, markClicked, pick } from "./picker.js";
import { handle, isAsking, stop } from "./prompt.js";
import "./refused.js";
import { clickCandidate, isChoosing, redrawLines, start as startRelation, toggleLines } from "./relations.js";
import "./renewal.js";
import { show as showRemarks, start as startRemark } from "./remarks.js";
import { open as openSame } from "./same.js";
import { drawHandles, extendByTap, watchPointer } from "./selection.js";
import { handIn, nextOpen } from "./status.js";
import { ACTS as SUGGESTION_ACTS, KEYS as SUGGESTION_KEYS, askWhenIdle, leave, takeAt } from "./suggestions.js";
import { characterEdge, wordAfter, wordBefore, wordsOf } from "./words.js";

const shortcuts = document.body.dataset.shortcuts === "on";

watchPointer({
  onSelect: (found, clicks) => armedLabel() && isOpen() && markClicked(found, clicks),
  onChoose: () => {},
  onSpot: takeAt,
});

document.addEventListener("desk:chosen", () => {
  soon(showPanel);
  soon(showRemarks);
  soon(drawHandles);
  soon(redrawLines);
});
document.addEventListener("desk:changed", () => {
  soon(showPanel);
  soon(showRemarks);
  soon(drawHandles);
  soon(redrawLines);
  // The selection is drawn anew on new marks, but never taken from a field that is being filled in.
  if (!document.activeElement?.matches("input, textarea")) draw(false);
});
document.addEventListener("desk:selected", ({ detail }) => {
  const tools = document.querySelector(".thumb .tools");
  if (tools) tools.hidden = !detail && !chosenSpan();
});

// A relation that waits for its end takes the next click.
document.addEventListener("click", (event) => {
  if (!isChoosing()) return;
  if (!clickCandidate(event.target) && !event.target.closest("#prompt")) stop();
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });
document.addEventListener("pointerdown", (event) => isChoosing() && event.stopPropagation(), { capture: true });

list.addEventListener("pointerover", ({ target }) => hover(target.closest(".entry")?.id.slice(2)));
list.addEventListener("pointerleave", () => hover(null));

// Buttons. A press on one must not take the selection or the focus from the text.
const ACTS = {
  guide: ({ dataset }) => (dataset.about ? openGuide(dataset) : toggleGuide()),
  keys: openKeys,
  gap: () => nextOpen() && enter(),
  wider: widen,
  to: extendByTap,
  same: openSame,
  sheet: (button) => button.setAttribute("aria-expanded", document.querySelector(".side").classList.toggle("full")),
  undo,
  redo,
  relate: () => startRelation(),
  lines: toggleLines,
  remove,
  tie: (button) => {
    const { dataset } = button.closest(".tie");
    startRelation({ type: dataset.type, outward: "outward" in dataset });
  },
  ...SUGGESTION_ACTS,
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button && ACTS[button.dataset.act]) ACTS[button.dataset.act](button);
  const label = event.target.closest("button.label");
  if (label) pick(label.dataset.label);
});
document.addEventListener("pointerdown", (event) => {
  if (event.target.closest("button.label, .thumb button, .edge, #suggestion button")) event.preventDefault();
});

// Keys. Single ones act only while the text has the focus, and can be switched off.
const READING = {
  ArrowDown: () => goTo(walk(1, caretAt())),
  ArrowUp: () => goTo(walk(-1, caretAt())),
  Enter: () => enterSpan(),
  Escape: () => letGo(),
};
const READING_KEYS = { v: toggleLines, h: toggleGuide, "?": openKeys, g: () => nextOpen() };
const WORKING_KEYS = {
  ".": () => move("sentence", 1, false),
  ",": () => move("sentence", -1, false),
  "/": () => jump(false),
  t: () => jump(true),
  s: () => selectSentence(justChosen()),
  S: extendBySentence,
  w: () => selectWord(justChosen()),
  e: widen,
  E: narrow,
  a: openSame,
  r: () => startRelation(),
  c: startRemark,
  u: undo,
  U: redo,
  Delete: remove,
  Backspace: remove,
  ...SUGGESTION_KEYS,
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.querySelector("dialog:modal")) return;
  if (isAsking()) return handle(event);
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && isOpen()) {
    event.preventDefault();
    return void handIn();
  }
  if (document.activeElement !== root) return;
  if (caretKey(event) || plainKey(event)) event.preventDefault();
});

/** Arrows and the like, with modifiers. Works also where single keys are switched off. */
function caretKey(event) {
  const { key, shiftKey, altKey } = event;
  const control = event.ctrlKey || event.metaKey;
  if (altKey && (key === "ArrowLeft" || key === "ArrowRight")) return moveEdge(shiftKey ? "start" : "end", towards(key), control);
  if (altKey) return false;
  if (key === "ArrowLeft" || key === "ArrowRight") return did(() => move(control ? "word" : "character", towards(key), shiftKey));
  if (key === "Home" || key === "End") return did(() => move(control ? "text" : "edge", key === "End" ? 1 : -1, shiftKey));
  if (key === "ArrowUp" || key === "ArrowDown") {
    if (control || shiftKey) return did(() => move(control ? "paragraph" : "sentence", key === "ArrowDown" ? 1 : -1, shiftKey));
  }
  if (control) return false;
  if (READING[key]) return did(READING[key]);
  return false;
}

function plainKey(event) {
  if (!shortcuts || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const sign = signOf(event);
  if (isOpen() && runsAhead(sign)) return true;
  if (READING_KEYS[sign]) return did(READING_KEYS[sign]);
  if (!isOpen()) return false;
  const label = labelOfKey(sign) ?? labelOfKey(digitOf(event));
  if (label) return did(() => pick(label));
  return WORKING_KEYS[sign] ? did(WORKING_KEYS[sign]) : false;
}

function did(act) {
  act();
  return true;
}

/** In a text that runs from right to left, the left arrow goes on. */
function towards(key) {
  const rtl = getComputedStyle(root).direction === "rtl";
  return (key === "ArrowRight") === rtl ? -1 : 1;
}

function goTo(span) {
  if (span) select(span.start, span.start, { show: false, say: false });
}

function enterSpan() {
  const here = spansAt(caretAt());
  const chosen = chosenSpan();
  if (chosen && !selection()) return enter();
  if (here.length) chooseAmong(here.map((span) => span.id));
}

/** A span that was just labelled or walked to counts as selected: the next sentence is the one after it. */
function justChosen() {
  const span = chosenSpan();
  return span && caretAt() === span.start ? [span.start, span.end] : null;
}

function letGo() {
  if (selection()) collapse();
  else if (armedLabel()) disarm();
  else if (!leave()) choose(null);
}

/** One edge of the chosen span by a word, or by a character. */
function moveEdge(side, direction, byCharacter) {
  const span = chosenSpan();
  if (!span || !isOpen()) return false;
  const at = span[side];
  const to = byCharacter ? characterEdge(at, direction) : wordEdge(side, at, direction);
  const [start, end] = side === "start" ? [to, span.end] : [span.start, to];
  if (start < end && to !== at) moveSpan(span, start, end);
  return true;
}

function wordEdge(side, at, direction) {
  if (side === "start") return (direction > 0 ? wordAfter(at)?.start : wordBefore(at)?.start) ?? at;
  const here = lines[lineIndex(at)];
  const ends = wordsOf(here).map((word) => word.end);
  if (direction > 0) return ends.find((end) => end > at) ?? at;
  return ends.findLast((end) => end < at) ?? at;
}

addEventListener("resize", () => {
  drawHandles();
  redrawLines();
  drawMark();
});
resume();
if (new URLSearchParams(location.search).has("gaps")) nextOpen();
if (!location.hash) root.focus({ preventScroll: true });
askWhenIdle();
