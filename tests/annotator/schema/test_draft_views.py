"""The editor of a draft: plain forms that work by themselves, saved at each change where the page asks."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.accounts.models import User
from annotator.schema.models import CodebookDraft, LabelSet
from tests.annotator.schema.books import attribute, label, seed
from tests.builders import SMALL, Cast, make_project

DRAFT = f"/codebooks/{SMALL}/draft/"
LABELS = f"{DRAFT}write/labels/"


@pytest.fixture
def dora(cast: Cast) -> Client:
    """Her browser; her project's codebook has a draft."""
    make_project(cast)
    client = browser(cast.dora)
    client.post(f"{DRAFT}start/")
    return client


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def now() -> CodebookDraft:
    return CodebookDraft.objects.get(slug=SMALL)


def keep(client: Client, section: str = "labels", query: str = "", **fields: Any) -> HttpResponse:
    """Send fields, whose dots are written as two underlines, as the form would."""
    sent = {name.replace("__", "."): value for name, value in fields.items()}
    return client.post(f"{DRAFT}write/{section}/{query}", {"version": now().version, **sent})


def text(answer: HttpResponse) -> str:
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_the_draft_begins_from_the_codebooks_page(dora: Client) -> None:
    page = text(dora.get(f"/codebooks/{SMALL}/"))
    assert "Go on with the draft" in page
    assert dora.post(f"{DRAFT}start/")["Location"] == LABELS
    assert CodebookDraft.objects.count() == 1


def test_an_older_version_can_be_gone_on_from(dora: Client) -> None:
    keep(dora, labels__0__colour="teal")
    dora.post(f"{DRAFT}publish/", {"version": now().version})
    dora.post(f"{DRAFT}start/", {"from": "1"})
    assert (now().data["version"], label(now().data, "CLAIM")["colour"]) == (3, "blue")


@pytest.mark.parametrize("section", ["labels", "attributes", "relations", "checks", "guidelines"])
def test_a_section_sent_as_it_is_shown_changes_nothing(dora: Client, section: str) -> None:
    before = now()
    page = text(dora.get(f"{DRAFT}write/{section}/"))
    dora.post(f"{DRAFT}write/{section}/", fields_of(page))
    assert now().data == before.data


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the draft's form."""
    reader = Reader()
    reader.feed(page)
    return reader.fields


class Reader(HTMLParser):
    """Collects the fields of the form that has a version among them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.inside, self.select, self.area = False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = "hx-sync" in found
        if not self.inside or "disabled" in found:
            return
        if tag == "input" and (found.get("type") not in ("checkbox", "radio") or "checked" in found):
            self.fields.setdefault(found["name"], []).append(found.get("value", "on"))
        if tag == "select":
            self.select = found["name"]
        if tag == "option" and "selected" in found and self.select:
            self.fields[self.select] = [found["value"]]
        if tag == "textarea":
            self.area = found["name"]
            self.fields[self.area] = [""]

    def handle_endtag(self, tag: str) -> None:
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area][0] += data


def test_a_form_is_kept_and_the_page_comes_again(dora: Client) -> None:
    answer = keep(dora, labels__0__colour="teal", labels__0__name="Statement")
    assert (answer.status_code, answer["Location"]) == (302, LABELS)
    assert label(now().data, "CLAIM")["colour"] == "teal"
    assert "Statement" in text(dora.get(LABELS))


def test_a_button_also_keeps_what_was_typed(dora: Client) -> None:
    answer = keep(dora, labels__0__name="Statement", act="add:labels")
    assert answer["Location"] == f"{LABELS}?open=labels.3#f-labels-3"
    assert [one["name"] for one in now().data["labels"]] == ["Statement", "Actor", "Stance", "New label"]
    assert '<details class="item" id="f-labels-3" open>' in text(dora.get(answer["Location"]))


def test_questions_are_asked_of_one_label_at_a_time(dora: Client) -> None:
    page = text(dora.get(f"{DRAFT}write/attributes/?of=STANCE"))
    assert 'value="Polarity"' in page
    assert 'value="Polarity"' not in text(dora.get(f"{DRAFT}write/attributes/?of=CLAIM"))
    place = "labels.2.attributes.0.values"
    answer = keep(dora, "attributes", "?of=STANCE", act=f"add:{place}")
    assert answer["Location"].startswith(f"{DRAFT}write/attributes/?of=STANCE&open={place}.4")
    assert len(attribute(now().data, "STANCE", "polarity")["values"]) == 5


def test_what_cannot_be_read_is_told_beside_its_field(dora: Client) -> None:
    answer = keep(dora, labels__0__rules="all", labels__0__name="Statement")
    assert answer.status_code == 422
    assert "Write the numbers of rules" in answer.content.decode()
    assert label(now().data, "CLAIM")["name"] == "Statement"


def test_a_clash_is_told_in_words_and_kept_all_the_same(dora: Client) -> None:
    keep(dora, labels__0__letter="A")
    assert "A is the letter of" in text(dora.get(LABELS))
    assert label(now().data, "CLAIM")["letter"] == "A"


def test_a_change_made_on_the_page_answers_with_what_is_different_elsewhere(dora: Client) -> None:
    sent = {"version": now().version, "labels.0.letter": "A"}
    answer = dora.post(LABELS, sent, headers={"HX-Request": "true"})
    page = text(answer)
    assert answer["HX-Trigger"] == "draft-saved"
    assert f'value="{now().version}"' in page
    assert "A is the letter of" in page
    assert "<form" not in page


def test_of_two_people_the_second_is_told(dora: Client, cast: Cast) -> None:
    seen = now().version
    browser(cast.root).post(LABELS, {"version": seen, "labels.0.colour": "rose"})
    late = {"version": seen, "labels.0.colour": "teal"}
    assert dora.post(LABELS, late).status_code == 412
    assert "Not saved: Somebody else" in text(dora.post(LABELS, late, headers={"HX-Request": "true"}))
    assert label(now().data, "CLAIM")["colour"] == "rose"


def test_before_publishing_all_differences_are_shown(dora: Client) -> None:
    assert "Nothing yet" in text(dora.get(f"{DRAFT}review/"))
    keep(dora, labels__0__colour="teal")
    page = text(dora.get(f"{DRAFT}review/"))
    assert "<ins>teal</ins>" in page
    answer = dora.post(f"{DRAFT}publish/", {"version": now().version})
    assert answer["Location"] == f"/codebooks/{SMALL}/"
    assert LabelSet.objects.get(number=2).codebook.label("CLAIM").colour == "teal"


def test_a_draft_that_is_not_in_order_is_not_published_and_says_why(dora: Client) -> None:
    keep(dora, labels__0__letter="A")
    answer = dora.post(f"{DRAFT}publish/", {"version": now().version})
    assert answer.status_code == 422
    assert "A is the letter of" in answer.content.decode()
    assert LabelSet.objects.count() == 1


def test_a_draft_goes_out_as_a_file_and_comes_in_again(dora: Client) -> None:
    data = json.loads(dora.get(f"{DRAFT}file/").content)
    label(data, "CLAIM")["colour"] = "ochre"
    file = SimpleUploadedFile("draft.json", json.dumps(data).encode())
    assert dora.post(f"{DRAFT}read-in/", {"version": now().version, "file": file}).status_code == 302
    assert label(now().data, "CLAIM")["colour"] == "ochre"


BAD = {
    b"": "The file is not JSON",
    b"[]": "The file must hold one object",
    b'{"a": 1, "a": 2}': "occurs twice in one object",
    b"\xff": "The file is not UTF-8",
    b'{"colour": 1}': "colour: is not known here",
    json.dumps({**seed(), "labels": [{**seed()["labels"][0], "colour": "pink"}]}).encode(): "labels[0].colour: “pink”",
}


@pytest.mark.parametrize("content", BAD)
def test_a_file_that_is_no_codebook_is_refused_with_place_and_reason(dora: Client, content: bytes) -> None:
    before = now()
    file = SimpleUploadedFile("draft.json", content)
    answer = dora.post(f"{DRAFT}read-in/", {"version": before.version, "file": file})
    assert answer.status_code in (400, 422)
    assert BAD[content] in answer.content.decode()
    assert now().body == before.body


def test_a_codebook_of_ones_own_begins_from_a_copy_or_a_file(dora: Client) -> None:
    one = LabelSet.objects.get()
    copied = dora.post("/codebooks/new/", {"title": "Ours", "slug": "ours", "source": one.pk})
    assert copied["Location"] == "/codebooks/ours/draft/write/labels/"
    file = SimpleUploadedFile("book.json", json.dumps(seed()).encode())
    assert dora.post("/codebooks/new/", {"title": "Theirs", "slug": "theirs", "file": file}).status_code == 302
    again = dora.post("/codebooks/new/", {"title": "Again", "slug": "ours", "source": one.pk})
    assert (again.status_code, CodebookDraft.objects.count()) == (422, 3)
    assert "already" in again.content.decode()
    nothing = dora.post("/codebooks/new/", {"title": "None", "slug": "none"})
    assert "Choose a codebook to copy" in nothing.content.decode()


def test_a_draft_is_thrown_away(dora: Client) -> None:
    assert dora.post(f"{DRAFT}discard/", {"version": now().version})["Location"] == f"/codebooks/{SMALL}/"
    assert not CodebookDraft.objects.exists()
    assert dora.get(LABELS).status_code == 404


def test_the_preview_shows_the_desk_with_the_drafts_labels(dora: Client) -> None:
    keep(dora, labels__0__colour="teal", labels__0__name="Statement")
    page = text(dora.get(f"{DRAFT}preview/?of=STANCE"))
    for mark in ("r0-teal", "Statement", "Polarity", "The council met on Monday"):
        assert mark in page
    keep(dora, labels__0__letter="A")
    assert "The preview comes back" in text(dora.get(f"{DRAFT}preview/"))


def test_guidelines_are_drawn_from_markdown_and_hold_nobodys_html(dora: Client) -> None:
    keep(dora, "guidelines", rules__0__text="Not *ever*: <script>alert(1)</script>")
    page = text(dora.get(f"{DRAFT}preview/?show=guidelines"))
    assert "<em>ever</em>" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("path", [LABELS, f"{DRAFT}review/", f"{DRAFT}preview/", f"{DRAFT}file/"])
def test_the_draft_is_for_those_who_look_after_the_codebook(dora: Client, cast: Cast, path: str) -> None:
    for who, status in ((cast.ada, 404), (cast.otto, 404), (cast.root, 200)):
        assert browser(who).get(path).status_code == status


def test_more_labels_cost_no_more_queries(dora: Client) -> None:
    counts = set()
    for _ in range(3):
        keep(dora, act="add:labels")
        with CaptureQueriesContext(connection) as found:
            text(dora.get(LABELS))
            text(dora.get(f"{DRAFT}preview/"))
        counts.add(len(found))
    assert len(counts) == 1, counts
