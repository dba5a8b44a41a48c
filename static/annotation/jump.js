// Jump to a word by typing its first letters; or extend the selection to the end of one.

import { announce } from "../shared/page.js";
import { inSight, lines, paint, quote } from "./article.js";
import { caretAt, select, selection } from "./caret.js";
import { fold } from "./entries.js";
import { run as catchUp } from "./frame.js";
import { digitOf } from "./keys.js";
import { below } from "./offsets.js";
import { hints } from "./overlay.js";
import { ask, say, stop } from "./prompt.js";
import { wordsOf } from "./words.js";

/** How long the rest of a word may still be typed after the jump, in milliseconds, without being taken for keys. */
const PATIENCE = 900;
let rest = { letters: [], until: 0 };

/** Whether a key is the next letter of the word that a jump ended at by itself: fingers run ahead. */
export function runsAhead(key) {
  if (Date.now() > rest.until || fold(key) !== rest.letters[0]) {
    rest.letters = [];
    return false;
  }
  rest.letters.shift();
  rest.until = Date.now() + PATIENCE;
  return true;
}

/** Words on the lines that are read, folded to what is typed; made on the first jump. */
let index = null;

function words() {
  index ??= lines
    .filter((line) => line.isRead)
    .flatMap((line) => wordsOf(line).map((word) => ({ ...word, folded: fold(quote(word.start, word.end)) })));
  return index;
}

/** extend: the selection grows to the end of the word instead of the caret going to its beginning. */
export function jump(extend) {
  catchUp(); // fingers are faster than frames: the caret may have moved out of sight a key ago
  const chosen = selection();
  const from = extend ? (chosen?.[0] ?? caretAt()) : inSight(caretAt());
  const base = extend && chosen ? chosen[1] : from;
  let typed = "";
  let clear = () => {};
  let found = [];

  const go = (word, unasked = false) => {
    stop();
    if (unasked) rest = { letters: [...word.folded].slice([...typed].length), until: Date.now() + PATIENCE };
    if (extend) select(from, word.end);
    else select(word.start);
  };
  const follow = () => {
    clear();
    found = typed ? nearest(typed, base, extend) : [];
    paint("found", found.map((word) => [word.start, word.end]));
    clear = hints(found.slice(0, 9).map((word, at) => [word.start, String(at + 1)]));
    if (found.length === 1 && typed.length > 1) return go(found[0], true);
    say(`${extend ? "Extend to" : "Jump to"}: ${typed || "first letters"}${found.length ? " … 1 to 9, Enter for the nearest" : ""}`);
    if (typed && !found.length) announce("No such word.");
    else if (found.length) announce(`${found.length} words, nearest: ${quote(found[0].start, found[0].end)}`);
  };

  ask({
    words: extend ? "Extend to: first letters " : "Jump to: first letters ",
    key: (event) => {
      const { key } = event;
      const hinted = found[Number(digitOf(event)) - 1];
      if (key === "Enter" && found.length) return go(found[0]);
      // A digit chooses, unless a word goes on with it.
      if (hinted && !found.some((word) => word.folded.startsWith(typed + key))) return go(hinted);
      if (key === "Backspace") typed = typed.slice(0, -1);
      else if ([...key].length === 1) typed += fold(key);
      follow();
    },
    cancel: () => {
      clear();
      paint("found", []);
    },
  });
}

/** Words that begin like this, first those after the caret, then those before it, the nearest first. */
function nearest(typed, base, extend) {
  const all = words();
  const split = below(all.length, (at) => (extend ? all[at].end <= base : all[at].start <= base));
  const fits = (word) => word.folded.startsWith(typed);
  const ahead = all.slice(split).filter(fits);
  return extend ? ahead : [...ahead, ...all.slice(0, split).filter(fits).reverse()];
}

