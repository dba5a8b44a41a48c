"""Edges of a span: quotation marks that lack their other half, stray spaces and punctuation."""

import pytest

from annotator.annotation.edges import quotation_marks, stray_edges


@pytest.mark.parametrize(
    ("quote", "alone"),
    [
        ("no marks", ""),
        ("“substantive and constructive,”", ""),
        ("“substantive and constructive", "“"),
        ("substantive and constructive,”", "”"),
        ("Israel “prefers the Americans", "“"),
        ('enough for a "long war"', ""),
        ('enough for a "long war', '"'),
        ("it’s Israel’s", ""),
        ("the residents’ return", ""),
        ("the 'TESTING' phase", ""),
        ("the residents' return", ""),
        ("“he said ‘no’ twice”", ""),
        ("“he said ‘no twice”", "‘"),
        ("„nein“ sagte er", ""),
        ("»nej« och ”ja”", ""),
        ("«oui»", ""),
        ("「はい」と", ""),
        ("はい」と", "」"),
        ('צה"ל', ""),
        ("good” and “bad", "”“"),
    ],
)
def test_quotation_marks_are_paired(quote: str, alone: str) -> None:
    assert "".join(quote[index] for index in sorted(quotation_marks(quote).alone)) == alone


@pytest.mark.parametrize(
    ("quote", "stray"),
    [
        ("", []),
        ("a bridge", []),
        (" a bridge", ["start"]),
        ("a bridge\n", ["end"]),
        ("a bridge,", ["end"]),
        ("(a bridge)", ["start", "end"]),
        ("a bridge\u200b", ["end"]),
        ("“a bridge,”", []),
        ("“a bridge", []),
        ("Netanyahu’", ["end"]),
        ("about 5%", []),
        ("the U.S.", []),
        ("#bridge", []),
        ("a bridge.", ["end"]),
        ("…", ["start", "end"]),
        ("👍🏽", []),
        ("جسر؟", ["end"]),
    ],
)
def test_spaces_and_punctuation_at_an_edge_are_named(quote: str, stray: list[str]) -> None:
    assert stray_edges(quote) == stray
