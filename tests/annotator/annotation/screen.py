"""The reading desk as a browser sees it over HTTP: what it sends, and the page and fragments that come back."""

import json
import uuid
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from tests.builders import place

HTMX = {"HX-Request": "true"}


class Desk:
    """Ada's browser on one set."""

    def __init__(self, client: Client, reader: User, reading: AnnotationSet) -> None:
        self.client, self.reader, self.reading = client, reader, reading

    def page(self) -> Any:
        return self.client.get(reverse("desk", args=[self.reading.pk]))

    def send(self, verb: str, body: Any = None, *, gesture: uuid.UUID | None = None, **fields: str) -> Any:
        fields = {
            "gesture": str(gesture or uuid.uuid4()), "verb": verb, "reader": str(self.reader.pk),
            "body": body if isinstance(body, str) else json.dumps(body or {}, default=str), **fields,
        }  # fmt: skip
        return self.client.post(reverse("gestures", args=[self.reading.pk]), fields, headers=HTMX)

    def add(self, quote: str, label: str = "ACTOR", **more: Any) -> Any:
        start, end = place(self.reading, quote)
        body = {"id": uuid.uuid4(), "start": start, "end": end, "quote": quote, "label": label, **more}
        return self.send("add_span", body)


class Page(HTMLParser):
    """The text of the article, and elements by name with their attributes."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.elements, self._inside = "", list[tuple[str, dict[str, str]]](), False
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self._inside = self._inside or tag == "article"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "article"

    def handle_data(self, data: str) -> None:
        self.text += data if self._inside else ""

    def ids(self, prefix: str) -> list[str]:
        """Ids that begin like this; the rows that the page keeps for new spans have none yet."""
        found = [attributes.get("id", "") for _, attributes in self.elements]
        return [id for id in found if id.startswith(prefix) and id != prefix]

    def marks(self) -> list[dict[str, str]]:
        return [found for tag, found in self.elements if tag == "mark"]

    def attribute(self, id: str, name: str) -> str:
        return next(found[name] for _, found in self.elements if found.get("id") == id)

    def removed(self) -> set[str]:
        return {found["data-removed"] for _, found in self.elements if "data-removed" in found}
