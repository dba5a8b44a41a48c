"""Figures of one question: of the label, or of an attribute, over the spans or relations that were matched. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import combinations
from typing import Any, Final

from annotator.agreement.figures import Aspect, Figure
from annotator.agreement.measures.alpha import alpha_interval, alpha_nominal, alpha_ordinal, alpha_per_value
from annotator.agreement.measures.coding import Coding, coded
from annotator.agreement.measures.kappa import cohen, fleiss, observed_agreement, scott
from annotator.agreement.measures.result import Measure
from annotator.agreement.parts import LABEL, Code, Codes, Part, Question
from annotator.agreement.scheme import Scheme
from annotator.schema.codebook import Attribute


def _number(code: Code) -> float | None:
    return float(code) if isinstance(code, int | float) else None


def _day(code: Code) -> int | None:
    try:
        return date.fromisoformat(str(code)).toordinal()
    except ValueError:
        return None


DISTANT: Final[Mapping[str, Callable[[Code], float | None]]] = {"number": _number, "date": _day}
"""Kinds of attribute whose answers have distances: from an answer to the number that stands for it.

None for what an older version of the codebook asked otherwise.
"""


class Coded:
    """The units of one question over some articles, as the measures take them: units × slots."""

    def __init__(self, parts: Sequence[Part], question: Question) -> None:
        self.question = question
        width = max((len(part.coders) for part in parts), default=0)
        units = [(home, codes) for home, part in enumerate(parts) for _, codes in part.answers.get(question, ())]
        self.homes = [home for home, _ in units]
        self.codes: list[Codes] = [codes + (None,) * (width - len(codes)) for _, codes in units]
        self.coding = coded(self.codes, articles=self.homes)
        # Slots do not tell who a coder is, so those who gave an answer are gathered from the articles.
        self.coders = len({coder for part in parts for coder in part.answering.get(question, ())})

    @property
    def aspect(self) -> Aspect:
        return "label" if self.question == LABEL else "attributes"

    def figure(self, key: str, coefficient: Callable[[Coding], Measure]) -> Figure:
        return self._figure(key, coefficient(self.coding))

    def figure_of_numbers(
        self, key: str, coefficient: Callable[..., Measure], number: Callable[[Any], float | None]
    ) -> Figure:
        """number: from an answer to the rank or number that stands for it, None to leave it out."""
        codes = [tuple(None if code is None else number(code) for code in unit) for unit in self.codes]
        return self._figure(key, coefficient(codes, articles=self.homes))

    def _figure(self, key: str, measure: Measure) -> Figure:
        return Figure(self.aspect, self.question.dotted, key, replace(measure, coders=self.coders))

    @property
    def is_of_two(self) -> bool:
        return self.coding.table.shape[1] == 2 and self.coders == 2

    def values(self, scheme: Scheme) -> tuple[Figure, ...]:
        """Alpha of each answer against the others, in the order in which the codebook names them."""
        found = alpha_per_value(self.coding)
        return tuple(
            replace(self._figure("alpha_value", found[code]), value=str(code))
            for code in sorted(self.coding.values, key=partial(scheme.place, self.question))
        )

    def met(self) -> Mapping[tuple[Code, Code], int]:
        """How often which answers of two coders met, in the order of their slots."""
        found = Counter[tuple[Code, Code]]()
        for unit in self.codes:
            found.update(combinations([code for code in unit if code is not None], 2))
        return found


def figures_of(answers: Coded, asked: Attribute | None = None) -> tuple[Figure, ...]:
    """Krippendorff's alpha; where answers have distances or ranks, the alpha that minds these comes first.

    asked: None for the label.
    """
    if asked and asked.kind in DISTANT:
        return (answers.figure_of_numbers("alpha_interval", alpha_interval, DISTANT[asked.kind]),)
    nominal = answers.figure("alpha_nominal", alpha_nominal)
    if asked and asked.ranks:
        return answers.figure_of_numbers("alpha_ordinal", alpha_ordinal, asked.ranks.get), nominal
    return (nominal,)


def more_figures(answers: Coded) -> tuple[Figure, ...]:
    """Other coefficients of the same units, for comparison with reports that give those."""
    chosen: dict[str, Callable[[Coding], Measure]] = {"fleiss": fleiss}
    if answers.is_of_two:
        chosen = {"cohen": cohen, "scott": scott}
    return tuple(answers.figure(key, each) for key, each in {**chosen, "percent": observed_agreement}.items())


@dataclass(frozen=True)
class Detail:
    """One question looked at closely. values: alpha of each answer; met: how often which answers met."""

    question: Question
    figures: tuple[Figure, ...]
    values: tuple[Figure, ...]
    met: Mapping[tuple[Code, Code], int]


def detail(parts: Sequence[Part], question: Question, scheme: Scheme) -> Detail:
    answers, asked = Coded(parts, question), scheme.asked[question]
    distant = asked.kind in DISTANT
    return Detail(
        question=question,
        figures=(*figures_of(answers, asked), *(() if distant else more_figures(answers))),
        values=() if distant else answers.values(scheme),
        met=answers.met(),
    )
