// The span list follows the text: what is read is what it shows; what the pointer rests on it tells more of.

import { linesInSight, root } from "./article.js";
import { soon } from "./frame.js";
import { chosenSpan, list, spanOf } from "./list.js";
import { below } from "./offsets.js";

/** How long the pointer rests on a span before the list turns to it, in milliseconds. */
const REST = 250;

const isSeen = () => list.checkVisibility();
const isInUse = () => list.matches(":hover") || list.contains(document.activeElement);

addEventListener("scroll", () => soon(follow), { passive: true });

/** Bring the row of the first span in sight to the top of the list, unless the chosen span is in sight with its row. */
function follow() {
  if (!isSeen() || isInUse()) return;
  const [first, last] = linesInSight();
  const span = chosenSpan();
  if (span && span.start < last.end && span.end > first.start) return;
  const rows = list.children;
  const at = below(rows.length, (place) => Number(rows[place].dataset.start) < first.start);
  const row = rows[Math.min(at, rows.length - 1)];
  if (row) list.scrollTop += row.getBoundingClientRect().top - list.getBoundingClientRect().top;
}

let timer = 0;
let told = null;

root.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType !== "mouse") return;
  clearTimeout(timer);
  const id = narrowest(target);
  if (told && told.id !== `s-${id}`) hush();
  if (id && isSeen()) timer = setTimeout(() => tell(id), REST);
});
root.addEventListener("pointerleave", hush);
root.addEventListener("pointerdown", hush);

function narrowest(target) {
  const found = (target.closest("mark")?.dataset.spans.split(" ") ?? []).map(spanOf).filter(Boolean);
  return found.sort((a, b) => a.end - a.start - (b.end - b.start))[0]?.id;
}

/** Its answers, relations and gaps, under its row. */
function tell(id) {
  hush();
  told = spanOf(id)?.row;
  if (!told) return;
  told.classList.add("told");
  told.scrollIntoView({ block: "nearest" });
}

function hush() {
  clearTimeout(timer);
  told?.classList.remove("told");
  told = null;
}
