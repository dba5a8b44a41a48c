"""Guidelines in Markdown: a tree that escaped templates draw."""

import pytest
from django.template.loader import render_to_string

from annotator.schema.prose import blocks


def drawn(markdown: str) -> str:
    return render_to_string("schema/_prose.html", {"blocks": blocks(markdown)}).replace("\n", "")


CASES = [
    (
        "One *word* and **two** and `three`.",
        "<p>One <em>word</em> and <strong>two</strong> and <code>three</code>.</p>",
    ),
    ("First.\n\nSecond.", "<p>First.</p><p>Second.</p>"),
    ("- one\n- two", "<ul><li><p>one</p></li><li><p>two</p></li></ul>"),
    ("1. one", "<ol><li><p>one</p></li></ol>"),
    ("> said", "<blockquote><p>said</p></blockquote>"),
    ("# Head", '<p class="heading">Head</p>'),
    ("one\ntwo", "<p>one two</p>"),
    ("*one*, two", "<p><em>one</em>, two</p>"),
    (
        "[here](https://example.org/?a=1&b=2)",
        '<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer" target="_blank">here</a></p>',
    ),
]


@pytest.mark.parametrize(("markdown", "html"), CASES)
def test_markdown_is_drawn(markdown: str, html: str) -> None:
    assert drawn(markdown) == html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
        "![x](https://e.org/x.png)", "<div>\n<b>block</b>\n</div>", "[x](data:text/html,<script>)", "`<b>`",
        "&lt;script&gt;", "[a]: javascript:x\n\n[a]", '[x](https://e.org/"onmouseover=alert(1))', "<https://e.org/<script>>",
    ],
)  # fmt: skip
def test_nobodys_html_reaches_the_page(hostile: str) -> None:
    page = drawn(hostile).lower()
    for mark in ("<script", "<img", "<b>", "<div", 'href="javascript', 'href="data', ' onmouseover="', '"onmouse'):
        assert mark not in page, page
