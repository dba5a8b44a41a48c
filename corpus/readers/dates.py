"""Dates as newspapers write them → ISO dates. Pure; knows no clock, so "yesterday" is no date."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = (
    ("january jan januar janvier enero ene", 1),
    ("february feb februar février fevrier febrero", 2),
    ("march mar märz maerz mars marzo", 3),
    ("april apr avril abril abr", 4),
    ("may mai mayo", 5),
    ("june jun juni juin junio", 6),
    ("july jul juli juillet julio", 7),
    ("august aug août aout agosto ago", 8),
    ("september sep sept septembre septiembre", 9),
    ("october oct oktober okt octobre octubre", 10),
    ("november nov novembre noviembre", 11),
    ("december dec dezember dez décembre decembre diciembre dic", 12),
)
_MONTH_NUMBERS = {name: number for names, number in _MONTHS for name in names.split()}
_MONTH = r"(?P<{}>" + "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True)) + r")\b\.?"
_DATE = re.compile(
    r"(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})(?!\d)"
    rf"|{_MONTH.format('m2')}\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{{4}})(?!\d)"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th|\.|er)?\s+(?:de\s+)?{_MONTH.format('m3')},?\s+(?:de\s+)?(?P<y3>\d{{4}})(?!\d)"
    r"|(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y4>\d{4})(?!\d)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:T|,?\s+(?:at\s+|um\s+|à\s+)?)\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\.\d+)?(?:\s?[ap]\.?m\.?)?"
    r"(?:\s?(?:Z|UTC|GMT|[A-Z]{2,4}T)\b|\s?[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_WEEKDAY_BEFORE = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
    r"|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo)\b\.?,?\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class DateFound:
    """start, end: the date; after: behind its time. iso is None where the figures fit two dates, or none."""

    iso: str | None
    start: int
    end: int
    after: int


def date_at(text: str, position: int) -> DateFound | None:
    """The date that stands at this offset, with or without a weekday before it."""
    weekday = _WEEKDAY_BEFORE.match(text, position)
    places = [position] if weekday is None else [position, weekday.end()]
    matches = (_DATE.match(text, place) for place in places)
    match = next((match for match in matches if match), None)
    if match is None:
        return None
    time = _TIME.match(text, match.end())
    return DateFound(_iso(match), match.start(), match.end(), time.end() if time else match.end())


def _iso(match: re.Match[str]) -> str | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    days = {day.isoformat() for day in _readings(parts)}
    return days.pop() if len(days) == 1 else None


def _readings(parts: dict[str, str]) -> Iterator[date]:
    if "a" in parts:
        orders = [(parts["a"], parts["b"]), (parts["b"], parts["a"])]
    else:
        orders = [next((parts[f"m{i}"], parts[f"d{i}"]) for i in "123" if f"m{i}" in parts)]
    year = int(next(value for key, value in parts.items() if key.startswith("y")))
    for month, day in orders:
        try:
            yield date(year, _MONTH_NUMBERS.get(month.lower()) or int(month), int(day))
        except ValueError:
            continue
