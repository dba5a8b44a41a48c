"""Figures: a number of the agreement page with its name, what it compares and how to read it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from annotator.agreement.measures.result import Measure, reading

Aspect: TypeAlias = Literal["found", "boundary", "label", "attributes", "relations"]
Scale: TypeAlias = Literal["chance", "share"]

CHANCE: Final = "chance"
SHARE: Final = "share"

PARTNER: Final = "{hundredth} of 100 spans were marked by both."

DRAWN: Final = "{hundredth} of 100 relations were drawn by both."

EDGES: Final = "{hundredth} of 100 pairs "
FEW: Final = 20
"""Units below which a coefficient may turn with a single answer."""

KINDS: Final[dict[str, tuple[str, str, Scale, str]]] = {
    "f1_exact": ("F1, same edges", "Spans with the same start, end and label.", SHARE, PARTNER),
    "f1_half": ("F1, half shared", "Spans of one label that share half of what they cover together.", SHARE, PARTNER),
    "f1_touching": ("F1, any overlap", "Spans of one label that share a character.", SHARE, PARTNER),
    "alpha_u": ("uα", "Where units are and what they are called, character by character.", CHANCE, ""),
    "alpha_found": ("|uα", "Marked or not, whatever the label, character by character.", CHANCE, ""),
    "alpha_cu": ("cuα", "Which label, where two readers marked something.", CHANCE, ""),
    "alpha_ku": ("(k)uα", "This label or another, where two readers marked something.", CHANCE, ""),
    "same_edges": ("Same edges", "Matched spans of one label, both edges.", SHARE, EDGES + "start and end alike."),
    "same_start": ("Same start", "Matched spans of one label, their starts.", SHARE, EDGES + "start alike."),
    "same_end": ("Same end", "Matched spans of one label, their ends.", SHARE, EDGES + "end alike."),
    "alpha_nominal": ("Krippendorff’s α", "Answers as they are, without an order.", CHANCE, ""),
    "alpha_ordinal": ("Krippendorff’s α, ordinal", "By rank: the further apart, the worse.", CHANCE, ""),
    "alpha_interval": ("Krippendorff’s α, interval", "By distance: the further apart, the worse.", CHANCE, ""),
    "alpha_value": ("α of one answer", "This answer against all the others.", CHANCE, ""),
    "fleiss": ("Fleiss’ κ", "Units to which equally many readers gave an answer.", CHANCE, ""),
    "cohen": ("Cohen’s κ", "Two readers, chance from each one’s own habits.", CHANCE, ""),
    "scott": ("Scott’s π", "Two readers, chance from the habits of both together.", CHANCE, ""),
    "percent": ("Same answer", "Not corrected for chance.", SHARE, "{hundredth} of 100 pairs of answers are alike."),
    "f1_relations": ("F1 of relations", "Relations whose two ends both readers marked.", SHARE, DRAWN),
}  # fmt: skip
"""By key: the name, what is compared, the scale, and for shares how to read one."""


JOINED = ("alpha_u", "alpha_found", "alpha_cu", "alpha_ku")
UNITS: Final[Mapping[Aspect, str]] = {
    "found": "spans", "boundary": "pairs", "label": "matched", "attributes": "matched", "relations": "relations",
}  # fmt: skip
"""What was compared, by aspect: spans of all readers, pairs of these, groups of matched spans or relations."""

LEFT_OUT: Final[Mapping[Aspect, str]] = {
    "found": "articles that two of them did not both read",
    "boundary": "pairs under two labels",
    "label": "without a second answer",
    "attributes": "without a second answer",
    "relations": "with an end that only one reader marked",
}
"""What could not be compared, by aspect."""


@dataclass(frozen=True)
class Figure:
    """One number of the page.

    aspect: what it is about; of: the label, type of relation or question (its two parts joined by a dot) it is
    about, empty for all; key: which coefficient, one of KINDS; value: the answer, where it is about a single one.
    """

    aspect: Aspect
    of: str
    key: str
    measure: Measure
    value: str = ""

    @property
    def name(self) -> str:
        return KINDS[self.key][0]

    @property
    def about(self) -> str:
        return KINDS[self.key][1]

    @property
    def scale(self) -> Scale:
        """CHANCE for coefficients corrected for chance, which have bands; SHARE for shares of 1, which have none."""
        return KINDS[self.key][2]

    @property
    def unit(self) -> str:
        """What its units are: alphas of unitizing count spans after those that overlap are joined."""
        return "joined spans" if self.key in JOINED else UNITS[self.aspect]

    @property
    def left_out(self) -> str:
        return LEFT_OUT[self.aspect]

    @property
    def shown(self) -> str:
        """The number as it is printed and judged, to three digits."""
        return "–" if self.measure.value is None else printed(self.measure.value)

    @property
    def how(self) -> str:
        """How to read it, in plain words."""
        value = self.measure.value
        if value is None:
            return f"{str(self.measure.reason).capitalize()}."
        if self.scale == CHANCE:
            few = 0 < self.measure.units < FEW
            return f"{reading(value)} But only {self.measure.units} were compared." if few else reading(value)
        return KINDS[self.key][3].format(hundredth=round(100 * value))


def printed(value: float) -> str:
    """To three digits, with a real minus; what rounds to nought has none."""
    return f"{value:.3f}".replace("-0.000", "0.000").replace("-", "−")


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def with_notes(measure: Measure, *notes: str, coders: int | None = None) -> Measure:
    """The measure with more to say beside it, or with the number of coders it cannot know itself."""
    return replace(measure, notes=(*measure.notes, *notes), coders=measure.coders if coders is None else coders)
