// Letters and lines over the text. Placed by script, since where words stand is known only on the page.

import { range, rectAt } from "./article.js";
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
    if (start && end) drawing.append(...line(start, end, name, colour));
  }
  overlay.append(drawing);
}

function middle(id, page) {
  const span = spanOf(id);
  if (!span) return null;
  const rect = [...range(span.start, span.end).getClientRects()].find((one) => one.width > 0);
  return rect && { x: rect.left - page.left + rect.width / 2, top: rect.top - page.top, bottom: rect.bottom - page.top };
}

/** A curve that leaves and arrives upright, with the relation's name in its middle. */
function line(start, end, name, colour) {
  const down = end.top > start.bottom;
  const [y1, y2] = down ? [start.bottom, end.top] : end.bottom < start.top ? [start.top, end.bottom] : [start.top, end.top];
  const bend = Math.max(24, Math.abs(y2 - y1) / 2) * (y2 > y1 ? 1 : -1);
  const level = y1 === start.top && y2 === end.top ? -28 : 0;
  const path = document.createElementNS(SVG, "path");
  const [c1, c2] = level ? [y1 + level, y2 + level] : [y1 + bend, y2 - bend];
  path.setAttribute("d", `M ${start.x} ${y1} C ${start.x} ${c1}, ${end.x} ${c2}, ${end.x} ${y2}`);
  path.setAttribute("class", `c-${colour}`);
  const label = document.createElementNS(SVG, "text");
  label.setAttribute("x", (start.x + end.x) / 2);
  label.setAttribute("y", (y1 + y2) / 2 + level * 0.75);
  label.textContent = name;
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("cx", end.x);
  dot.setAttribute("cy", y2);
  dot.setAttribute("r", 3.5);
  dot.setAttribute("class", `c-${colour}`);
  return [path, dot, label];
}
