// Drawing a relation: the type if there are several, then the letter at the span where it ends.

import { announce } from "../shared/page.js";
import { paint, reveal, root } from "./article.js";
import { nameOf, relate, tieName } from "./gestures.js";
import { digitOf } from "./keys.js";
import { chosenSpan, relationsOf, runsOf, spanOf, spans } from "./list.js";
import { clearLines, codes, hints, lines } from "./overlay.js";
import { ask, say, stop } from "./prompt.js";

let candidates = new Map();
let clear = () => {};

/** All relations that a span of this label may have, as either end. `ordered`: they form a chain. */
function ties(label) {
  return [...document.getElementById(`ask-${label}`).content.querySelectorAll(".tie")].map((tie) => ({
    type: tie.dataset.type,
    name: tie.dataset.name,
    outward: "outward" in tie.dataset,
    symmetric: "symmetric" in tie.dataset,
    other: tie.dataset.other.split(" "),
    ordered: tie.querySelector('template[data-attribute="order"][data-kind="number"]') !== null,
  }));
}

export function start(type) {
  const span = chosenSpan();
  if (!span) return announce("Choose a span first.");
  root.focus({ preventScroll: true });
  const all = ties(span.label);
  const outward = all.filter((tie) => tie.outward);
  const possible = outward.length ? outward : all;
  const wanted = type && all.find((tie) => tie.type === type.type && tie.outward === type.outward);
  if (wanted) return chooseEnd(span, wanted);
  if (possible.length === 0) return announce(`A ${nameOf(span.label)} has no relations.`);
  if (possible.length === 1) return chooseEnd(span, possible[0]);
  ask({
    words: "",
    key: (event) => {
      const tie = possible[Number(digitOf(event)) - 1];
      if (tie) chooseEnd(span, tie);
    },
  });
  say("Which relation? ", possible.map((tie, at) => choice(at + 1, tie.name, () => chooseEnd(span, tie))));
  announce(`Which relation? ${possible.map((tie, at) => `${at + 1} ${tie.name}`).join(", ")}`);
}

function choice(key, name, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip";
  const hint = document.createElement("kbd");
  hint.textContent = key;
  hint.ariaHidden = "true";
  button.append(hint, name);
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", act);
  return button;
}

function chooseEnd(span, tie) {
  const linked = new Set(ends(span, tie));
  const near = spans()
    .filter((one) => tie.other.includes(one.label) && one.id !== span.id && !linked.has(one.id))
    .sort((a, b) => distance(a, span) - distance(b, span) || a.start - b.start);
  if (near.length === 0) {
    stop();
    return announce(`There is no ${tie.other.map(nameOf).join(" or ")} to link to. Label it first.`);
  }
  const letters = codes(near.length);
  let typed = "";
  ask({
    words: "",
    key: ({ key }) => {
      typed += key.toLowerCase();
      const at = letters.indexOf(typed);
      if (at >= 0) finish(span, tie, near[at].id);
      else if (!letters.some((code) => code.startsWith(typed))) typed = "";
    },
    cancel: tidy,
  });
  light(span, near, letters, tie);
}

function ends(span, tie) {
  const { from, to } = relationsOf(span.id);
  const out = from.filter((one) => one.type === tie.type).map((one) => one.target);
  const inward = to.filter((one) => one.type === tie.type).map((one) => one.source);
  return tie.symmetric ? [...out, ...inward] : tie.outward ? out : inward;
}

function distance(a, b) {
  return Math.max(0, a.start - b.end, b.start - a.end);
}

function light(span, near, letters, tie) {
  candidates = new Map(near.map((one) => [one.id, () => finish(span, tie, one.id)]));
  root.classList.add("choosing");
  for (const one of near) for (const run of runsOf(one.id)) run.classList.add("candidate");
  clear = hints(near.map((one, at) => [one.start, letters[at]]));
  paint("source", [[span.start, span.end]]);
  const first = near[0];
  reveal(Math.min(span.start, first.start), Math.max(span.end, first.end));
  say(`${tie.outward ? tie.name : `${tie.name} (from)`} … type the letter, or click a span. `);
  announce(`${tie.name}: ${near.slice(0, 5).map((one, at) => `${letters[at]} ${one.words}`).join("; ")}`);
}

function tidy() {
  clear();
  clear = () => {};
  candidates = new Map();
  root.classList.remove("choosing");
  for (const run of root.querySelectorAll(".candidate")) run.classList.remove("candidate");
  paint("source", []);
}

function finish(span, tie, id) {
  stop();
  const [here, there] = [spanOf(span.id), spanOf(id)];
  if (!here || !there) return;
  const [source, target] = tie.outward ? [here, there] : [there, here];
  relate(tie.type, source, target, tie.name, tie.ordered ? { order: nextInChain(source.id, tie.type) } : undefined);
}

/** A new relay comes outside of those that are there. */
function nextInChain(source, type) {
  const taken = relationsOf(source).from.filter((one) => one.type === type).map((one) => one.values.order ?? 0);
  return Math.max(0, ...taken) + 1;
}

/** A click while candidates are lit: true when it finished the relation. */
export function clickCandidate(target) {
  const ids = (target.closest?.("mark")?.dataset.spans ?? target.closest?.(".entry")?.id.slice(2) ?? "").split(" ");
  const id = ids.reverse().find((one) => candidates.has(one));
  if (!id) return false;
  candidates.get(id)();
  return true;
}

export const isChoosing = () => candidates.size > 0;

let shownFor = null;

/** Lines to all that the chosen span is linked to, until another is chosen or the key comes again. */
export function toggleLines() {
  const span = chosenSpan();
  if (!span || shownFor === span.id) return hideLines();
  shownFor = span.id;
  redrawLines();
  sayLines();
}

export function redrawLines() {
  if (!shownFor) return;
  if (chosenSpan()?.id !== shownFor) return hideLines();
  const { from, to } = relationsOf(shownFor);
  lines([
    ...from.map((one) => ({ from: one.source, to: one.target, name: tieName(one.type), colour: spanOf(one.target)?.colour })),
    ...to.map((one) => ({ from: one.source, to: one.target, name: tieName(one.type), colour: spanOf(one.source)?.colour })),
  ]);
}

function sayLines() {
  const { from, to } = relationsOf(shownFor);
  const said = [
    ...from.map((one) => `${tieName(one.type)} ${spanOf(one.target)?.words}`),
    ...to.map((one) => `${spanOf(one.source)?.words} ${tieName(one.type)} this`),
  ];
  announce(said.length ? `Lines: ${said.join("; ")}` : "No relations yet.");
}

function hideLines() {
  if (shownFor) announce("Lines hidden.");
  shownFor = null;
  clearLines();
}
