"""Colours that style sheets write out, since a browser would work variables out again for each element of a page."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parent.parent / "static"
TOKEN = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
WRITTEN_OUT = re.compile(r"::(highlight\(([a-z]+-)?([a-z]+)\)|selection) \{ ([^}]*)\}")
PAIR = re.compile(r"light-dark\((#[0-9a-f]{6})([0-9a-f]{2})?, (#[0-9a-f]{6})([0-9a-f]{2})?\)")
OTHERWISE = {"moving": "accent", "found": "warn", "source": "accent", "suggestion": "accent", "": "accent"}
"""The token of what is not named after one."""


def tokens() -> dict[str, tuple[str, ...]]:
    """The light and the dark colour by the name of the token."""
    found: dict[str, tuple[str, ...]] = {}
    for name, colour in TOKEN.findall((STATIC / "base.css").read_text("utf-8")):
        found[name] = (*found.get(name, ()), colour)
    return found


def painted() -> list[tuple[str, str, str]]:
    """Sheet, name of the paint and declarations of each rule for what is painted over text."""
    sheets = sorted(STATIC.rglob("*.css"))
    return [
        (sheet.name, match[3] or "", match[4])
        for sheet in sheets
        for match in WRITTEN_OUT.finditer(sheet.read_text("utf-8"))
    ]


@pytest.mark.parametrize(("sheet", "name", "declarations"), painted())
def test_what_is_painted_over_text_writes_out_the_colours_of_its_token(
    sheet: str, name: str, declarations: str
) -> None:
    pair = PAIR.search(declarations)
    assert pair, f"{sheet}: no light-dark(…) in {declarations}"
    assert (pair[1], pair[3]) == tokens()[OTHERWISE.get(name, name)]
    assert pair[2] == pair[4]
    assert "var(" not in declarations


def test_every_rule_for_paint_is_looked_at() -> None:
    rules = sum(sheet.read_text("utf-8").count("::highlight(") for sheet in STATIC.rglob("*.css"))
    assert len(painted()) == rules + 1 == 21
