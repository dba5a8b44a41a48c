// The caret and the selection, in code points. The browser's own selection shows it, so that it can be copied too.

import { announce } from "../shared/page.js";
import {
  firstPlace, lastPlace, lineBeside, lineIndex, lines, linesFrom, offset, point, quote, rectAt, reveal, root, text,
} from "./article.js";
import { soon } from "./frame.js";
import {
  characterEdge, clauseAt, sentenceAfter, sentenceAt, sentenceBefore, trim, wordAfter, wordAt, wordBefore, wordsOf,
} from "./words.js";

const mark = document.createElement("i");
mark.className = "caret";
mark.hidden = true;
document.getElementById("overlay").append(mark);

/** Where a selection began, and where the caret is. Equal when nothing is selected. */
let anchor = 0;
let focus = 0;
/** Selections that were widened, to come back to. */
let narrower = [];

export const caretAt = () => focus;
export const selection = () => (anchor === focus ? null : [Math.min(anchor, focus), Math.max(anchor, focus)]);

/** Put the caret somewhere, or select from `from` to `to`. */
export function select(from, to = from, { show = true, say = true } = {}) {
  [anchor, focus] = [from, to];
  narrower = [];
  draw(show);
  if (say) speak();
}

export const collapse = () => select(focus, focus, { show: false, say: false });

/** Take over what the browser has selected, as it is; null where that is not in the text. */
export function readBrowserSelection() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return null;
  const range = chosen.getRangeAt(0);
  if (!range.intersectsNode(root)) return null;
  const start = root.contains(range.startContainer) ? offset(range.startContainer, range.startOffset) : 0;
  const end = root.contains(range.endContainer) ? offset(range.endContainer, range.endOffset) : text.length;
  return start < end ? [start, end] : null;
}

/** Note what the reader selected by touch, without moving the handles. */
export function adopt(start, end) {
  [anchor, focus] = [start, end];
  narrower = [];
  mark.hidden = true;
  tell();
}

export function draw(show = true) {
  const chosen = getSelection();
  if (anchor === focus) chosen.removeAllRanges();
  else chosen.setBaseAndExtent(...point(anchor, anchor < focus), ...point(focus, focus < anchor));
  if (show) soon(revealCaret);
  soon(drawMark);
  tell();
}

const revealCaret = () => reveal(focus);

export function drawMark() {
  mark.hidden = document.activeElement !== root;
  if (mark.hidden) return;
  const place = rectAt(focus);
  const page = mark.parentElement.getBoundingClientRect();
  mark.style.left = `${place.left - page.left}px`;
  mark.style.top = `${place.top - page.top}px`;
  mark.style.height = `${place.height}px`;
}

function tell() {
  document.dispatchEvent(new CustomEvent("desk:selected", { detail: selection() }));
}

function speak() {
  const chosen = selection();
  announce(chosen ? `Selected: ${quote(...chosen)}` : quote(wordAt(focus).start, wordAt(focus).end));
}

const MOVES = {
  "character-1": (at) => characterEdge(at, -1),
  character1: (at) => characterEdge(at, 1),
  "word-1": (at) => wordBefore(at)?.start ?? firstPlace(),
  word1: (at, extend) => (extend ? wordEndAfter(at) : (wordAfter(at)?.start ?? lastPlace())),
  "sentence-1": (at) => sentenceBefore(at)?.[0] ?? firstPlace(),
  sentence1: (at, extend) => (extend ? sentenceEndAfter(at) : (sentenceAfter(at)?.[0] ?? lastPlace())),
  "paragraph-1": (at) => paragraph(at, -1),
  paragraph1: (at, extend) => paragraph(at, 1, extend),
  "edge-1": (at) => sentencesAt(at).findLast(([start]) => start <= at)?.[0] ?? at,
  edge1: (at) => sentencesAt(at).find(([, end]) => end >= at)?.[1] ?? at,
  "text-1": firstPlace,
  text1: lastPlace,
};

function wordEndAfter(at) {
  for (const line of linesFrom(at, 1)) {
    const found = wordsOf(line).find((word) => word.end > at);
    if (found) return found.end;
  }
  return lastPlace();
}

const sentencesAt = (at) => lines[lineIndex(at)].sentences;

function sentenceEndAfter(at) {
  for (const line of linesFrom(at, 1)) {
    const found = line.sentences.find(([, end]) => end > at);
    if (found) return found[1];
  }
  return lastPlace();
}

function paragraph(at, direction, extend) {
  const line = lines[lineIndex(at)];
  const next = lineBeside(at, direction);
  if (direction < 0) return at > line.start ? line.start : (next?.start ?? line.start);
  if (extend) return at < line.end ? line.end : (next?.end ?? line.end);
  return next?.start ?? line.end;
}

/** Move the caret by character, word, sentence or paragraph, to the edge of the sentence or of the text. */
export function move(unit, direction, extend) {
  const chosen = selection();
  const from = !extend && chosen && unit === "character" ? chosen[direction > 0 ? 1 : 0] : focus;
  const to = !extend && chosen && unit === "character" ? from : MOVES[unit + direction](from, extend);
  if (extend) select(anchor, to);
  else select(to);
}

/** The word at the caret; with one selected, the next. `current`: what counts as selected where nothing is. */
export function selectWord(current) {
  const chosen = selection() ?? current;
  const word = chosen ? wordAfter(chosen[1] - 1) : wordAt(focus);
  if (word) select(word.start, word.end);
}

/** The sentence at the caret; with something selected, the next sentence after it. */
export function selectSentence(current) {
  const chosen = selection() ?? current;
  const found = chosen ? (sentenceAfter(chosen[1] - 1) ?? sentenceAt(focus)) : sentenceAt(focus);
  select(...trim(...found));
}

/** The selection, or the sentence at the caret, as far as the end of the next sentence. */
export function extendBySentence() {
  const [start, end] = selection() ?? [focus, focus];
  select(start === end ? sentenceAt(focus)[0] : start, trim(start, sentenceEndAfter(end + 1))[1]);
}

/** Word, clause, sentence, paragraph: the next that is wider than what is selected. */
export function widen() {
  const [start, end] = selection() ?? [focus, focus];
  const { start: first, end: last } = wordAt(start);
  const line = lines[lineIndex(start)];
  const sentence = sentenceAt(start);
  const clause = clauseAt(Math.min(start, first), Math.max(end, last));
  const steps = [[first, last], clause, trim(...sentence), sentence, [line.start, line.end]];
  const wider = steps.find(([a, b]) => a <= start && b >= end && b - a > end - start);
  if (!wider) return announce("This is the whole paragraph.");
  const before = [...narrower, [anchor, focus]];
  select(...wider);
  narrower = before;
}

/** Take the last widening back. */
export function narrow() {
  const before = narrower;
  const last = before.pop();
  if (!last) return;
  select(...last);
  narrower = before;
}

addEventListener("resize", drawMark);
root.addEventListener("focus", () => soon(drawMark));
root.addEventListener("blur", () => (mark.hidden = true));
