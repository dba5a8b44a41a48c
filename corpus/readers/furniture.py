"""Lines that say by their own words what they are: page furniture, captions, datelines, bylines. Pure.

Web pages saved as text carry much that is no part of the article. The words are those of English pages;
what they do not name is left to the shape of the page (`layout`).
"""

from dataclasses import dataclass

import regex

from corpus.readers.dates import DateFound, date_at

_LONGEST = 300
_SHORTEST_PARAGRAPH = 80
_LONGEST_NAME = 60
_WORDS_OF_AN_OUTLET = 8
_SITES = (
    r"(?:google\s+news|facebook|twitter|x|instagram|telegram|whatsapp|youtube|linkedin|threads|bluesky|"
    r"mastodon|tiktok|pinterest|flipboard)"
)
_WEEKDAYS = r"(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)(?:day|nesday|urday)?"
_OTHER_PAGES = r"(?:news|stories|articles|posts|headlines|topics)(?:\s+(?:of|in|from|on|about|for)\s.{1,40}|\s*:.*)?"
_FURNITURE = (
    r"avatar\s+(?:photo|image|picture)\b.*",
    rf"(?:please\s+)?(?:follow|join|like|find|connect\s+with)\s+\S+(?:\s\S+){{0,2}}\s+on\s+{_SITES}\b.{{0,40}}",
    r"(?:please\s+)?share\s+(?:on|via|this(?:\s+(?:post|article|story|page|news|on|via|with)\b.{0,60})?)",
    rf"(?:please\s+)?share\s+(?:on|via)\s+{_SITES}",
    rf"{_SITES[:-1]}|share|tweet|print|e-?mail|save|listen|bookmark|comments?|copy\s+link|subscribe|advertisement)",
    r"sponsored(?:\s+content)?|back\s+to\s+top|skip\s+to\s+(?:main\s+)?content|click\s+here\b.{0,40}",
    r"(?:post|leave)\s+a\s+(?:reply|comment)|your\s+e-?mail\s+address\s+will\s+not\s+be\s+published\b.*",
    r"required\s+fields\s+are\s+marked\b.*|save\s+my\s+name,\s+e-?mail\b.*|this\s+site\s+uses\s+\S+.*",
    rf"(?:more|other|latest|related|recommended|popular|trending)\s+{_OTHER_PAGES}",
    r"(?:read|see|watch)\s+(?:more|also|next)(?:\s*:.*)?|also\s+read\s*:.*",
    r"(?:sign\s+up|subscribe)\s+(?:for|to)\s.{0,60}\b(?:newsletters?|updates|alerts|channel)\b.{0,40}",
    rf"(?:{_WEEKDAYS}[\s|,.]*){{5,7}}|(?:[mtwfs]\s+){{6}}[mtwfs]",
    r"\d+\s+(?:comments?|shares?|views?|min(?:ute)?s?\s+read)",
    r"(?:tags?|categor(?:y|ies)|filed\s+under|keywords?)\s*:.*",
    r"(?:©|\(c\)|copyright\s*(?:©|\(c\)|\d{4})).*|.*\ball\s+rights\s+reserved\b.*",
    r"(?:(?:web\s*)?design(?:ed)?|developed|powered|hosted|built)(?:\s+(?:and|&)\s+develop(?:ed|ment))?\s+by\s.{1,60}",
    r"(?:web\s*)?design\s+(?:and|&)\s+development\b.{0,60}",
)
_BOILERPLATE = regex.compile("|".join(f"(?:{pattern})" for pattern in _FURNITURE), regex.IGNORECASE)
_TEXT_SIZE = regex.compile(r"(?:T\s*){2,4}|(?:A\s*[-+\u2212]?\s*){2,4}")
_AVATAR = regex.compile(r"avatar\s+(?:photo|image|picture)|author(?:\s+photo)?", regex.IGNORECASE)

_AGENCY = r"(?:AP|AFP|Reuters|REUTERS|EPA|EFE|dpa|DPA|UPI|TASS|Sputnik|Xinhua|Anadolu|ANI|PTI|Getty)"
_CREDIT = regex.compile(
    rf"(?P<before>.?)\s*\((?:[^()]{{0,40}}\b)?(?:{_AGENCY}|(?i:photos?|images?|picture|handout))\b[^()]{{0,40}}\)\Z"
)
_CAPTION_LABEL = regex.compile(r"(?:(?:file\s+)?photo|image|picture|caption)s?\s*[:|]|FILE\s+\p{Pd}\s", regex.I)

_NAME_WORD = r"\p{Lu}[\p{L}\p{M}.'\u2019-]*"
_PARTICLE = r"(?:al|bin|ibn|van|von|der|den|de|del|della|di|da|dos|la|le|el)"
_NAME = rf"{_NAME_WORD}(?:\s(?:{_PARTICLE}\s)*{_NAME_WORD}){{0,4}}"
_PERSON = regex.compile(rf"{_NAME_WORD}(?:\s(?:{_PARTICLE}\s)*{_NAME_WORD}){{1,4}}")
_BYLINE = regex.compile(
    rf"(?:(?:[Ww]ritten\s+)?[Bb][Yy]|[Vv]on|[Pp]ar|[Pp]or|(?i:authors?)\s*:)\s+"
    rf"(?P<names>{_NAME}(?:(?:,|\sand|\s&|\sund|\set|\sy)\s{_NAME})*)(?:\s*[,|\p{{Pd}}]\s.{{0,60}})?"
)

_PUBLISHED = r"(?:first\s+)?published|posted|publi(?:sh|cation)\s+date|issued|veröffentlicht|publié|publicado"
_UPDATED = r"(?:last\s+)?(?:updated?|modified)|aktualisiert|stand|mis\s+à\s+jour|actualizado"
_DATE_LABEL = regex.compile(
    rf"[^\w]*(?:(?P<published>{_PUBLISHED})|(?P<updated>{_UPDATED})|(?P<plain>date))?"
    r"(?(plain)|(?:\s+(?:time|date|on|at|am|le|el)\b)?)\s*[:|\p{Pd}]?\s*",
    regex.IGNORECASE,
)
_TEXT_FOLLOWS = regex.compile(r"\s*(?:[:|\p{Pd}]\s*)?(?=[\p{Lu}\p{Lt}\p{Lo}\p{N}\p{Pi}\"'])")
_NOTHING_FOLLOWS = regex.compile(r"[\s\p{P}\p{S}]*\Z")
_PLACE = regex.compile(
    r"(?P<place>\p{Lu}[\p{L} .'\u2019/-]{1,40}?(?:,\s\p{Lu}[\p{L} .'\u2019-]{1,30}?)?)"
    rf"(?:,\s(?P<date>\p{{Lu}}\p{{L}}{{2,8}}\.?\s\d{{1,2}}(?:,\s\d{{4}})?))?\s*(?:\({_AGENCY}\))?\s*\p{{Pd}}{{1,2}}(?:\s+|\Z)"
)
_SIGN_OF_A_DATELINE = regex.compile(rf"\({_AGENCY}\)|\d")

_COPYRIGHT = regex.compile(r"©|\(c\)|\bcopyright\b", regex.IGNORECASE)
_NOT_A_NAME = regex.compile(
    r"©|\(c\)|\bcopyright\b|\ball\s+rights\s+reserved\b|\b\d{4}(?:\s*\p{Pd}\s*\d{4})?\b|(?:^|\s)by\s|[|,.;:]+(?:\s|$)",
    regex.IGNORECASE,
)


def is_boilerplate(line: str) -> bool:
    if len(line) > _LONGEST:
        return False
    return bool(_BOILERPLATE.fullmatch(line) or _TEXT_SIZE.fullmatch(line))


def announces_author(line: str) -> bool:
    """Whether a page puts this line before the author's name: the mark of a portrait."""
    return _AVATAR.fullmatch(line) is not None


def is_caption(line: str) -> bool:
    """Whether the line is labelled as a caption, or ends with a credit that is not a paragraph's sign-off."""
    credit = _credit(line)
    return bool(_CAPTION_LABEL.match(line)) or (credit is not None and credit["before"] not in '.!?”"')


def has_credit(line: str) -> bool:
    return _credit(line) is not None


def _credit(line: str) -> regex.Match[str] | None:
    return _CREDIT.search(line, max(0, len(line) - 120))


def is_person(line: str) -> bool:
    """Whether the line could be a person's name and nothing else."""
    return len(line) <= _LONGEST_NAME and _PERSON.fullmatch(line) is not None


def is_about(line: str, name: str) -> bool:
    """Whether the line is the note on the author that a page puts below an article."""
    about = regex.compile(rf"{regex.escape(name)}(?:,\s(?:an?|the)\s|\s(?:is|was|writes|covers|lives|works|has)\s)")
    return about.match(line) is not None


def byline(line: str) -> tuple[int, int] | None:
    """Where the names stand in a line such as "By A and B"."""
    match = _BYLINE.fullmatch(line) if len(line) <= _LONGEST else None
    return match.span("names") if match else None


@dataclass(frozen=True)
class Dateline:
    """A line, or the beginning of one, that states place or date. `stop`: where it ends in the line.

    rank: 0 for a date of publication, 1 for a date, 2 for one of a change. is_labelled: it says what it is.
    """

    date: DateFound | None
    rank: int
    stop: int
    is_labelled: bool


def dateline(line: str) -> Dateline | None:
    return _stated_date(line) or _place_and_date(line)


def _stated_date(line: str) -> Dateline | None:
    label = _DATE_LABEL.match(line)
    date = date_at(line, label.end()) if label else None
    if label is None or date is None:
        return None
    rank = 0 if label["published"] else 2 if label["updated"] else 1
    is_labelled = rank != 1 or label["plain"] is not None
    if _NOTHING_FOLLOWS.match(line, date.after):
        return Dateline(date, rank, len(line), is_labelled)
    if line[date.after :].lstrip()[:1] in "|·•/(" and len(line) <= _LONGEST:
        return Dateline(date, rank, len(line), is_labelled)
    begins_with_year = line[date.start : date.start + 4].isdigit()
    if (is_labelled or begins_with_year) and _TEXT_FOLLOWS.match(line, date.after):
        return Dateline(date, rank, date.after, is_labelled)
    return None


def _place_and_date(line: str) -> Dateline | None:
    """ "BEIRUT, Nov. 10, 2024 (AP) — " and the like; a place and a dash alone are too little."""
    match = _PLACE.match(line)
    if match is None or not _SIGN_OF_A_DATELINE.search(match[0]):
        return None
    if match.end() < len(line) < _SHORTEST_PARAGRAPH:
        return None
    date = date_at(line, match.start("date")) if match["date"] else None
    return Dateline(date, 1, len(match[0].rstrip()), is_labelled=True)


def outlet(line: str) -> tuple[int, int] | None:
    """Where a copyright line names its one owner, in eight words at most."""
    if not _COPYRIGHT.search(line):
        return None
    edges = [0, *(edge for match in _NOT_A_NAME.finditer(line) for edge in match.span()), len(line)]
    pieces = zip(edges[::2], edges[1::2], strict=True)
    named = [(start, end) for start, end in pieces if regex.search(r"\p{L}", line[start:end])]
    if len(named) != 1:
        return None
    start, end = named[0]
    name = line[start:end].strip()
    first = line.index(name, start)
    return (first, first + len(name)) if len(name.split()) <= _WORDS_OF_AN_OUTLET else None
