"""How long it takes to find 1,000 phrases in a text of 20,000 words, beside a loop of plain searches.

Run: .venv/bin/python -m tests.benchmarks.suggestions
The loop does less: it finds the places alone, without looking at word edges, labels or what is longer.
"""

import random
import statistics
from collections.abc import Callable
from time import perf_counter

from annotator.suggestions.matching import Phrase, fold, suggest

WORDS, PHRASES, RUNS = 20_000, 1_000, 5
LETTERS = "aeioulnrst"


def main() -> None:
    text, phrases = material(random.Random(1))
    known = [Phrase(words, "ACTOR") for words in phrases]
    found = suggest(text, known)
    ours, naive = medians(lambda: suggest(text, known), lambda: plain_search(text, phrases))
    print(
        f"{WORDS:,} words, {len(text):,} characters, {PHRASES:,} phrases, {len(plain_search(text, phrases)):,} places"
    )
    print(f"suggest: {ours * 1000:.1f} ms for {len(found)} suggestions")
    print(f"str.find: {naive * 1000:.1f} ms for the places alone ({naive / ours:.1f} times as long)")


def material(chance: random.Random) -> tuple[str, list[str]]:
    vocabulary = ["".join(chance.choices(LETTERS, k=chance.randint(3, 9))) for _ in range(4_000)]
    words = chance.choices(vocabulary, k=WORDS)
    starts = chance.sample(range(WORDS - 3), PHRASES)
    return " ".join(words), [" ".join(words[at : at + chance.randint(2, 3)]).title() for at in starts]


def plain_search(text: str, phrases: list[str]) -> list[tuple[int, int]]:
    folded, places = fold(text), []
    for phrase in map(fold, phrases):
        start = folded.find(phrase)
        while start >= 0:
            places.append((start, start + len(phrase)))
            start = folded.find(phrase, start + 1)
    return places


def medians(*calls: Callable[[], object]) -> list[float]:
    """Seconds of each call, the runs of all interleaved."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(RUNS):
        for call, spent in zip(calls, times, strict=True):
            begun = perf_counter()
            call()
            spent.append(perf_counter() - begun)
    return [statistics.median(spent) for spent in times]


if __name__ == "__main__":
    main()
