// Answers that are entries of a list: found by typing, and what is missing is proposed.

import { announce } from "../shared/page.js";
import { entryItem, find, fold, forget, item, knownEntry, learn, wakeMenu } from "./entries.js";
import { answer, propose } from "./gestures.js";
import { spanOf } from "./list.js";
import { expectMore } from "./outbox.js";

const KINDS = [
  ["person", "person"],
  ["organisation", "organisation"],
  ["state", "state"],
  ["unnamed", "unnamed source, of this text only"],
];
/** The list whose entries are of some kind; those of every other list are concepts. */
const ACTORS = "actors";

/** The entry that a span names, as far as the page knows it. */
export function entryOf(list, key, span, attribute) {
  const named = span?.row.dataset.named ? JSON.parse(span.row.dataset.named)[attribute] : null;
  return named?.key === key ? named : knownEntry(list, key);
}

/** Wake the input of a register in a form that asks about a span. */
export function watchRegister(box, { span, key, done }) {
  const { list } = box.dataset;
  const finish = (entry, words) => {
    menu.close();
    menu.input.value = entry?.title ?? "";
    if ((span().values[key] ?? null) !== (entry?.key ?? null)) answer(span(), { [key]: entry?.key ?? null }, words);
    done();
  };
  const create = (name, kind) => {
    const entry = { key: propose(list, name, kind), title: name, hint: kind, more: "", mark: "your proposal" };
    learn(list, entry);
    forget();
    finish(entry, `${name} proposed and chosen. A manager will look at it.`);
  };
  /** What can be chosen: {entry}, {propose} a name, or {kind} of a name to propose. */
  const take = (choice) => {
    if (!choice) return finish(null, "Answer taken away");
    if (choice.entry) return finish(choice.entry, `${choice.entry.title} chosen`);
    if (choice.kind) return create(choice.name, choice.kind);
    if (list !== ACTORS) return create(choice.propose, "");
    menu.show(KINDS.map(([kind, title]) => ({ kind, title, name: choice.propose })), `What is “${choice.propose}”?`);
    announce(`What is “${choice.propose}”? ${KINDS.map(([, title], place) => `${place + 1} ${title}`).join(", ")}`);
  };

  /** Whoever types fast and presses Enter means what is still being looked for, and goes on at once. */
  const ahead = (typed) => {
    const { id, words } = span();
    const work = find(list, typed, words).then((found) => {
      const there = spanOf(id);
      if (found?.length && there) answer(there, { [key]: found[0].key }, `${found[0].title} chosen`);
      else announce(`Nothing called “${typed}” was found. The question is still open.`);
    });
    expectMore(work);
    menu.close();
    done();
  };
  const left = () => {
    const value = span()?.values[key];
    menu.input.value = entryOf(list, value, span(), key)?.title ?? value ?? "";
  };
  const pick = (pressed, choices) => (choices[0]?.kind && /^[1-4]$/.test(pressed) ? choices[Number(pressed) - 1] : undefined);
  const menu = wakeMenu(box, { near: () => span()?.words ?? "", offer, draw: option, take, ahead, left, pick });
}

/** What can be chosen, and a word before it where that is needed. */
function offer(found, typed) {
  if (found === null) return [[], "The list cannot be reached now. Your other work is kept."];
  const choices = found.map((entry) => ({ entry }));
  const isThere = found.some((entry) => fold(entry.title) === fold(typed));
  if (typed && !isThere) choices.push({ propose: typed });
  return [choices, choices.length ? "" : "This list is empty."];
}

function option(choice, id) {
  if (choice.entry) return entryItem(id, choice.entry);
  if (!choice.kind) {
    const made = item(id, `Propose “${choice.propose}”`, "new; yours alone until a manager takes it in");
    made.className = "propose";
    return made;
  }
  const made = item(id, choice.title, "");
  made.prepend(digit(choice));
  return made;
}

function digit({ kind }) {
  const key = document.createElement("kbd");
  key.textContent = KINDS.findIndex(([one]) => one === kind) + 1;
  key.ariaHidden = "true";
  return key;
}
