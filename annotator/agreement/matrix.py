"""The table of which answers met, each cell with the address of the spans behind it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.agreement.cells import NOTHING
from annotator.agreement.links import Links
from annotator.agreement.parts import LABEL, Code, Question
from annotator.agreement.pictures import shade
from annotator.agreement.study import Study


@dataclass(frozen=True)
class Cell:
    """shade: 0 to 6. Empty `link`: nothing is behind it."""

    count: int
    shade: int
    is_same: bool
    link: str
    words: str


@dataclass(frozen=True)
class MatrixRow:
    """None for cells of a half that stays empty."""

    name: str
    colour: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Matrix:
    """Which answers met. columns: names and colours. first, second: whose answers rows and columns are, empty where
    either answer may be either reader's."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[MatrixRow, ...]
    first: str = ""
    second: str = ""


class MatrixMaker:
    """Rows and columns in the order of the codebook; None, for no span, last."""

    def __init__(self, study: Study, question: Question, met: Mapping[tuple[Any, Any], int]) -> None:
        self.study, self.question, self.scheme, self.links = study, question, study.scheme, Links(study)
        self.met = met if study.pair else self._folded(met)
        self.codes = sorted({code for pair in self.met for code in pair}, key=self._place)
        self.most = {same: self._most(same) for same in (True, False)}

    def matrix(self) -> Matrix:
        first, second = (self.study.called(coder) for coder in self.study.pair) if self.study.pair else ("", "")
        rows = (
            MatrixRow(self.said(one), self._colour(one), tuple(self._cell(one, other) for other in self.codes))
            for one in self.codes
        )
        columns = tuple((self.said(code), self._colour(code)) for code in self.codes)
        return Matrix(columns, tuple(line for line in rows if any(line.cells)), first, second)

    def link(self, one: Code | None, other: Code | None) -> str:
        codes = {"one": NOTHING if one is None else str(one), "other": NOTHING if other is None else str(other)}
        if self.question == LABEL:
            return self.links.spans(kind="label", **codes)
        return self.links.spans(kind="answer", of=self.question.dotted, **codes)

    def said(self, code: Code | None) -> str:
        return "not marked" if code is None else self.scheme.said(self.question, code)

    def _folded(self, met: Mapping[tuple[Any, Any], int]) -> Mapping[tuple[Any, Any], int]:
        """With more than two readers it means nothing which of two said what: the same two answers count together."""
        folded = Counter[tuple[Any, Any]]()
        for pair, count in met.items():
            one, other = sorted(pair, key=self._place)
            folded[one, other] += count
        return folded

    def _cell(self, one: Code | None, other: Code | None) -> Cell | None:
        count, is_same = self.met.get((one, other), 0), one == other
        below = self.study.pair is None and self._place(other) < self._place(one)
        if below or (is_same and one is None):
            return None
        words = f"{self.said(one)} and {self.said(other)}: {count}"
        return Cell(count, shade(count, self.most[is_same]), is_same, self.link(one, other) if count else "", words)

    def _most(self, same: bool) -> int:
        return max((count for (one, other), count in self.met.items() if (one == other) == same), default=0)

    def _place(self, code: Code | None) -> tuple[int, int, str]:
        return (3, 0, "") if code is None else self.scheme.place(self.question, code)

    def _colour(self, code: Code | None) -> str:
        return self.scheme.colour(str(code)) if self.question == LABEL and code is not None else ""
