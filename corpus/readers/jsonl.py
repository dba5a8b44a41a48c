"""Prepared articles, one JSON object a line → drafts. Pure.

A line holds `text` and, as far as known, `title`, `deck`, `byline`, `published_on` (ISO date), `outlet`,
`language` (BCP 47) and `regions` (`start`, `end`, `kind`; code points of `text` as given). Nothing is guessed
but the language. A line that is wrong is refused by itself; the others go on.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from corpus import text as texts
from corpus.drafts import (
    MAX_FACT_LENGTHS,
    REGION_KINDS,
    ArticleDraft,
    Fact,
    Refusal,
    Region,
    RegionKind,
    covering,
)
from corpus.readers import language, notes

KEYS = ("text", "title", "deck", "byline", "published_on", "outlet", "language", "regions")
_REGION_KEYS = {"start", "end", "kind"}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_MARK = b"\xef\xbb\xbf"


def read(lines: Iterable[bytes], name: str) -> Iterator[ArticleDraft | Refusal]:
    """One answer for each line that is not blank, in order and in constant memory. `name`: of the file."""
    offset = 0
    for number, line in enumerate(lines, start=1):
        end = offset + len(line)
        content = line.removeprefix(_MARK) if number == 1 else line
        if content.strip():
            try:
                yield _draft(_object(content.rstrip()), offset, end)
            except texts.TextError as error:
                yield Refusal(name, number, error.code, error.message)
        offset = end


def _object(line: bytes) -> dict[str, Any]:
    try:
        data = json.loads(line.decode(), object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        message = f"The line is not UTF-8 from its byte {error.start} on. Tried: UTF-8."
        raise texts.TextError("undecodable", message) from None
    except json.JSONDecodeError as error:
        raise texts.TextError("malformed", f"The line is not JSON: {error.msg}, column {error.colno}.") from None
    except RecursionError:
        raise texts.TextError("too_deep", "The line nests lists or objects too deeply.") from None
    except ValueError as error:
        if isinstance(error, texts.TextError):
            raise
        raise texts.TextError("malformed", "The line holds a number that is too long.") from None
    if not isinstance(data, dict):
        raise texts.TextError("malformed", "The line is not a JSON object.")
    return data


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise texts.TextError("duplicate_key", f"The key {json.dumps(twice)} stands there twice.")
    return data


def _no_constant(name: str) -> Any:
    raise texts.TextError("malformed", f"{name} is no JSON.")


def _draft(data: dict[str, Any], start: int, end: int) -> ArticleDraft:
    _refuse_unknown(data, KEYS)
    raw = data.get("text")
    if not isinstance(raw, str):
        raise texts.TextError("no_text", 'The key "text" is missing, or is no string.')
    normalised = texts.normalise(raw)
    texts.require_content(normalised.text)
    facts = {key: _fact(data, key) for key in ("title", "deck", "byline", "outlet")}
    regions = _regions(data.get("regions"), raw, normalised) or _lines(normalised.text, facts)
    placed = {key: _placed(fact, key, regions, normalised.text) for key, fact in facts.items()}
    published_on = _published_on(data)
    tag = _language(data) or language.guess(normalised.text)
    return ArticleDraft(
        text=normalised.text,
        source_start=start,
        source_end=end,
        **placed,
        published_on=published_on,
        language=tag,
        direction=texts.direction(normalised.text),
        regions=covering(normalised.text, regions),
        notes=(*notes.on_file(1, 1, normalised.removed), *notes.on_text(normalised.text, tag)),
    )


def _refuse_unknown(data: dict[str, Any], known: Iterable[str]) -> None:
    unknown = sorted(set(data) - set(known))
    if unknown:
        names = ", ".join(json.dumps(key) for key in unknown[:5])
        message = f"Not known here: {names}. Known: {', '.join(sorted(known))}."
        raise texts.TextError("unknown_key", message)


def _fact(data: dict[str, Any], key: str) -> Fact | None:
    """None when the key is missing, null or blank: then the file does not state it."""
    value = _string(data, key)
    limit = MAX_FACT_LENGTHS.get(key)
    if limit is not None and len(value) > limit:
        raise texts.TextError("too_long", f'"{key}" has {len(value):,} characters; at most {limit:,} are taken.')
    return Fact(value) if value else None


def _string(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise texts.TextError("wrong_type", f'"{key}" is no string.')
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise texts.TextError("control_character", f'"{key}" holds a line break, a control or half a character.')
    return value.strip()


def _published_on(data: dict[str, Any]) -> Fact | None:
    value = _string(data, "published_on")
    if not value:
        return None
    try:
        if not _ISO_DATE.fullmatch(value):
            raise ValueError
        return Fact(date.fromisoformat(value).isoformat())
    except ValueError:
        message = f'"published_on" is no date of the form 2024-11-10: {json.dumps(value[:40])}.'
        raise texts.TextError("bad_date", message) from None


def _language(data: dict[str, Any]) -> str:
    value = _string(data, "language")
    if value and not _LANGUAGE_TAG.fullmatch(value):
        message = f'"language" is no tag such as en or pt-BR: {json.dumps(value[:40])}.'
        raise texts.TextError("bad_language", message)
    return value


def _regions(given: Any, raw: str, normalised: texts.Normalised) -> list[Region]:
    """The regions as given, in offsets of the normalised text."""
    if given is None:
        return []
    if not isinstance(given, list):
        raise _bad_region('"regions" is no list.')
    regions = [_region(item, number, len(raw)) for number, item in enumerate(given, start=1)]
    to_text = normalised.offsets.to_text
    mapped = [replace(region, start=to_text(region.start), end=to_text(region.end)) for region in regions]
    _refuse_misplaced(mapped, normalised.text)
    return mapped


def _region(item: Any, number: int, length: int) -> Region:
    if not isinstance(item, dict) or set(item) != _REGION_KEYS:
        raise _bad_region(f"Region {number} is no object with exactly the keys start, end and kind.")
    start, end, kind = item["start"], item["end"], item["kind"]
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
        raise _bad_region(f"Region {number} does not begin before it ends, within the text.")
    if kind not in REGION_KINDS:
        raise _bad_region(f"Region {number} is of no known kind. Known: {', '.join(REGION_KINDS)}.")
    return Region(start, end, kind)


def _refuse_misplaced(regions: Sequence[Region], text: str) -> None:
    position = 0
    for number, region in enumerate(regions, start=1):
        if region.start < position:
            raise _bad_region(f"Region {number} begins before the one above it ends.")
        if not text[region.start : region.end] or "\n" in text[region.start : region.end]:
            raise _bad_region(f"Region {number} is empty or holds a line break.")
        position = region.end


def _bad_region(message: str) -> texts.TextError:
    return texts.TextError("bad_region", message)


def _lines(text: str, facts: dict[str, Fact | None]) -> list[Region]:
    """Every line is body, but for the first where they repeat the given title and deck."""
    regions = list(covering(text, ()))
    kinds: tuple[RegionKind, ...] = ("title", "deck")
    given = [(kind, fact.value) for kind in kinds if (fact := facts[kind])]
    for index, (kind, value) in enumerate(given[: len(regions) - 1]):
        region = regions[index]
        if text[region.start : region.end] != value:
            break
        regions[index] = replace(region, kind=kind)
    return regions


def _placed(fact: Fact | None, kind: str, regions: Sequence[Region], text: str) -> Fact | None:
    """The fact with its place, when a region of its kind says just that."""
    if fact is None:
        return None
    same = (r for r in regions if r.kind == kind and text[r.start : r.end] == fact.value)
    region = next(same, None)
    return replace(fact, start=region.start, end=region.end) if region else fact
