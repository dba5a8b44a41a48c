// Offsets count code points, the browser counts UTF-16 units. The only place that converts.

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** How many code points a string has. */
export function pointsIn(string) {
  return string.length - (string.match(PAIR)?.length ?? 0);
}

/** The UTF-16 index of a code point in a string. */
export function unitAt(string, point) {
  let unit = 0;
  for (let left = point; left > 0 && unit < string.length; left -= 1) unit += string.codePointAt(unit) > 0xffff ? 2 : 1;
  return unit;
}

/** A long string whose conversions take no longer for being long. */
export class Text {
  constructor(string) {
    this.string = string;
    /** Code point offsets of the characters that take two units, in order. */
    this.wide = [...string.matchAll(PAIR)].map((match, before) => match.index - before);
    this.length = string.length - this.wide.length;
  }

  /** UTF-16 index of a code point offset. */
  unit(point) {
    return point + below(this.wide.length, (at) => this.wide[at] < point);
  }

  /** Code point offset of a UTF-16 index; inside a pair, that of the character. */
  point(unit) {
    const before = below(this.wide.length, (at) => this.wide[at] + at + 1 < unit);
    return unit - before;
  }

  slice(start, end) {
    return this.string.slice(this.unit(start), this.unit(end));
  }
}

/** How many of 0 … count - 1 pass a test that a first part of them passes. */
export function below(count, passes) {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Offset of a DOM point inside the root, whose runs and lines carry `data-start`. */
export function offsetAt(root, node, unit) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const anchor = element.closest("[data-start]") ?? root;
  const range = document.createRange();
  range.setStart(anchor, 0);
  range.setEnd(node, unit);
  return Number(anchor.dataset.start ?? 0) + pointsIn(range.toString());
}

/** The DOM point of an offset, as [text node, UTF-16 index]. Between runs, `after` prefers the later one. */
export function pointAt(root, offset, after) {
  const lines = root.getElementsByTagName("p");
  const at = below(lines.length, (place) => Number(lines[place].dataset.start) <= offset);
  let line = lines[Math.max(0, at - 1)];
  // In the blank between two lines, the end of the one or the beginning of the other.
  if (after && offset > Number(line.dataset.end) && at < lines.length) line = lines[at];
  const runs = line.querySelectorAll("[data-start]");
  const run = runs[Math.max(0, below(runs.length, (place) => isBefore(Number(runs[place].dataset.start), offset, after)) - 1)];
  return inside(run, Math.max(0, offset - Number(run.dataset.start)));
}

function isBefore(start, offset, after) {
  return after ? start <= offset : start < offset;
}

function inside(run, points) {
  const walker = document.createTreeWalker(run, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  let left = points;
  for (;;) {
    const length = pointsIn(node.data);
    if (left <= length) return [node, unitAt(node.data, left)];
    const next = walker.nextNode();
    if (!next) return [node, node.data.length];
    left -= length;
    node = next;
  }
}

/** The DOM range over [start, end). */
export function rangeOf(root, start, end) {
  const range = document.createRange();
  range.setStart(...pointAt(root, start, true));
  if (end > start) range.setEnd(...pointAt(root, end, false));
  return range;
}
