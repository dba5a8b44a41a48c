// Mouse and touch on the text: selecting, choosing spans, dragging the edges of a span.

import { bothWays, isOpen, lineIndex, lines, offsetUnder, paint, point, rectAt, root } from "./article.js";
import { adopt, caretAt, collapse, draw, readBrowserSelection, select, selection } from "./caret.js";
import { moveSpan } from "./gestures.js";
import { chooseAmong, choose, chosenSpan, hover, spanOf, spansAt } from "./list.js";
import { hold, letGo } from "./quiet.js";
import { sentenceAt, snap, trim, wholeCharacters, wordAt } from "./words.js";

let dragging = false;
/** The offset at which a drag began. */
let begun = null;
let touching = false;
/** On a touch screen the next tap extends the selection. */
let extending = false;

/** `onSelect`: told what was selected and with how many clicks. `onSpot`: asked first where a press on the text
    leads; whether it took it. */
export function watchPointer({ onSelect, onChoose, onSpot }) {
  root.addEventListener("pointerdown", (event) => {
    touching = event.pointerType !== "mouse";
    dragging = event.button === 0 && !touching;
    if (!dragging) return;
    hold();
    begun = offsetUnder(event.clientX, event.clientY);
    // A press on selected words begins anew; else the browser would carry the words away.
    if (!event.shiftKey) getSelection().removeAllRanges();
  });
  document.addEventListener("mouseup", (event) => {
    if (!dragging || event.button !== 0) return;
    dragging = false;
    release(event, onSelect, onChoose, onSpot);
    letGo();
  });
  document.addEventListener("pointercancel", letGo);
  addEventListener("blur", letGo);
  root.addEventListener("click", (event) => touching && tap(event, onChoose, onSpot));
  document.addEventListener("selectionchange", () => touching && takeTouchSelection());
  root.addEventListener("pointerover", ({ target }) => hover(innermost(target)));
  root.addEventListener("pointerleave", () => hover(null));
}

function release(event, onSelect, onChoose, onSpot) {
  if (event.target.closest?.("summary")) return;
  root.focus({ preventScroll: true });
  const found = taken(event);
  if (found) {
    select(...found, { show: false });
    onSelect(found, event.detail);
  } else {
    click(event, onChoose, onSpot);
  }
}

function taken(event) {
  if (event.shiftKey) return extended(event);
  if (event.detail >= 3) return sentenceUnder(event);
  return event.detail === 2 ? wordUnder(event) : dragged(event);
}

function dragged(event) {
  const raw = asSeen(readBrowserSelection(), event);
  if (!raw) return null;
  return event.altKey ? wholeCharacters(...raw) : snap(...raw);
}

/** What was dragged over. Where directions meet, browsers move the edges of a selection; the eye has the say. */
function asSeen(raw, event) {
  const ended = raw && offsetUnder(event.clientX, event.clientY);
  if (!raw || begun === null || ended === null || !(bothWays(begun) || bothWays(ended))) return raw;
  return begun === ended ? null : [Math.min(begun, ended), Math.max(begun, ended)];
}

/** With Shift a click takes the selection, or the caret, as far as that. */
function extended(event) {
  const at = offsetUnder(event.clientX, event.clientY);
  if (at === null) return null;
  const [start, end] = selection() ?? [caretAt(), caretAt()];
  const wider = [Math.min(start, at), Math.max(end, at)];
  if (wider[0] === wider[1]) return null;
  return event.altKey ? wholeCharacters(...wider) : snap(...wider);
}

function wordUnder(event) {
  const at = offsetUnder(event.clientX, event.clientY);
  if (at === null) return null;
  const { start, end } = wordAt(at);
  return start < end ? [start, end] : null;
}

function sentenceUnder(event) {
  const at = offsetUnder(event.clientX, event.clientY);
  return at === null ? null : trim(...sentenceAt(at));
}

function click(event, onChoose, onSpot) {
  const at = offsetUnder(event.clientX, event.clientY);
  if (at !== null) select(at, at, { show: false, say: false });
  if (onSpot(at)) return;
  const here = spansUnder(event.target, at);
  if (here.length) onChoose(chooseAmong(here));
  else if (root.contains(event.target)) choose(null);
}

/** Ids of the spans on a spot; those that the server has not drawn yet have no marks. */
function spansUnder(target, at) {
  const run = target.closest?.("mark");
  if (run && root.contains(run)) return run.dataset.spans.split(" ").filter(spanOf);
  return at === null || !root.contains(target) ? [] : spansAt(at).map((span) => span.id);
}

function tap(event, onChoose, onSpot) {
  if (event.target.closest("summary")) return;
  const at = offsetUnder(event.clientX, event.clientY);
  if (at === null) return;
  const { start, end } = wordAt(at);
  const chosen = selection();
  root.focus({ preventScroll: true });
  if (extending && chosen) {
    stopExtending();
    select(...snap(Math.min(chosen[0], start), Math.max(chosen[1], end)), { show: false });
    return;
  }
  if (onSpot(at)) return;
  const here = spansUnder(event.target, at);
  if (here.length) {
    collapse();
    onChoose(chooseAmong(here));
  } else {
    choose(null);
    if (start < end) select(start, end, { show: false });
  }
}

function takeTouchSelection() {
  const raw = readBrowserSelection();
  const own = selection();
  if (raw && (!own || raw[0] !== own[0] || raw[1] !== own[1])) adopt(...raw);
}

/** What a touch selected, on whole words: handles rarely land where they are meant to. */
export function settledSelection() {
  const chosen = selection();
  return chosen && touching ? snap(...chosen) : chosen;
}

const toButton = document.querySelector('[data-act="to"]');

export function extendByTap() {
  extending = !extending;
  toButton.setAttribute("aria-pressed", extending);
}

function stopExtending() {
  extending = false;
  toButton.setAttribute("aria-pressed", "false");
}

function innermost(target) {
  const ids = target.closest?.("mark")?.dataset.spans.split(" ") ?? [];
  const found = ids.map(spanOf).filter(Boolean);
  return found.sort((a, b) => a.end - a.start - (b.end - b.start))[0]?.id ?? null;
}

// The edges of the chosen span, to be dragged.

const handles = ["start", "end"].map((side) => {
  const handle = document.createElement("i");
  handle.className = `edge ${side}`;
  handle.hidden = true;
  document.getElementById("overlay").append(handle);
  handle.addEventListener("pointerdown", (event) => begin(event, side));
  return handle;
});

export function drawHandles() {
  const span = chosenSpan();
  for (const [at, handle] of handles.entries()) {
    handle.hidden = !span || !isOpen();
    if (handle.hidden) continue;
    const place = at === 0 ? rectAt(span.start) : endRect(span.end);
    const page = handle.parentElement.getBoundingClientRect();
    handle.style.left = `${place.left - page.left}px`;
    handle.style.top = `${place.top - page.top}px`;
    handle.style.height = `${place.height}px`;
  }
}

/** The right edge of the character before an offset, also where the next one stands on another line. */
function endRect(at) {
  const line = lines[lineIndex(at)];
  if (at <= line.start) return rectAt(at);
  const probe = document.createRange();
  const [last] = wholeCharacters(at - 1, at);
  probe.setStart(...point(last, true));
  probe.setEnd(...point(at, false));
  const rects = probe.getClientRects();
  const rect = rects[rects.length - 1];
  if (!rect) return rectAt(at);
  const rtl = getComputedStyle(root).direction === "rtl";
  return { left: rtl ? rect.left : rect.right, top: rect.top, height: rect.height };
}

function begin(event, side) {
  event.preventDefault();
  const span = chosenSpan();
  const handle = event.currentTarget;
  handle.setPointerCapture(event.pointerId);
  hold();
  let place = [span.start, span.end];
  const follow = (moved) => {
    const at = offsetUnder(moved.clientX, moved.clientY);
    if (at === null) return;
    const raw = side === "start" ? [Math.min(at, span.end - 1), span.end] : [span.start, Math.max(at, span.start + 1)];
    place = moved.altKey ? wholeCharacters(...raw) : snap(...raw);
    paint("moving", [place]);
  };
  const finish = (last) => {
    handle.removeEventListener("pointermove", follow);
    letGo();
    paint("moving", []);
    root.focus({ preventScroll: true });
    if (last.type === "pointerup" && (place[0] !== span.start || place[1] !== span.end)) moveSpan(chosenSpan() ?? span, ...place);
    draw(false);
  };
  handle.addEventListener("pointermove", follow);
  handle.addEventListener("pointerup", finish, { once: true });
  handle.addEventListener("pointercancel", finish, { once: true });
}
