"""One text, its hash, its offsets and its parts. Pure.

Offsets are Unicode code points, half-open. Text is normalised once, at import, and never again.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256 as _sha256
from itertools import accumulate, pairwise
from typing import Literal

import regex

MAX_LENGTH = 2_000_000
"""The longest text we take, in code points."""

Direction = Literal["ltr", "rtl"]

# Plain `re` where a whole text is scanned for few characters: it is twice as fast.
_REMOVABLE = re.compile(r"\r(?=\n)|[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")
_FORBIDDEN = re.compile(r"[\x00\ud800-\udfff]")
_CONTROL_NAMES = {
    "\x07": "BELL", "\x08": "BACKSPACE", "\x0b": "LINE TABULATION", "\x0c": "FORM FEED", "\x1a": "SUBSTITUTE",
    "\x1b": "ESCAPE", "\x7f": "DELETE", "\x85": "NEXT LINE", "\ufeff": "BYTE ORDER MARK",
}  # fmt: skip
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)
_BLANK = regex.compile(r"[\s\p{Cc}\p{Cf}]*")
_SIGNATURES = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True)
class Place:
    """Where in a text or file: line from 1, offset from 0 (code points; bytes where bytes are at fault)."""

    line: int
    offset: int


class TextError(ValueError):
    """A text we do not take. `code` is a stable name, `message` a sentence, `place` where it went wrong."""

    def __init__(self, code: str, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place


@dataclass(frozen=True)
class OffsetMap:
    """Offsets in a raw text ↔ in the normalised one. `removed`: raw offsets of the characters taken out."""

    removed: tuple[int, ...]

    def to_text(self, raw: int) -> int:
        """A removed character has the offset of the one that follows it."""
        return raw - bisect_left(self.removed, raw)

    def to_raw(self, offset: int) -> int:
        """The raw offset of the character that stands at this offset of the text."""
        return offset + bisect_right(range(len(self.removed)), offset, key=lambda i: self.removed[i] - i)


@dataclass(frozen=True)
class Normalised:
    """`removed` says which control characters were taken out, by name, and how often."""

    text: str
    removed: Mapping[str, int]
    offsets: OffsetMap


def decode(data: bytes) -> str:
    """The characters of a file, strictly: UTF-8, or UTF-16 with a byte order mark. The mark is dropped.

    Raises TextError ("undecodable", "empty"); its place counts bytes.
    """
    encoding = next((name for mark, name in _SIGNATURES if data.startswith(mark)), "utf-8-sig")
    try:
        raw = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _undecodable(data, error, encoding.removesuffix("-sig").upper()) from None
    require_content(raw)
    return raw


def _undecodable(data: bytes, error: UnicodeDecodeError, encoding: str) -> TextError:
    # The utf-8-sig codec counts from behind the mark.
    offset = error.start + (len(data) - len(error.object))
    line = _line_after(error.object[: error.start].decode(encoding.lower()))
    tried = "UTF-8 (UTF-16 is read only with a byte order mark)" if encoding == "UTF-8" else encoding
    message = f"The bytes from byte {offset} on (line {line}) are not {encoding}. Tried: {tried}."
    return TextError("undecodable", message, Place(line, offset))


def _line_after(raw: str) -> int:
    return len(re.findall(r"\r\n?|\n", raw)) + 1


def require_content(text: str) -> None:
    """Raises TextError ("empty") when there is nothing in the text that a reader could see."""
    if _BLANK.fullmatch(text) and "\x00" not in text:
        raise TextError("empty", "There is no text in it: it is empty or holds white space only.")


def normalise(raw: str) -> Normalised:
    """Newlines become `\\n`; control characters other than `\\n` and `\\t` and a byte order mark in front go.

    Nothing else changes: no case, quotation mark, space or Unicode form.

    Raises TextError: "nul", "surrogate" (half a character), "too_long" (over MAX_LENGTH code points).
    """
    length = len(raw) - raw.count("\r\n")
    if length > MAX_LENGTH:
        raise TextError("too_long", f"The text has {length:,} characters; at most {MAX_LENGTH:,} are taken.")
    _refuse_forbidden(raw)
    removed = _removable(raw)
    starts = [0, *(offset + 1 for offset in removed)]
    kept = "".join(raw[start:end] for start, end in zip(starts, [*removed, len(raw)], strict=True))
    names = Counter(_control_name(raw[offset]) for offset in removed if raw[offset] != "\r")
    return Normalised(kept.replace("\r", "\n"), dict(sorted(names.items())), OffsetMap(tuple(removed)))


def _refuse_forbidden(raw: str) -> None:
    match = _FORBIDDEN.search(raw)
    if match is None:
        return
    offset = match.start()
    place = Place(_line_after(raw[:offset]), offset)
    where = f"(line {place.line}, offset {offset})"
    if match[0] == "\x00":
        hint = "UTF-16 is read only with a byte order mark"
        raise TextError("nul", f"There is a NUL character {where}; {hint}.", place)
    raise TextError("surrogate", f"There is half a character, U+{ord(match[0]):04X}, {where}.", place)


def _removable(raw: str) -> list[int]:
    """U+FEFF is a byte order mark only where nothing but removed characters stands before it."""
    removed: list[int] = []
    for match in _REMOVABLE.finditer(raw):
        if match[0] != "\ufeff" or match.start() == len(removed):
            removed.append(match.start())
    return removed


def _control_name(character: str) -> str:
    return f"U+{ord(character):04X} {_CONTROL_NAMES.get(character, 'CONTROL CHARACTER')}"


def sha256(text: str) -> str:
    """Hex digest of the text in UTF-8."""
    return _sha256(text.encode()).hexdigest()


def length(text: str) -> int:
    """In code points, as every offset."""
    return len(text)


def invisible_characters(text: str) -> dict[str, int]:
    """Zero-width characters, direction controls, soft hyphens, by Unicode name: kept, but worth a warning."""
    found = Counter(_INVISIBLE.findall(text))
    names = {character: unicodedata.name(character, f"U+{ord(character):04X}") for character in sorted(found)}
    return {name: found[character] for character, name in names.items()}


def direction(text: str) -> Direction:
    """The direction in which most lines begin, by their first strong character; in doubt left to right."""
    votes = Counter(_first_strong(text[start:end]) for start, end in lines(text))
    return "rtl" if votes["rtl"] > votes["ltr"] else "ltr"


def _first_strong(line: str) -> Direction | None:
    for character in line:
        bidi_class = unicodedata.bidirectional(character)
        if bidi_class in ("L", "R", "AL"):
            return "ltr" if bidi_class == "L" else "rtl"
    return None


def to_utf16(text: str, offset: int) -> int:
    """Code points → UTF-16 units. Raises ValueError outside the text."""
    if not 0 <= offset <= len(text):
        raise ValueError(f"offset {offset} is outside the text of {len(text)} code points")
    return len(text[:offset].encode("utf-16-le")) // 2


def from_utf16(text: str, offset: int) -> int:
    """UTF-16 units → code points. Raises ValueError outside the text and inside a surrogate pair."""
    units = text.encode("utf-16-le")
    if not 0 <= 2 * offset <= len(units):
        raise ValueError(f"offset {offset} is outside the text of {len(units) // 2} UTF-16 units")
    try:
        return len(units[: 2 * offset].decode("utf-16-le"))
    except UnicodeDecodeError:
        raise ValueError(f"offset {offset} is inside a surrogate pair") from None


def lines(text: str) -> list[tuple[int, int]]:
    """`[start, end)` of each line, without its newline; a text without newlines is one line."""
    ends = list(accumulate(text.split("\n"), lambda end, line: end + 1 + len(line), initial=-1))
    return [(before + 1, end) for before, end in pairwise(ends)]


_WORD_EDGE = regex.compile(r"(?w)\b")
_WORD = regex.compile(r"\w")


def words(text: str) -> list[tuple[int, int]]:
    """`[start, end)` of each word, by the default word boundaries of Unicode (UAX #29); punctuation is none.

    Apostrophes and the dots and commas inside numbers belong to the word, hyphens part it.
    Scripts without spaces come out in single characters.
    """
    edges = [match.start() for match in _WORD_EDGE.finditer(text)]
    return [(start, end) for start, end in pairwise(edges) if _WORD.search(text, start, end)]


# Possessive throughout: a text of full stops only must not take quadratic time.
_SENTENCE_END = regex.compile(r"[\p{STerm}…]++([\p{Pe}\p{Pf}\"']*+)(\s?)")
_WITHOUT_SPACES = frozenset("\u3002\uff01\uff1f\uff61")
"""The full stop, exclamation and question mark of scripts that put no space behind them."""
_LAST_TOKEN = regex.compile(r"[\p{L}\p{M}.]*\Z")
_NEXT_WORD = regex.compile(r"\s++[\p{Pi}\p{Ps}\p{Pd}\"'¿¡]*+(\w++)")
_BEFORE_A_NAME = regex.compile(
    r"mr|mrs|ms|mx|dr|prof|st|mt|gen|sen|rep|gov|lt|col|capt|cpl|sgt|maj|adm|cmdr|pres|hon|rev|messrs|mme|mlle|hr"
    r"|cf|vs|v|e\.g|i\.e|viz|ca|approx|bzw|z\.b|d\.h",
    regex.IGNORECASE,
)
"""Abbreviations that want a word after them."""
_BEFORE_A_NUMBER = regex.compile(
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|nos?|vol|fig|pp?|art", regex.IGNORECASE
)
_SOMETIMES_LAST = regex.compile(r"\p{Lu}|\p{L}(?:\.\p{L})+|(?i:inc|ltd|co|corp|jr|sr|bros|etc|al|ave|blvd|rd|dept)")
"""Initials, letters with stops and abbreviations that can end a sentence."""
_OPENER = regex.compile(
    r"the|an?|this|that|these|those|he|she|it|they|we|i|you|his|her|its|their|our|my|in|on|at|for|from|by|with|to|of"
    r"|but|and|or|so|yet|as|if|when|while|after|before|since|because|although|however|meanwhile|still|there|here"
    r"|what|who|why|how|no|not|now|then|also|both|each|some|many|most|all",
    regex.IGNORECASE,
)
"""Words whose capital, after such an abbreviation, shows that a sentence begins."""


def sentences(text: str) -> list[tuple[int, int]]:
    """`[start, end)` of each sentence, without the white space around it; none crosses a newline.

    Closing quotation marks belong to the sentence before them. "Mr.", "Oct. 8" and "U.S." do not end one
    by themselves.
    """
    found: list[tuple[int, int]] = []
    for start, end in lines(text):
        ends = _SENTENCE_END.finditer(text, start, end)
        cuts = [start, *(match.end(1) for match in ends if _ends_sentence(text, match)), end]
        found.extend(_trimmed(text, *pair) for pair in pairwise(cuts))
    return [(start, end) for start, end in found if start < end]


def _ends_sentence(text: str, match: regex.Match[str]) -> bool:
    """Whether a full stop with its closing marks and the white space behind them (if any) ends a sentence."""
    stop = match.start()
    if not match[2]:
        return text[match.start(1) - 1] in _WITHOUT_SPACES and not match[1]
    following = _NEXT_WORD.match(text, match.end(1))
    word = following[1] if following else ""
    if word[:1].islower():
        return False
    if text[stop : match.start(1)] != ".":
        return True
    token = _LAST_TOKEN.search(text, max(0, stop - 12), stop)
    return _may_end_with(token[0] if token else "", word)


def _may_end_with(token: str, next_word: str) -> bool:
    if _BEFORE_A_NAME.fullmatch(token):
        return False
    if _BEFORE_A_NUMBER.fullmatch(token):
        return not next_word[:1].isdigit()
    if _SOMETIMES_LAST.fullmatch(token):
        return _OPENER.fullmatch(next_word) is not None
    return True


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
