// The relations of the chosen span, as sentences: "made by The prime minister".

import { isOpen } from "./article.js";
import { answerRelation } from "./gestures.js";
import { spanOf } from "./list.js";
import { number } from "./numbers.js";

/** Show the links of one kind that a span has; `missing`: names of what is asked for and not there. */
export function fillTie(tie, span, { from, to }, missing) {
  const { type } = tie.dataset;
  const isOut = "outward" in tie.dataset;
  const both = "symmetric" in tie.dataset;
  const ends = [
    ...(isOut ? from : []).filter((one) => one.type === type).map((one) => [one, one.target]),
    ...(!isOut || both ? to : []).filter((one) => one.type === type).map((one) => [one, one.source]),
  ];
  const isAbsent = span.absent.includes(type);
  const isMissing = isOut && missing.has(type);
  tie.hidden = !ends.length && !isMissing && !isAbsent && (!isOut || !isOpen());
  // What is neither there nor asked for steps back to a small “+ supports”.
  tie.classList.toggle("empty", !ends.length && !isMissing && !isAbsent);
  tie.classList.toggle("missing", isMissing);
  // What is being typed stays.
  if (!tie.contains(document.activeElement) || !document.activeElement.matches("input")) {
    tie.querySelector(".ends").replaceChildren(...ends.map(([relation, id]) => end(tie, relation, id)));
  }
  for (const chip of tie.querySelectorAll("[data-absent]")) {
    chip.setAttribute("aria-pressed", isAbsent);
    chip.hidden = ends.length > 0;
  }
}

function end(tie, relation, id) {
  const item = document.createElement("li");
  const go = document.createElement("button");
  go.type = "button";
  go.className = "plain said";
  go.dataset.go = id;
  go.dir = "auto";
  go.textContent = spanOf(id)?.words ?? "";
  item.append(go);
  for (const { dataset } of tie.querySelectorAll("template")) item.append(detail(dataset, relation));
  if (isOpen()) {
    const off = document.createElement("button");
    off.type = "button";
    off.className = "plain off";
    off.dataset.unrelate = relation.id;
    off.setAttribute("aria-label", `Remove: ${tie.dataset.name} ${go.textContent}`);
    off.textContent = "×";
    item.append(off);
  }
  return item;
}

/** A relation's own answer, such as its place in a chain of relays. */
function detail({ attribute, kind, name }, relation) {
  const input = document.createElement("input");
  input.className = "detail";
  input.placeholder = name;
  input.setAttribute("aria-label", name);
  if (kind === "number") input.inputMode = "decimal";
  input.value = relation.values[attribute] ?? "";
  input.disabled = !isOpen();
  input.addEventListener("change", () => {
    const typed = input.value.trim();
    const value = typed === "" ? null : kind === "number" ? number(typed) : typed;
    if (!Number.isNaN(value)) answerRelation(relation, { [attribute]: value });
  });
  return input;
}
