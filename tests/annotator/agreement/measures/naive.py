"""The measures once more, slowly and straight from their definitions, to check the fast ones against.

Nothing here shares code, or a way of counting, with what it checks: units of coding are compared pair by pair,
texts character by character, matchings by trying all of them.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import permutations, product

import numpy as np

from annotator.agreement.measures.marks import Mark, ReadArticle

Difference = Callable[[Hashable, Hashable], float]
Unit = tuple[int, int, str]
Character = tuple[Hashable, Hashable, float]
"""Value, the unit that the character may not be paired with, weight."""

GAP = ""


def pairable(codes: Sequence[Sequence[Hashable | None]]) -> list[list[Hashable]]:
    units = [[code for code in row if code is not None] for row in codes]
    return [unit for unit in units if len(unit) >= 2]


def alpha(codes: Sequence[Sequence[Hashable | None]], difference: Difference) -> float:
    """1 - mean squared difference within units / mean squared difference over all pairs of values."""
    units = pairable(codes)
    values = [value for unit in units for value in unit]
    within = 0.0
    for unit in units:
        for one, other in _two(len(unit)):
            within += difference(unit[one], unit[other]) / (len(unit) - 1)
    overall = sum(difference(values[one], values[other]) for one, other in _two(len(values)))
    return 1 - (within / len(values)) / (overall / (len(values) * (len(values) - 1)))


def nominal(one: Hashable, other: Hashable) -> float:
    return float(one != other)


def squared(one: Hashable, other: Hashable) -> float:
    assert isinstance(one, int | float) and isinstance(other, int | float)
    return float((one - other) ** 2)


def ordinal(codes: Sequence[Sequence[Hashable | None]]) -> Difference:
    """The squared sum of frequencies from one rank to the other, the two ends counting half."""
    values = [value for unit in pairable(codes) for value in unit if isinstance(value, int)]

    def difference(one: Hashable, other: Hashable) -> float:
        assert isinstance(one, int) and isinstance(other, int)
        low, high = min(one, other), max(one, other)
        between = sum(low <= value <= high for value in values)
        return (between - (values.count(low) + values.count(high)) / 2) ** 2 if low != high else 0.0

    return difference


def cohen(codes: Sequence[Sequence[Hashable | None]]) -> float:
    units = pairable(codes)
    observed = sum(one == other for one, other in units) / len(units)
    expected = sum(one == other for (one, _), (_, other) in product(units, units)) / len(units) ** 2
    return (observed - expected) / (1 - expected)


def pi(codes: Sequence[Sequence[Hashable | None]]) -> float:
    """Scott's pi, and Fleiss' kappa where all units have the same number of codes."""
    units = pairable(codes)
    values = [value for unit in units for value in unit]
    agreeing = [unit[one] == unit[other] for unit in units for one, other in _two(len(unit))]
    observed = sum(agreeing) / len(agreeing)
    expected = sum(one == other for one, other in product(values, values)) / len(values) ** 2
    return (observed - expected) / (1 - expected)


def alpha_u(articles: Sequence[ReadArticle]) -> float:
    """Every character of every coder, paired with every other one that is not of the same unit."""
    return _unitized(articles, lambda label: label)


def alpha_found(articles: Sequence[ReadArticle]) -> float:
    return _unitized(articles, lambda label: "marked")


def alpha_of_label(articles: Sequence[ReadArticle], wanted: str) -> float:
    return _unitized(articles, lambda label: wanted if label == wanted else GAP)


def alpha_cu(articles: Sequence[ReadArticle]) -> float:
    observed, characters = _shared(articles)
    expected = _chance(characters)
    return 1 - _unlike(observed) * sum(expected.values()) / (sum(observed.values()) * _unlike(expected))


def alpha_ku(articles: Sequence[ReadArticle], wanted: str) -> tuple[float, float]:
    """The alpha of one value, and the share of its text that another coder marked."""
    observed, characters = _shared(articles)
    expected = _chance(characters)
    shares = []
    for matrix in (observed, expected):
        row = {other: amount for (value, other), amount in matrix.items() if value == wanted}
        shares.append(sum(amount for other, amount in row.items() if other != wanted) / sum(row.values()))
    mine = sum(weight for value, _, weight in characters if value == wanted)
    labelled = sum(
        end - start
        for article in articles
        for marks in article.marks.values()
        for start, end, label in marks
        if label == wanted and len(article.marks) >= 2
    )
    return 1 - shares[0] / shares[1], mine / labelled


def best_overlap(first: Sequence[Mark], second: Sequence[Mark], *, same_label: bool) -> float:
    """The greatest sum of intersections over unions, found by trying every one-to-one matching."""
    few, many = sorted((list(set(first)), list(set(second))), key=len)
    many = [*many, *[None] * len(few)]  # type: ignore[list-item]
    return max(
        sum(_overlap(one, other, same_label) for one, other in zip(few, chosen, strict=False))
        for chosen in permutations(many, len(few))
    )


def _overlap(one: Mark, other: Mark | None, same_label: bool) -> float:
    if other is None or (same_label and one[2] != other[2]):
        return 0.0
    ours, theirs = set(range(one[0], one[1])), set(range(other[0], other[1]))
    return len(ours & theirs) / len(ours | theirs)


def _two(size: int) -> Iterator[tuple[int, int]]:
    return ((one, other) for one, other in product(range(size), repeat=2) if one != other)


def _unitized(articles: Sequence[ReadArticle], value: Callable[[str], str]) -> float:
    observed: dict[tuple[Hashable, Hashable], float] = defaultdict(float)
    characters: list[Character] = []
    for number, article in enumerate(articles):
        if len(article.marks) < 2:
            continue
        painted = [_painted(article.length, marks, value) for marks in article.marks.values()]
        for one, other in _two(len(painted)):
            for (mine, _), (theirs, _) in zip(painted[one], painted[other], strict=True):
                observed[mine, theirs] += 1 / (len(painted) - 1)
        characters.extend(
            (label, (number, coder, unit), 1.0) for coder, text in enumerate(painted) for label, unit in text
        )
    expected = _chance(characters)
    total = sum(observed.values())
    return 1 - _unlike(observed) * sum(expected.values()) / (total * _unlike(expected))


def _shared(
    articles: Sequence[ReadArticle],
) -> tuple[dict[tuple[Hashable, Hashable], float], list[Character]]:
    """Coincidences of labels where two marked, and characters weighted by the share of others who marked."""
    observed: dict[tuple[Hashable, Hashable], float] = defaultdict(float)
    characters: list[Character] = []
    for number, article in enumerate(articles):
        painted = [_painted(article.length, marks, str) for marks in article.marks.values()]
        for one, other in _two(len(painted)):
            for (mine, unit), (theirs, _) in zip(painted[one], painted[other], strict=True):
                if GAP not in (mine, theirs):
                    observed[mine, theirs] += 1 / (len(painted) - 1)
                    characters.append((mine, (number, one, unit), 1 / (len(painted) - 1)))
    return observed, characters


def _painted(length: int, marks: Sequence[Mark], value: Callable[[str], str]) -> list[tuple[str, Hashable]]:
    """For every character its label, and the name of its unit; a gap is a unit of one character each."""
    text: list[tuple[str, Hashable]] = [(GAP, ("gap", place)) for place in range(length)]
    for unit, (start, end, label) in enumerate(marks):
        for place in range(start, end):
            if value(label) != GAP:
                assert text[place][0] == GAP, "this slow way knows no overlaps within one coder"
                text[place] = (value(label), unit)
    return text


def _chance(characters: Sequence[Character]) -> dict[tuple[Hashable, Hashable], float]:
    matrix: dict[tuple[Hashable, Hashable], float] = defaultdict(float)
    for mine, unit, weight in characters:
        for theirs, other, their_weight in characters:
            if unit != other:
                matrix[mine, theirs] += weight * their_weight
    return matrix


def _unlike(matrix: dict[tuple[Hashable, Hashable], float]) -> float:
    return sum(amount for (one, other), amount in matrix.items() if one != other)


def interval_of(
    articles: Sequence[object], value: Callable[[Sequence[object]], float | None], *, draws: int, seed: int
) -> tuple[float, float]:
    """The percentile interval, had by computing the measure anew on every sample of articles."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        picked = random.integers(0, len(articles), size=len(articles))
        found.append(value([articles[index] for index in picked]))
    low, high = np.quantile([each for each in found if each is not None], (0.025, 0.975))
    return float(low), float(high)
