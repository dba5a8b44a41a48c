"""The reading desk over HTTP: the page, and what it answers to gestures."""

import json
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Comment, Relation, Span
from annotator.annotation.queries import annotation_set_for
from annotator.log.models import Event
from annotator.settings import BASE_DIR
from tests.annotator.annotation.screen import Desk, Page
from tests.builders import (
    LARGE,
    TEXT_MIXED,
    Cast,
    last_event,
    link,
    make_article,
    make_project,
    mark,
    place,
    started_set,
    submitted,
)


@pytest.fixture
def reading(cast: Cast) -> AnnotationSet:
    """Ada's open set of a text with emoji, combining marks and Arabic."""
    return started_set(make_project(cast, make_article(TEXT_MIXED)), cast.ada)


@pytest.fixture
def desk(client: Client, cast: Cast, reading: AnnotationSet) -> Desk:
    client.force_login(cast.ada)
    return Desk(client, cast.ada, reading)


# The page.


def test_the_page_holds_the_stored_text_character_for_character(desk: Desk, cast: Cast) -> None:
    mark(desk.reading, cast.ada, "families want", "CLAIM")
    mark(desk.reading, cast.ada, "المحادثات انتهت، and", "CLAIM")
    response = desk.page()
    assert response.status_code == 200
    assert Page(response).text == TEXT_MIXED


def test_the_page_lists_spans_in_reading_order_with_their_relations(desk: Desk, cast: Cast) -> None:
    stance = mark(desk.reading, cast.ada, "disagree", "STANCE", polarity="oppose")
    actor = mark(desk.reading, cast.ada, "owners", "ACTOR")
    relation = link(desk.reading, cast.ada, "held_by", stance, actor)
    page = Page(desk.page())
    assert page.ids("s-") == [f"s-{actor.pk}", f"s-{stance.pk}"]
    assert page.ids("r-") == [f"r-{relation.pk}"]


@pytest.mark.parametrize("who", ["ben", "cleo", "dora", "otto", "root"])
def test_nobody_else_gets_the_page_or_can_write(client: Client, cast: Cast, reading: AnnotationSet, who: str) -> None:
    person: User = getattr(cast, who)
    client.force_login(person)
    desk = Desk(client, person, reading)
    assert desk.page().status_code == 404
    assert desk.add("families").status_code == 404
    assert not reading.spans.exists()


def test_a_page_that_does_not_exist_answers_like_one_of_somebody_elses(
    client: Client, cast: Cast, reading: AnnotationSet
) -> None:
    client.force_login(cast.ben)
    answers = [client.get(reverse("desk", args=[pk])).content.decode() for pk in (reading.pk, uuid.uuid4())]
    # Django masks the session's one token anew in every page.
    first, second = (re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value)="\w+"', "", one) for one in answers)
    assert first == second


def test_a_reading_that_was_handed_in_can_be_read_but_not_changed(desk: Desk, cast: Cast) -> None:
    mark(desk.reading, cast.ada, "owners", "ACTOR")
    submitted(desk.reading, cast.ada)
    page = desk.page()
    assert page.status_code == 200
    assert b"handed in" in page.content
    assert b'id="submit"' not in page.content
    assert desk.add("families").status_code == 409


def test_furniture_is_folded_but_in_the_page(client: Client, cast: Cast) -> None:
    article = make_article("Talks go on.\nA photo of talks.", regions=[])
    article.regions.filter(paragraph=1).update(kind="caption")
    reading = started_set(make_project(cast, article), cast.ada)
    client.force_login(cast.ada)
    response = Desk(client, cast.ada, reading).page()
    assert Page(response).text == article.text
    assert "Photo caption, 1 line · not read" in response.content.decode()


# Gestures.


def test_a_new_span_comes_back_with_its_line_and_its_row(desk: Desk) -> None:
    response = desk.add("families")
    span = Span.objects.get()
    page = Page(response)
    assert response.status_code == 200
    assert page.ids("p-") == ["p-0"]
    assert page.ids("s-") == [f"s-{span.pk}"]
    assert [found["data-spans"] for found in page.marks()] == [str(span.pk)]
    assert page.attribute("answer", "data-version") == str(span.version)
    assert page.text == TEXT_MIXED.split("\n")[0]


def test_a_span_over_two_lines_comes_back_with_both(desk: Desk) -> None:
    quote = "talks 🇨🇭 now.\nCafe\u0301 owners"
    assert Page(desk.add(quote, "CLAIM")).ids("p-") == ["p-0", "p-36"]


def test_an_answer_brings_the_row_and_leaves_the_text_alone(desk: Desk, cast: Cast) -> None:
    span = mark(desk.reading, cast.ada, "disagree", "STANCE")
    response = desk.send("change_span", {"id": span.pk, "version": span.version, "attributes": {"polarity": "oppose"}})
    page = Page(response)
    assert page.ids("p-") == []
    assert json.loads(page.attribute(f"s-{span.pk}", "data-values")) == {"polarity": "oppose"}


def test_a_moved_edge_redraws_its_line_and_the_rows_that_quote_the_span(desk: Desk, cast: Cast) -> None:
    actor = mark(desk.reading, cast.ada, "owners", "ACTOR")
    claim = mark(desk.reading, cast.ada, "disagree", "CLAIM")
    link(desk.reading, cast.ada, "made_by", claim, actor)
    start, end = place(desk.reading, "Cafe\u0301 owners")
    body = {"id": actor.pk, "version": actor.version, "start": start, "end": end, "quote": "Cafe\u0301 owners"}
    page = Page(response := desk.send("change_span", body))
    assert page.ids("p-") == ["p-36"]
    assert set(page.ids("s-")) == {f"s-{actor.pk}", f"s-{claim.pk}"}
    assert response.content.decode().count("Cafe\u0301 owners</a>") == 1


def test_removing_a_span_names_what_is_gone_and_redraws_the_other_end(desk: Desk, cast: Cast) -> None:
    actor = mark(desk.reading, cast.ada, "owners", "ACTOR")
    claim = mark(desk.reading, cast.ada, "disagree", "CLAIM")
    relation = link(desk.reading, cast.ada, "made_by", claim, actor)
    page = Page(desk.send("remove_span", {"id": actor.pk, "version": actor.version}))
    assert page.removed() == {str(actor.pk), str(relation.pk)}
    assert page.ids("s-") == [f"s-{claim.pk}"]
    assert page.ids("r-") == []
    assert not Relation.objects.exists()


def test_relations_come_back_in_the_row_of_their_source(desk: Desk, cast: Cast) -> None:
    actor = mark(desk.reading, cast.ada, "owners", "ACTOR")
    claim = mark(desk.reading, cast.ada, "disagree", "CLAIM")
    id = uuid.uuid4()
    page = Page(desk.send("relate", {"id": id, "type": "made_by", "source": claim.pk, "target": actor.pk}))
    assert page.ids("r-") == [f"r-{id}"]
    relation = Relation.objects.get()
    page = Page(desk.send("unrelate", {"id": id, "version": relation.version}))
    assert page.removed() == {str(id)}
    assert set(page.ids("s-")) == {f"s-{actor.pk}", f"s-{claim.pk}"}


def test_the_order_of_relays_can_be_set(client: Client, cast: Cast) -> None:
    reading = started_set(make_project(cast, make_article(TEXT_MIXED), codebook=LARGE), cast.ada)
    client.force_login(cast.ada)
    actor, claim = (
        mark(reading, cast.ada, quote, label) for quote, label in (("owners", "ACTOR"), ("disagree", "CLAIM"))
    )
    relation = link(reading, cast.ada, "reported_by", claim, actor)
    body = {"id": relation.pk, "version": relation.version, "attributes": {"order": 2}}
    page = Page(Desk(client, cast.ada, reading).send("change_relation", body))
    assert json.loads(page.attribute(f"r-{relation.pk}", "data-values")) == {"order": 2}


def test_many_places_are_one_gesture_that_one_undo_takes_back(desk: Desk) -> None:
    places = [
        {"id": uuid.uuid4(), "start": start, "end": end, "quote": "talks"}
        for start, end in (place(desk.reading, "talks", nth) for nth in (0, 1))
    ]
    page = Page(desk.send("add_spans", {"places": places, "label": "CLAIM"}))
    assert len(page.ids("s-")) == 2
    assert last_event(desk.reading)["action"] == "add_spans"
    page = Page(desk.send("undo"))
    assert page.removed() == {str(one["id"]) for one in places}
    assert not Span.objects.exists()
    assert len(Page(desk.send("redo")).ids("s-")) == 2


def test_comments_and_flags_come_and_go(desk: Desk, cast: Cast) -> None:
    span = mark(desk.reading, cast.ada, "owners", "ACTOR")
    id = uuid.uuid4()
    answer = desk.send("comment", {"id": id, "text": "Who are they?", "flag": "unsure", "span": span.pk})
    assert Page(answer).ids("c-") == [f"c-{id}"]
    assert "Who are they?" in desk.page().content.decode()
    assert Page(desk.send("remove_comment", {"id": id})).removed() == {str(id)}
    assert not Comment.objects.exists()


def test_a_note_is_shown_as_it_was_written(client: Client, cast: Cast) -> None:
    reading = started_set(make_project(cast, make_article(TEXT_MIXED), codebook=LARGE), cast.ada)
    client.force_login(cast.ada)
    desk = Desk(client, cast.ada, reading)
    page = Page(desk.add("owners", attributes={"note": "<i>see</i> “below”"}))
    (row,) = page.ids("s-")
    assert json.loads(page.attribute(row, "data-values"))["note"] == "<i>see</i> “below”"
    assert json.loads(Page(desk.page()).attribute(row, "data-values"))["note"] == "<i>see</i> “below”"


def test_a_repeated_gesture_is_answered_and_not_carried_out_again(desk: Desk) -> None:
    start, end = place(desk.reading, "families")
    body = {"id": uuid.uuid4(), "start": start, "end": end, "quote": "families", "label": "ACTOR"}
    gesture = uuid.uuid4()
    first, again = (desk.send("add_span", body, gesture=gesture) for _ in range(2))
    assert [first.status_code, again.status_code] == [200, 200]
    assert Span.objects.count() == 1
    assert b"data-repeated" in again.content
    assert Page(again).attribute("answer", "data-seq") == Page(first).attribute("answer", "data-seq")


def test_a_repetition_that_comes_after_the_span_was_removed_says_that_it_is_gone(desk: Desk) -> None:
    start, end = place(desk.reading, "families")
    body = {"id": uuid.uuid4(), "start": start, "end": end, "quote": "families", "label": "ACTOR"}
    gesture = uuid.uuid4()
    desk.send("add_span", body, gesture=gesture)
    desk.send("undo")
    page = Page(desk.send("add_span", body, gesture=gesture))
    assert page.removed() == {str(body["id"])}
    assert page.marks() == []


# Refusals.


def test_a_change_to_an_older_version_is_refused_with_both_states(desk: Desk, cast: Cast) -> None:
    span = mark(desk.reading, cast.ada, "disagree", "STANCE")
    change = {"id": span.pk, "version": span.version}
    assert desk.send("change_span", {**change, "attributes": {"polarity": "support"}}).status_code == 200
    late = desk.send("change_span", {**change, "attributes": {"polarity": "oppose"}})
    said = late.content.decode()
    assert late.status_code == 409
    assert late["X-Problem"] == "stale"
    assert "<td>oppose</td><td>support</td>" in said
    assert Span.objects.get().attributes["polarity"] == "support"


def test_a_late_move_shows_both_stretches(desk: Desk, cast: Cast) -> None:
    span = mark(desk.reading, cast.ada, "owners", "ACTOR")
    moves = [
        {"id": span.pk, "version": span.version, "start": start, "end": end, "quote": quote}
        for quote in ("owners disagree", "Cafe\u0301 owners")
        for start, end in [place(desk.reading, quote)]
    ]
    assert desk.send("change_span", moves[0]).status_code == 200
    late = desk.send("change_span", moves[1])
    assert late.status_code == 409
    assert "<td>Cafe\u0301 owners</td><td>owners disagree</td>" in late.content.decode()


def test_a_wrong_quote_is_refused(desk: Desk) -> None:
    body = {"id": uuid.uuid4(), "start": 8, "end": 16, "quote": "familien", "label": "ACTOR"}
    answer = desk.send("add_span", body)
    assert (answer.status_code, answer["X-Problem"]) == (409, "wrong_quote")
    assert not Span.objects.exists()


GOOD = {"id": str(uuid.uuid4()), "start": 8, "end": 16, "quote": "families", "label": "ACTOR"}


@pytest.mark.parametrize(
    ("verb", "body", "status", "code"),
    [
        ("dance", {}, 422, "unknown_gesture"),
        ("add_span", "{", 400, "not_json"),
        ("add_span", "[]", 422, "malformed"),
        ("add_span", '{"id": 1, "id": 2}', 400, "doubled_key"),
        ("add_span", "[" * 5000, 400, "too_deep"),
        ("add_span", {}, 422, "field_missing"),
        ("add_span", {**GOOD, "colour": "red"}, 422, "unknown_field"),
        ("add_span", {**GOOD, "id": "s1"}, 422, "malformed"),
        ("add_span", {**GOOD, "start": "8"}, 422, "malformed"),
        ("add_span", {**GOOD, "start": -1}, 422, "malformed"),
        ("add_span", {**GOOD, "start": True}, 422, "malformed"),
        ("add_span", {**GOOD, "end": 10**30}, 422, "malformed"),
        ("add_span", {**GOOD, "end": 1.5}, 422, "malformed"),
        ("add_span", {**GOOD, "quote": None}, 422, "malformed"),
        ("add_span", {**GOOD, "quote": "\ud800"}, 400, "unwritable"),
        ("add_span", {**GOOD, "attributes": []}, 422, "malformed"),
        ("add_span", {**GOOD, "attributes": {"polarity": {}}}, 422, "malformed"),
        ("add_span", {**GOOD, "absent": "polarity"}, 422, "malformed"),
        ("add_span", {**GOOD, "end": 999}, 422, "bad_bounds"),
        ("add_span", {**GOOD, "label": "NOBODY"}, 422, "unknown_label"),
        ("add_span", {**GOOD, "attributes": {"mood": "x"}}, 422, "unknown_attribute"),
        ("add_span", {**GOOD, "start": 1, "end": 3, "quote": TEXT_MIXED[1:3]}, 422, "split_grapheme"),
        ("add_spans", {"places": [], "label": "ACTOR"}, 422, "malformed"),
        ("add_spans", {"places": [{"id": "x"}], "label": "ACTOR"}, 422, "field_missing"),
        ("change_span", {"id": str(uuid.uuid4())}, 422, "field_missing"),
        ("change_span", {"id": str(uuid.uuid4()), "version": 1}, 404, "not_found"),
        ("remove_comment", {"id": str(uuid.uuid4())}, 404, "not_found"),
        ("comment", {"id": str(uuid.uuid4()), "text": " "}, 422, "empty_comment"),
        ("undo", {"times": 2}, 422, "unknown_field"),
    ],
)
def test_bad_input_gets_a_plain_reason_and_changes_nothing(
    desk: Desk, verb: str, body: Any, status: int, code: str
) -> None:
    events = Event.objects.count()
    answer = desk.send(verb, body)
    assert (answer.status_code, answer["X-Problem"]) == (status, code)
    assert answer.content.decode().startswith("<p ")
    assert Event.objects.count() == events


def test_undo_with_nothing_left_says_so(desk: Desk) -> None:
    answer = desk.send("undo")
    assert (answer.status_code, answer["X-Problem"]) == (409, "nothing_to_undo")


def test_a_gesture_after_the_session_ended_is_told_to_sign_in(desk: Desk) -> None:
    desk.client.logout()
    answer = desk.add("families")
    assert answer.status_code == 401
    assert answer["X-Signed-Out"]


def test_a_gesture_of_a_page_that_another_person_had_opened_is_not_taken_for_theirs(desk: Desk, cast: Cast) -> None:
    answer = desk.send("add_span", GOOD, reader=str(cast.ben.pk))
    assert answer.status_code == 401
    assert not Span.objects.exists()


def test_gestures_are_posted(desk: Desk) -> None:
    assert desk.client.get(reverse("gestures", args=[desk.reading.pk])).status_code == 405
    assert desk.client.post(reverse("desk", args=[desk.reading.pk])).status_code == 405


def test_the_owner_still_needs_to_be_a_reviewer_of_the_project(desk: Desk, cast: Cast) -> None:
    desk.reading.project.memberships.filter(user=cast.ada).delete()
    assert desk.page().status_code == 404
    with pytest.raises(Exception, match="not yours"):
        annotation_set_for(cast.ada, desk.reading.pk)


def test_the_page_asks_for_every_module_at_once(desk: Desk) -> None:
    """Without this a browser finds them one behind the other."""
    modules = {path.name for path in (BASE_DIR / "static" / "annotation").glob("*.js")} - {"page.js"}
    asked = {found["href"] for tag, found in Page(desk.page()).elements if found.get("rel") == "modulepreload"}
    assert {f"/static/annotation/{name}" for name in modules} | {"/static/shared/page.js"} == asked
