"""How many keys a span costs at the keyboard, counted over the demo readings as they are really typed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page

from annotator.settings import BASE_DIR
from corpus.readers import plain
from tests.browser.conftest import SignIn
from tests.browser.desk import Desk, open_desk
from tests.builders import LARGE, Cast, import_drafts, make_article, make_project, started_set

READING = json.loads((BASE_DIR / "seeds" / "readings" / "reviewer-a.json").read_text(encoding="utf-8"))
HINTS = 9
"""Words that a digit chooses; a longer way is typed."""


@dataclass(frozen=True)
class Word:
    """`wider`: what the key for wider takes from it, press by press; the first is the word itself."""

    start: int
    end: int
    folded: str
    wider: list[tuple[int, int]]


class Typist:
    """Knows the keys of the desk and finds a short way, not always the shortest."""

    def __init__(self, desk: Desk, words: list[Word], sentences: list[tuple[int, int]]) -> None:
        self.desk, self.words, self.sentences = desk, words, sentences
        self.caret = 0
        self.chosen: tuple[int, int] | None = None

    def mark(self, start: int, end: int, hotkey: str) -> list[str]:
        keys = [*self._way(start, end), hotkey]
        self.caret, self.chosen = start, (start, end)
        return keys

    def _way(self, start: int, end: int) -> list[str]:
        ways = [self._sentence(start, end), *self._widened(start, end), self._from_word_to_word(start, end)]
        return min(filter(None, ways), key=len)

    def _widened(self, start: int, end: int) -> Iterator[list[str]]:
        """To any word of it, and from there to the clause, sentence or paragraph that it is."""
        for word in self.words:
            if start <= word.start and word.end <= end and (start, end) in word.wider:
                presses = word.wider.index((start, end)) + 1
                is_there = word.start == self.caret and not self.chosen
                yield [*([] if is_there else self._jump(word.start)), *["e"] * presses]
                if self.desk.trimmed(*self._sentence_of(word)) == (start, end):
                    yield [*([] if is_there else self._jump(word.start)), "s"]

    def _sentence_of(self, word: Word) -> tuple[int, int]:
        return next(one for one in self.sentences if word.start < one[1])

    def _from_word_to_word(self, start: int, end: int) -> list[str]:
        first = next(word for word in self.words if word.end > start)
        keys = self._jump(first.start) if first.start != self.caret or self.chosen else []
        keys += ["ArrowRight" if first.start < start else "ArrowLeft"] * abs(first.start - start)
        return keys + self._extend(start, end)

    def _sentence(self, start: int, end: int) -> list[str] | None:
        """One or two presses of the sentence key."""
        behind = self.chosen[1] - 1 if self.chosen else None
        following = [one for one in self.sentences if behind is None or one[0] > behind]
        here = [one for one in self.sentences if one[1] > self.caret] if behind is None else following
        for presses, sentence in enumerate(here[:2], start=1):
            if self.desk.trimmed(*sentence) == (start, end):
                return ["s"] * presses
        return None

    def _jump(self, to: int) -> list[str]:
        ahead = [word for word in self.words if word.start > self.caret]
        behind = [word for word in self.words if word.start <= self.caret][::-1]
        return ["/", *self._letters([*ahead, *behind], lambda word: word.start == to)]

    def _letters(self, words: list[Word], wanted: Any) -> list[str]:
        target = next(word for word in words if wanted(word))
        best: list[str] = []
        for count in range(1, len(target.folded) + 1):
            typed = target.folded[:count]
            found = [word for word in words if word.folded.startswith(typed)]
            place = found.index(target)
            if len(found) == 1 and count > 1:
                keys = list(typed)
            elif place < HINTS:
                keys = [*typed, "Enter" if place == 0 else str(place + 1)]
            else:
                continue
            if not best or len(keys) < len(best):
                best = keys
        return best

    def _extend(self, start: int, end: int) -> list[str]:
        last = [word for word in self.words if word.end <= end][-1]
        inside = [word for word in self.words if start <= word.start and word.end <= end]
        rest = ["Shift+ArrowRight"] * (end - last.end)
        if len(inside) == 1 and inside[0].start == start:
            return ["w", *rest]
        by_words = ["Control+Shift+ArrowRight"] * len(inside)
        ahead = [word for word in self.words if word.end > start]
        try:
            by_letters = ["t", *self._letters(ahead, lambda word: word.end == last.end)]
        except StopIteration:
            by_letters = by_words
        return [*min(by_words, by_letters, key=len), *rest]


def typist_at(desk: Desk) -> Typist:
    """Words and sentences as the page cuts them."""
    found = desk.page.evaluate(
        """(async () => {
          const { lines, quote } = await import("/static/annotation/article.js");
          const { clauseAt, sentenceAt, trim, wordsOf } = await import("/static/annotation/words.js");
          const { fold } = await import("/static/annotation/entries.js");
          const read = lines.filter((line) => line.isRead);
          const wider = (line, start, end) => {
            const sentence = sentenceAt(start);
            const steps = [clauseAt(start, end), trim(...sentence), sentence, [line.start, line.end]];
            const found = [[start, end]];
            for (const [a, b] of steps) if (b - a > found.at(-1)[1] - found.at(-1)[0]) found.push([a, b]);
            return found;
          };
          const cut = (line) => ({ start, end }) => [start, end, fold(quote(start, end)), wider(line, start, end)];
          const words = read.flatMap((line) => wordsOf(line).map(cut(line)));
          return { words, sentences: read.flatMap((line) => line.sentences) };
        })()"""
    )
    words = [Word(start, end, folded, [tuple(one) for one in wider]) for start, end, folded, wider in found["words"]]
    return Typist(desk, words, [tuple(one) for one in found["sentences"]])


@pytest.mark.parametrize("number", [0, 1], ids=["003", "004"])
def test_a_demo_reading_is_typed_with_few_keys(
    page: Page, cast: Cast, sign_in: SignIn, number: int, record_property: Any
) -> None:
    sign_in(cast.ada)
    wanted = READING["articles"][number]
    data = (BASE_DIR / "seeds" / wanted["source"]).read_bytes()
    new, known = import_drafts(wanted["source"], data, plain.read(data, wanted["source"]), by=None)
    project = make_project(cast, *[*new, *known], codebook=LARGE)
    desk = Desk(page, project, started_set(project, cast.ada))
    desk.open()
    typist = typist_at(desk)
    hotkeys = {"CLAIM": "1", "ACTOR": "2", "STANCE": "3"}
    spans = sorted(wanted["spans"], key=lambda span: (span["start"], -span["end"]))
    counts = []
    for span in spans:
        keys = typist.mark(span["start"], span["end"], hotkeys[span["label"]])
        desk.press(*keys)
        counts.append(len(keys))
    desk.saved()
    assert sorted(desk.stored()) == sorted((span["label"], span["quote"]) for span in spans)
    mean = sum(counts) / len(counts)
    record_property("keys per span", mean)
    print(f"\n{wanted['source'][:3]}: {len(counts)} spans, {mean:.2f} keys each")  # noqa: T201
    assert mean <= 8


def test_a_sentence_takes_no_more_than_three_keys(page: Page, cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.ada)
    desk = open_desk(page, cast, make_article("One is here. Two is there. Three is gone.\nFour is back."))
    desk.press("s", "1", "s", "2", "s", "s", "3")
    desk.saved()
    assert desk.stored() == [("CLAIM", "One is here"), ("ACTOR", "Two is there"), ("STANCE", "Four is back")]
