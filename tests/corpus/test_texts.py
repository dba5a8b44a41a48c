"""Texts at hand: read once, kept for a while, gone when withdrawn."""

import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from annotator.projects.actions import withdraw_article
from corpus import texts
from corpus.models import Article
from corpus.texts import text_of
from tests.builders import Cast, make_article


def fresh(article: Article) -> Article:
    return Article.objects.defer("text").get(pk=article.pk)


def test_a_text_is_read_once(cast: Cast, django_assert_num_queries: Any) -> None:
    article = make_article("Ten. \U0001f469\u200d\U0001f680 Nine.")
    assert text_of(fresh(article)) == article.text
    again = fresh(article)
    with django_assert_num_queries(0):
        assert text_of(again) == article.text


def test_a_withdrawn_text_is_gone_from_memory_too(cast: Cast) -> None:
    article = make_article("Nobody may read this any more.")
    text_of(fresh(article))
    withdraw_article(article, by=cast.root)
    assert text_of(fresh(article)) == ""
    assert article.pk not in texts._kept


def row(text: str) -> Any:
    return SimpleNamespace(pk=uuid.uuid4(), text=text, withdrawn_at=None)


def test_what_was_used_longest_ago_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST", 10)
    first, second, third = row("aaaa"), row("bbbb"), row("cccc")
    for one in (first, second, first, third):
        assert text_of(one) == one.text
    assert first.pk in texts._kept and third.pk in texts._kept and second.pk not in texts._kept
    assert text_of(long := row("d" * 11)) == long.text
    assert not texts._kept


def test_no_text_is_kept_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = row("old"), row("new")
    text_of(old)
    now = texts.time.monotonic()
    monkeypatch.setattr(texts.time, "monotonic", lambda: now + texts.SECONDS + 1)
    text_of(new)
    assert old.pk not in texts._kept and new.pk in texts._kept
