// Letters and lines over the text. Placed by script, since where words stand is known only on the page.

import { offsetUnder, point, range, rectAt } from "./article.js";
import { spanOf } from "./list.js";

const overlay = document.getElementById("overlay");
const SVG = "http://www.w3.org/2000/svg";

/** Put small letters at offsets: [[offset, "a"], …]. Returns what takes them away. */
export function hints(places) {
  const page = overlay.getBoundingClientRect();
  const drawn = places.map(([at, letters]) => {
    const place = rectAt(at);
    const mark = document.createElement("kbd");
    mark.className = "letter";
    mark.textContent = letters;
    mark.style.left = `${place.left - page.left}px`;
    mark.style.top = `${place.top - page.top}px`;
    return mark;
  });
  overlay.append(...drawn);
  return () => drawn.forEach((mark) => mark.remove());
}

const LETTERS = "asdfghjklqwertyuiopzxcvbnm";

/** `count` codes, the first ones of a single letter; none begins another. */
export function codes(count, letters = LETTERS) {
  if (count <= letters.length) return [...letters].slice(0, count);
  const leads = Math.min(letters.length - 1, Math.ceil((count - letters.length) / (letters.length - 1)));
  const single = [...letters].slice(0, letters.length - leads);
  const double = [...letters].slice(letters.length - leads).flatMap((lead) => [...letters].map((letter) => lead + letter));
  return [...single, ...double].slice(0, count);
}

/** From the middle of a name to its baseline, in pixels. */
const HALF_NAME = 4;

let drawing = null;

export function clearLines() {
  drawing?.remove();
  drawing = null;
}

/** Lines from one span to those it is linked to: [{from, to, name, colour}], ids of spans. */
export function lines(links) {
  clearLines();
  const page = overlay.getBoundingClientRect();
  drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "links");
  for (const { from, to, name, colour } of links) {
    const [start, end] = [from, to].map((id) => middle(id, page));
    if (start && end) drawing.append(...line(start, end, name, colour, page));
  }
  overlay.append(drawing);
}

function middle(id, page) {
  const span = spanOf(id);
  if (!span) return null;
  const rect = [...range(span.start, span.end).getClientRects()].find((one) => one.width > 0);
  return rect && { x: rect.left - page.left + rect.width / 2, top: rect.top - page.top, bottom: rect.bottom - page.top };
}

/** A curve that leaves and arrives upright, with the relation's name nearer to its end, where lines have parted. */
function line(start, end, name, colour, page) {
  const down = end.top > start.bottom;
  const [y1, y2] = down ? [start.bottom, end.top] : end.bottom < start.top ? [start.top, end.bottom] : [start.top, end.top];
  const bend = Math.max(24, Math.abs(y2 - y1) / 2) * (y2 > y1 ? 1 : -1);
  const level = y1 === start.top && y2 === end.top ? -28 : 0;
  const path = document.createElementNS(SVG, "path");
  const [c1, c2] = level ? [y1 + level, y2 + level] : [y1 + bend, y2 - bend];
  path.setAttribute("d", `M ${start.x} ${y1} C ${start.x} ${c1}, ${end.x} ${c2}, ${end.x} ${y2}`);
  path.setAttribute("class", `c-${colour}`);
  const label = document.createElementNS(SVG, "text");
  const x = along(start.x, start.x, end.x, end.x);
  label.setAttribute("x", x);
  label.setAttribute("y", betweenLines(x, along(y1, c1, c2, y2), page) + HALF_NAME);
  label.textContent = name;
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("cx", end.x);
  dot.setAttribute("cy", y2);
  dot.setAttribute("r", 3.5);
  dot.setAttribute("class", `c-${colour}`);
  return [path, dot, label];
}

/** Where a name stands on a Bézier curve of these four values. */
function along(first, second, third, last, t = 0.62) {
  const rest = 1 - t;
  return rest ** 3 * first + 3 * rest ** 2 * t * second + 3 * rest * t ** 2 * third + t ** 3 * last;
}

/** The height of a name that would cover words, moved to the nearest gap between lines; any other as it is. */
function betweenLines(x, y, page) {
  const at = offsetUnder(x + page.left, y + page.top);
  if (at === null) return y;
  const words = rectAt(at);
  const [top, bottom] = [words.top - page.top, words.bottom - page.top];
  const gap = parseFloat(getComputedStyle(point(at)[0].parentElement).lineHeight) - (bottom - top);
  if (!(y > top - gap && y < bottom + gap)) return y;
  return y < (top + bottom) / 2 ? top - gap / 2 : bottom + gap / 2;
}
