// Words, clauses and sentences of a line, and edges snapped to them. All offsets in code points.

import { lineBeside, lineIndex, lines, linesFrom, quote } from "./article.js";
import { pointsIn } from "./offsets.js";

const language = document.getElementById("text").lang;
const segmenters = Object.fromEntries(
  ["word", "grapheme"].map((granularity) => [granularity, new Intl.Segmenter(known(language), { granularity })]),
);
const POSSESSIVE = /^(?<owner>.*\p{L})(?<ending>['’]s|['’])$/u;
const EDGE = /[\s\p{P}]/u;
const KEPT = /[%‰′″@#§&]/u;
const PAIRS = { "“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", "‘": "’", '"': '"', "(": ")", "[": "]", "「": "」", "『": "』" };

function known(tag) {
  try {
    return Intl.getCanonicalLocales(tag);
  } catch {
    return undefined;
  }
}

const cut = { word: new Map(), grapheme: new Map() };

function segmentsOf(line, granularity) {
  if (!cut[granularity].has(line.start)) cut[granularity].set(line.start, segment(line, granularity));
  return cut[granularity].get(line.start);
}

function segment(line, granularity) {
  const found = [];
  let start = line.start;
  for (const { segment: part, isWordLike } of segmenters[granularity].segment(quote(line.start, line.end))) {
    const end = start + pointsIn(part);
    const { owner } = part.match(POSSESSIVE)?.groups ?? {};
    // “Israel’s”: the ending is a word of its own, since a name is labelled without it.
    const middle = isWordLike && owner ? start + pointsIn(owner) : end;
    found.push({ start, end: middle, isWord: granularity === "grapheme" || isWordLike });
    if (middle < end) found.push({ start: middle, end, isWord: false });
    start = end;
  }
  return found;
}

/** All words of a line, punctuation left out. */
export function wordsOf(line) {
  return segmentsOf(line, "word").filter((one) => one.isWord);
}

/** The word at an offset, else the next one of the line, else its last. */
export function wordAt(at) {
  const words = wordsOf(lines[lineIndex(at)]);
  return words.find((word) => at < word.end) ?? words.at(-1) ?? { start: at, end: at };
}

export function wordAfter(at) {
  for (const line of linesFrom(at, 1)) {
    const found = wordsOf(line).find((word) => word.start > at);
    if (found) return found;
  }
  return null;
}

export function wordBefore(at) {
  for (const line of linesFrom(at, -1)) {
    const found = wordsOf(line).findLast((word) => word.start < at);
    if (found) return found;
  }
  return null;
}

/** The nearest edge of a whole character, forward (1) or back (-1), across lines too. */
export function characterEdge(at, direction) {
  const line = lines[lineIndex(at)];
  if (direction > 0) {
    if (at >= line.end) return lineBeside(at, 1)?.start ?? at;
    return segmentsOf(line, "grapheme").find((one) => one.end > at)?.end ?? line.end;
  }
  if (at <= line.start) return lineBeside(at, -1)?.end ?? at;
  return segmentsOf(line, "grapheme").findLast((one) => one.start < at)?.start ?? line.start;
}

/** [start, end) widened so that no character is cut. */
export function wholeCharacters(start, end) {
  const first = segmentsOf(lines[lineIndex(start)], "grapheme").find((one) => one.start < start && start < one.end);
  const last = segmentsOf(lines[lineIndex(end)], "grapheme").find((one) => one.start < end && end < one.end);
  return [first?.start ?? start, last?.end ?? end];
}

export function sentenceAt(at) {
  const line = lines[lineIndex(at)];
  const found = line.sentences.find(([, end]) => at < end) ?? line.sentences.at(-1);
  return found ?? [line.start, line.end];
}

export function sentenceAfter(at) {
  for (const line of linesFrom(at, 1)) {
    const found = line.sentences.find(([start]) => start > at);
    if (found) return found;
  }
  return null;
}

export function sentenceBefore(at) {
  for (const line of linesFrom(at, -1)) {
    const found = line.sentences.findLast(([start]) => start < at);
    if (found) return found;
  }
  return null;
}

/** The part of the sentence between two marks of punctuation that lie outside of numbers and words. */
export function clauseAt(start, end) {
  const [first, last] = sentenceAt(start);
  const whole = quote(first, last);
  const edges = [first, last];
  for (const match of whole.matchAll(/[,;:،؛、，；](?=\s|\p{L})|\s[–—-]\s|—|[()]/gu)) {
    const place = first + pointsIn(whole.slice(0, match.index));
    edges.push(place, place + pointsIn(match[0]));
  }
  const left = Math.max(...edges.filter((edge) => edge <= start));
  const right = Math.min(...edges.filter((edge) => edge >= end));
  return trim(left, Math.max(right, end));
}

/** [start, end) grown to whole words, then without white space and punctuation at its edges. */
export function snap(start, end) {
  const first = touched(start, end, "first");
  const last = touched(start, end, "last");
  if (!first || !last) return trim(...wholeCharacters(start, end));
  return trim(Math.min(start, first.start), Math.max(end, last.end));
}

function touched(start, end, which) {
  const at = which === "first" ? start : end;
  const words = segmentsOf(lines[lineIndex(which === "first" ? at : Math.max(start, at - 1))], "word");
  const inside = (one) => one.start < at && at < one.end;
  return words.find(inside) ?? { start: at, end: at };
}

/** Edges moved inwards past white space and punctuation; quotation marks stay where their partner is inside. */
export function trim(start, end) {
  const characters = [...quote(start, end)];
  let from = 0;
  let to = characters.length;
  while (from < to && mayGo(characters, from, to, "first")) from += 1;
  while (from < to && mayGo(characters, from, to, "last")) to -= 1;
  return from < to ? [start + from, start + to] : [start, end];
}

function mayGo(characters, from, to, which) {
  const character = characters[which === "first" ? from : to - 1];
  if (!EDGE.test(character) || KEPT.test(character)) return false;
  if (which === "first") {
    const closing = PAIRS[character];
    return !(closing && characters.slice(from + 1, to).some((one) => closing.includes(one)));
  }
  if (character === "." && /(?:\p{L}\.){2,}$/u.test(characters.slice(Math.max(from, to - 8), to).join(""))) return false;
  return !characters.slice(from, to - 1).some((one) => PAIRS[one]?.includes(character));
}
