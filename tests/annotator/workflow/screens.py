"""Somebody's browser at the pages of settling and of gold, on an article that two read differently."""

import html
import re
import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client

from annotator.accounts.models import User
from tests.annotator.workflow.stories import Story

ADA = {"m": ("The minister", "ACTOR"), "r": ("rejected", "STANCE", {"polarity": "oppose"}), "p": ("the plan", "CLAIM")}
BEN = {**ADA, "r": ("rejected", "STANCE", {"polarity": "mixed"}), "p": ("rejected the plan", "CLAIM")}
LINKS = [("held_by", "r", "m")]


class Screen:
    """One person's browser at the pages of one story."""

    def __init__(self, story: Story, user: User) -> None:
        self.story, self.client = story, Client()
        self.client.force_login(user)
        self.home = f"/projects/{story.project.slug}/settle/"
        self.case = f"{self.home}{story.article.pk}/"
        self.gold = f"/projects/{story.project.slug}/gold/{story.article.pk}/"

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(path, headers=headers)

    def post(self, verb: str, *, in_place: bool = False, **fields: Any) -> HttpResponse:
        headers = {"HX-Request": "true"} if in_place else {}
        return self.client.post(self.case + verb + "/", {"gesture": uuid.uuid4(), **fields}, headers=headers)

    def decide(
        self, what: str, outcome: str, *, name: str | None = None, in_place: bool = True, **fields: Any
    ) -> HttpResponse:
        key = self.story.difference(what, name).key
        seen = self.story.case.decisions.get(key)
        sent = {"key": key, "seen": seen.pk if seen else "", "outcome": outcome, **fields}
        return self.post("decide", in_place=in_place, **sent)


def shown(answer: HttpResponse) -> str:
    """The page in plain words."""
    page = re.sub(r"<(script|style)\b.*?</\1>", "", answer.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def text_of(answer: HttpResponse) -> str:
    """What the browser takes for the text: the content of the article element, tags taken out."""
    found = re.search(r'<article id="text"[^>]*>(.*?)</article>', answer.content.decode(), flags=re.S)
    assert found is not None
    return html.unescape(re.sub(r"<[^>]+>", "", found[1]))


def took(story: Story, reader: User) -> str:
    return f"took:{story.voice(reader)}"


def settle(desk: Screen) -> None:
    desk.decide("rejected", took(desk.story, desk.story.cast.ada), name="polarity", rule="1", note="It says so.")
    desk.decide("the plan", took(desk.story, desk.story.cast.ada))
