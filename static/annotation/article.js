// The text on the page: its characters, its lines, and passing paint over them. All offsets in code points.

import { Text, below, offsetAt, pointAt, pointsIn, rangeOf } from "./offsets.js";

export const root = document.getElementById("text");
export const text = new Text(root.textContent);

/** The lines, as they were when the page was opened; the text never changes, only the marks on it. */
export const lines = [...root.getElementsByTagName("p")].map((line) => ({
  id: line.id,
  start: Number(line.dataset.start),
  end: Number(line.dataset.end),
  isRead: !line.closest(".fold"),
  sentences: line.dataset.sentences.split(" ").filter(Boolean).map((pair) => pair.split("-").map(Number)),
}));

/** Whether the reading may still be changed. */
export const isOpen = () => document.body.classList.contains("open");

export const quote = (start, end) => text.slice(start, end);
export const range = (start, end) => rangeOf(root, start, end);
export const offset = (node, unit) => offsetAt(root, node, unit);
export const point = (at, after = true) => pointAt(root, at, after);

/** Index of the line that an offset lies on; blank lines belong to the one before. */
export function lineIndex(at) {
  return Math.max(0, below(lines.length, (place) => lines[place].start <= at) - 1);
}

/** Whether a line is out of sight in a fold. */
const isFolded = (line) => !line.isRead && !document.getElementById(line.id).closest("details").open;

/** The line of an offset, then those after it (1) or before it (-1), past what is folded away. */
export function* linesFrom(at, direction) {
  let index = lineIndex(at);
  yield lines[index];
  while (lines[(index += direction)]) if (!isFolded(lines[index])) yield lines[index];
}

/** The next line after an offset (1) or the one before it (-1), past what is folded away. */
export function lineBeside(at, direction) {
  const [, next] = linesFrom(at, direction);
  return next;
}

/** Where the text begins and ends for who does not open its folds. */
export const firstPlace = () => (lines.find((line) => !isFolded(line)) ?? lines[0]).start;
export const lastPlace = () => (lines.findLast((line) => !isFolded(line)) ?? lines.at(-1)).end;

/** Where on the screen the offset is: the left edge of the character there, or the right edge of the last. */
export function rectAt(at) {
  const line = lines[lineIndex(at)];
  const here = Math.min(Math.max(at, line.start), line.end);
  const [node, unit] = point(here, here < line.end);
  const probe = document.createRange();
  probe.setStart(node, unit);
  const rects = probe.getClientRects();
  return rects[rects.length - 1] ?? node.parentElement.getBoundingClientRect();
}

/** The offset under a point of the screen, or null outside of the text. */
export function offsetUnder(x, y) {
  const place = document.caretPositionFromPoint?.(x, y);
  const found = place ? null : document.caretRangeFromPoint?.(x, y);
  const [node, unit] = place ? [place.offsetNode, place.offset] : [found?.startContainer, found?.startOffset];
  if (!node || !root.contains(node)) return null;
  const at = offset(node, unit);
  return bothWays(at) ? (characterUnder(lines[lineIndex(at)], x, y) ?? at) : at;
}

const LEFTWARD = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Whether the line of an offset has letters that run to the left. */
export function bothWays(at) {
  const line = lines[lineIndex(at)];
  line.bothWays ??= LEFTWARD.test(quote(line.start, line.end));
  return line.bothWays;
}

/** The edge nearest to a point, where browsers disagree with the eye: at the seam between two directions.
    Looks at every character of the line, which is why other lines are not asked like this. */
function characterUnder(line, x, y) {
  let start = line.start;
  for (const { segment } of new Intl.Segmenter().segment(quote(line.start, line.end))) {
    const end = start + pointsIn(segment);
    const holds = ({ left, right, top, bottom }) => left <= x && x < right && top <= y && y < bottom;
    const rect = [...range(start, end).getClientRects()].find(holds);
    if (rect) return x < (rect.left + rect.right) / 2 === runsLeft(segment, start, line) ? end : start;
    start = end;
  }
  return null;
}

/** Letters know their direction; what stands between them shows it by which side the next one is on. */
function runsLeft(segment, start, line) {
  if (/[\p{L}\p{N}]/u.test(segment)) return LEFTWARD.test(segment);
  const next = start + pointsIn(segment);
  if (next >= line.end) return getComputedStyle(root).direction === "rtl";
  return rectAt(next).left < rectAt(start).left;
}

/** Paint stretches [[start, end], …] under a name of the style sheet, instead of what it painted before. */
export function paint(name, stretches) {
  if (!globalThis.CSS?.highlights) return;
  if (stretches.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...stretches.map(([start, end]) => range(start, end))));
}

/** Between the bar above and what lies below: the part of the window in which text can be read. */
function sight() {
  const sheet = innerWidth <= 900 ? document.querySelector(".side").offsetHeight : 0;
  return [64, innerHeight - document.querySelector(".foot").offsetHeight - sheet - 48];
}

const boxOf = (line) => document.getElementById(line.id).getBoundingClientRect();

/** The first and the last line in sight. */
export function linesInSight() {
  const [top, bottom] = sight();
  const first = below(lines.length - 1, (index) => boxOf(lines[index]).bottom < top);
  const last = below(lines.length, (index) => boxOf(lines[index]).top < bottom) - 1;
  return [lines[first], lines[Math.max(first, last)]];
}

/** The offset itself where something of its paragraph is in sight, else the first offset that is. */
export function inSight(at) {
  const [top, bottom] = sight();
  const box = boxOf(lines[lineIndex(at)]);
  if (box.bottom > top && box.top < bottom) return at;
  return lines[below(lines.length, (index) => boxOf(lines[index]).bottom < top)]?.start ?? at;
}

/** Bring a stretch into sight, folds opened, without moving what is in sight already. */
export function reveal(start, end = start) {
  const [node] = point(start);
  const fold = node.parentElement.closest("details");
  if (fold) fold.open = true;
  const place = (end > start ? range(start, end).getBoundingClientRect() : rectAt(start));
  const [top, bottom] = sight();
  if (place.top >= top && place.bottom <= bottom) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const off = place.top + Math.min(place.height, bottom - top) / 2 - (top + bottom) / 2;
  scrollBy({ top: off, behavior: still ? "instant" : "auto" });
}
