"""What is suggested to whom, and what is kept of it."""

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.accounts.models import User
from annotator.annotation.actions import add_spans, change_span, propose, redo, reject_suggestions, remove_span, undo
from annotator.annotation.models import AnnotationSet, Rejection, Span
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Problem
from annotator.projects.models import Project
from annotator.suggestions.queries import suggestions_for
from annotator.workflow import actions
from annotator.workflow.campaign import take_articles
from annotator.workflow.conditions import change_conditions, conditions_seen
from corpus.drafts import Region
from corpus.models import Article
from tests.builders import (
    LARGE,
    Cast,
    add_span,
    last_event,
    make_article,
    make_project,
    mark,
    place,
    secret,
    settled,
    started_set,
    submitted,
)

pytestmark = pytest.mark.django_db

FIRST = "The minister rejected the plan. The union waits."
SECOND = "A day later the minister spoke. “The plan is bad,” the minister said."


def begin(project: Project, article: Article, reader: User) -> AnnotationSet:
    assignment = actions.assign(project, article, by=None, reviewer=reader)
    set_id = actions.start(assignment, by=reader).annotation_set_id
    return annotation_set_for(reader, set_id)


def found(annotation_set: AnnotationSet, by: User) -> list[tuple[str, str]]:
    """(label, words) of what is suggested now."""
    fresh = annotation_set_for(by, annotation_set.pk)
    text = fresh.article.text
    return [(one.phrase.label, text[one.start : one.end]) for one in suggestions_for(by, fresh)]


@pytest.fixture
def two(cast: Cast) -> list[AnnotationSet]:
    """Ada's sets of two articles."""
    articles = [make_article(FIRST), make_article(SECOND)]
    project = make_project(cast, *articles)
    return [begin(project, article, cast.ada) for article in articles]


def test_what_a_reader_labelled_before_is_suggested_in_the_next_article(cast: Cast, two: list[AnnotationSet]) -> None:
    first, second = two
    mark(first, cast.ada, "The minister", "ACTOR")
    mark(first, cast.ada, "the plan", "CLAIM")
    assert found(second, cast.ada) == [("ACTOR", "the minister"), ("CLAIM", "The plan"), ("ACTOR", "the minister")]
    assert found(first, cast.ada) == []  # nothing from the text itself: “all same strings” is for that


def test_another_readers_labels_are_never_suggested(cast: Cast) -> None:
    articles = [make_article(FIRST), make_article(SECOND)]
    project = make_project(cast, *articles)
    ada, bens = begin(project, articles[1], cast.ada), [begin(project, one, cast.ben) for one in articles]
    mark(bens[0], cast.ben, "The minister", "ACTOR")
    mark(bens[1], cast.ben, "The plan", "CLAIM")
    assert found(ada, cast.ada) == []
    assert found(bens[1], cast.ben) == [("ACTOR", "the minister"), ("ACTOR", "the minister")]


def test_another_projects_labels_are_not_suggested(cast: Cast, two: list[AnnotationSet]) -> None:
    elsewhere = make_project(cast, make_article(FIRST + " "))
    mark(started_set(elsewhere, cast.ada), cast.ada, "The minister", "ACTOR")
    assert found(two[1], cast.ada) == []


def test_a_second_round_on_an_article_is_not_told_of_the_first(cast: Cast, two: list[AnnotationSet]) -> None:
    first, second = two
    mark(first, cast.ada, "The minister", "ACTOR")
    AnnotationSet.objects.filter(pk=second.pk).update(article=first.article, round=2)
    assert found(second, cast.ada) == []


def test_the_register_is_suggested_with_its_entry_and_the_readers_newest_answer_goes_before(cast: Cast) -> None:
    texts = ["Cairo spoke.", "Cairo waited.", "US envoys left Cairo. It told us so. Hamas and hamas."]
    articles = [make_article(text) for text in texts]
    project = make_project(cast, *articles, codebook=LARGE)
    first, second, third = (begin(project, article, cast.ada) for article in articles)

    def entities() -> list[tuple[str, Any, str]]:
        matches = suggestions_for(cast.ada, annotation_set_for(cast.ada, third.pk))
        return [
            (texts[2][one.start : one.end], one.phrase.attributes.get("entity"), one.phrase.source) for one in matches
        ]

    register = [("US", "united-states", "register"), ("Cairo", "egypt", "register"), ("Hamas", "hamas", "register")]
    assert entities() == register
    mark(first, cast.ada, "Cairo", "ACTOR", entity="israel", mention="name")
    mark(second, cast.ada, "Cairo", "ACTOR", entity="jordan", mention="name")
    assert entities()[1] == ("Cairo", "jordan", "own")
    [match] = [
        one for one in suggestions_for(cast.ada, annotation_set_for(cast.ada, third.pk)) if one.phrase.source == "own"
    ]
    assert match.phrase.attributes == {"entity": "jordan"}  # how it is mentioned belongs to the place


def test_a_readers_own_proposal_is_suggested_and_nobody_elses(cast: Cast) -> None:
    article = make_article("Orban met Fico in Budapest.")
    project = make_project(cast, article, codebook=LARGE)
    ada, ben = begin(project, article, cast.ada), begin(project, article, cast.ben)
    for own, reader, name in ((ada, cast.ada, "Orban"), (ben, cast.ben, "Fico")):
        proposed = {"id": uuid.uuid4(), "list": "actors", "name": name, "kind": "person"}
        propose(own.pk, by=reader, gesture=uuid.uuid4(), **proposed)
    assert (found(ada, cast.ada), found(ben, cast.ben)) == ([("ACTOR", "Orban")], [("ACTOR", "Fico")])


def test_furniture_own_spans_and_rejected_places_are_left_out(cast: Cast) -> None:
    text = "The minister.\nThe minister.\nThe minister.\nThe minister."
    furniture = [Region(0, 13, "boilerplate")]
    articles = [make_article(FIRST), make_article(text, regions=furniture)]
    project = make_project(cast, *articles)
    first, second = (begin(project, article, cast.ada) for article in articles)
    mark(first, cast.ada, "The minister", "ACTOR")
    assert len(found(second, cast.ada)) == 3
    mark(second, cast.ada, "The minister.", "ACTOR", nth=1)
    mark(second, cast.ada, "The minister", "STANCE", nth=2)
    assert len(found(second, cast.ada)) == 2
    reject(second, cast.ada, "The minister", nth=2)
    assert len(found(second, cast.ada)) == 1


def reject(annotation_set: AnnotationSet, by: User, quote: str, nth: int = 0, label: str = "ACTOR") -> None:
    start, end = place(annotation_set, quote, nth)
    where = {"id": uuid.uuid4(), "start": start, "end": end}
    reject_suggestions(annotation_set.pk, by=by, gesture=uuid.uuid4(), places=[where], label=label)


def test_a_rejection_is_a_logged_row_that_can_be_undone(cast: Cast, two: list[AnnotationSet]) -> None:
    first, second = two
    mark(first, cast.ada, "The minister", "ACTOR")
    reject(second, cast.ada, "the minister")
    assert found(second, cast.ada) == [("ACTOR", "the minister")]
    [change] = last_event(second)["changes"]
    assert (change["kind"], change["before"], change["after"]["label"]) == ("rejection", None, "ACTOR")
    reject(second, cast.ada, "the minister")  # once more, as another window might
    assert Rejection.objects.count() == 1
    undo(second.pk, by=cast.ada, gesture=uuid.uuid4())
    assert len(found(second, cast.ada)) == 2
    redo(second.pk, by=cast.ada, gesture=uuid.uuid4())
    assert len(found(second, cast.ada)) == 1


def add(
    annotation_set: AnnotationSet, by: User, quote: str, suggestion: str, nth: int = 0, label: str = "ACTOR"
) -> Span:
    start, end = place(annotation_set, quote, nth)
    id = uuid.uuid4()
    add_span(
        annotation_set.pk, by=by, gesture=uuid.uuid4(), id=id, start=start, end=end, quote=quote, label=label,
        suggestion=suggestion,
    )  # fmt: skip
    return Span.objects.get(pk=id)


def test_what_was_seen_is_kept_logged_handed_in_and_exported_and_is_not_in_gold(cast: Cast, client: Client) -> None:
    article = make_article(FIRST)
    project = make_project(cast, article, redundancy=1)
    own = begin(project, article, cast.ada)
    add(own, cast.ada, "The minister", "accepted")
    assert last_event(own)["changes"][0]["after"]["suggestion"] == "accepted"
    add(own, cast.ada, "The union", "shown")
    mark(own, cast.ada, "the plan", "CLAIM")
    submitted(own, cast.ada)
    content = json.loads(own.submissions.get().content)
    assert [span["suggestion"] for span in content["spans"]] == ["accepted", "", "shown"]
    gold = settled(project, article, cast.cleo)
    assert set(gold.spans.values_list("suggestion", flat=True)) == {""}
    assert "suggestion" not in gold.submissions.get().content

    headers = {"Authorization": f"Bearer {secret(cast.dora, project, 'audit:read', 'gold:read')}"}
    base = f"/api/v1/projects/{project.slug}/"
    [judged] = client.get(base + "annotations/", headers=headers).json()["results"]
    assert [span["suggestion"] for span in judged["spans"]] == ["accepted", "", "shown"]
    [line] = b"".join(client.get(base + "annotations/?format=jsonl", headers=headers).streaming_content).splitlines()  # type: ignore[attr-defined]
    assert json.loads(line)["spans"][0]["suggestion"] == "accepted"
    assert b"suggestion" not in client.get(base + "gold/", headers=headers).content
    events = client.get(base + f"events/?chain={own.chain_id}", headers=headers).json()["results"]
    seen = [change["after"]["suggestion"] for one in events for change in json.loads(one["body"])["changes"]
            if change["kind"] == "span"]  # fmt: skip
    assert seen == ["accepted", "shown", ""]


def test_an_accepted_span_that_is_moved_or_relabelled_was_changed(cast: Cast, two: list[AnnotationSet]) -> None:
    own = two[0]
    span = add(own, cast.ada, "The minister", "accepted")
    start, end = place(own, "minister")
    same: dict[str, Any] = {"by": cast.ada, "id": span.pk}
    change_span(own.pk, **same, gesture=uuid.uuid4(), version=span.version, start=0, end=12, quote="The minister")
    span.refresh_from_db()
    assert span.suggestion == "accepted"
    change_span(own.pk, **same, gesture=uuid.uuid4(), version=span.version, start=start, end=end, quote="minister")
    span.refresh_from_db()
    assert span.suggestion == "changed"
    undo(own.pk, by=cast.ada, gesture=uuid.uuid4())
    span.refresh_from_db()
    assert span.suggestion == "accepted"
    remove_span(own.pk, **same, gesture=uuid.uuid4(), version=span.version)


def test_what_was_changed_into_another_label_is_not_suggested_there_again(cast: Cast, two: list[AnnotationSet]) -> None:
    first, second = two
    mark(first, cast.ada, "The minister", "ACTOR")
    add(second, cast.ada, "the minister", "changed", label="STANCE")
    assert found(second, cast.ada) == [("ACTOR", "the minister")]


def test_only_what_the_vocabulary_has_and_only_in_a_set_with_suggestions(cast: Cast, two: list[AnnotationSet]) -> None:
    with pytest.raises(Problem) as refused:
        add(two[0], cast.ada, "The minister", "seen")
    assert refused.value.code == "unknown_exposure"
    AnnotationSet.objects.filter(pk=two[0].pk).update(suggested=False)
    for attempt in (lambda: add(two[0], cast.ada, "The union", "shown"), lambda: reject(two[0], cast.ada, "The union")):
        with pytest.raises(Problem) as refused:
            attempt()
        assert refused.value.code == "not_suggested"
    where = {"id": uuid.uuid4(), "start": 0, "end": 5, "quote": "A day", "suggestion": "made up"}
    with pytest.raises(Problem) as refused:
        add_spans(two[1].pk, by=cast.ada, gesture=uuid.uuid4(), places=[where], label="ACTOR")
    assert refused.value.code == "unknown_exposure"
    add(two[0], cast.ada, "The union", "")


# Switched off, or off for a share


def set_suggestions(project: Project, by: User, **values: object) -> None:
    project.refresh_from_db()
    change_conditions(project, by=by, seen=conditions_seen(project), values=values)


def test_a_project_can_switch_them_off(cast: Cast, two: list[AnnotationSet]) -> None:
    first, second = two
    mark(first, cast.ada, "The minister", "ACTOR")
    set_suggestions(first.project, cast.dora, suggestions=False)
    assert found(second, cast.ada) == []
    later = make_article("The minister once more.")
    project = Project.objects.get(pk=first.project_id)
    take_articles(project, [later], by=None)
    third = begin(project, later, cast.ada)
    assert not third.suggested
    set_suggestions(first.project, cast.dora, suggestions=True)
    assert len(found(second, cast.ada)) == 2
    assert found(third, cast.ada) == []  # begun without, it stays without


def test_the_lot_gives_them_to_a_share_of_readings_and_is_logged(cast: Cast) -> None:
    articles = [make_article(f"The minister spoke on day {number}.") for number in range(40)]
    project = make_project(cast, *articles)
    set_suggestions(project, cast.dora, suggestions_share=50)
    project.refresh_from_db()
    sets = [started_set(project, cast.ada)]
    while len(sets) < 40:
        submitted(sets[-1], cast.ada)
        sets.append(started_set(project, cast.ada))
    given = [one.suggested for one in sets]
    assert 10 <= sum(given) <= 30
    opened = json.loads(sets[0].chain.events.get(seq=1).body)
    assert opened["changes"][0]["after"]["suggested"] == given[0]


# The address


def test_the_page_gets_places_labels_and_answers(cast: Cast, client: Client, two: list[AnnotationSet]) -> None:
    mark(two[0], cast.ada, "The union", "ACTOR")
    mark(two[0], cast.ada, "The minister", "ACTOR")
    client.force_login(cast.ada)
    answer = client.get(f"/sets/{two[1].pk}/suggestions/")
    assert "no-store" in answer["Cache-Control"]
    first, second = answer.json()["suggestions"]
    assert first == {"start": 12, "end": 24, "label": "ACTOR", "attributes": {}, "said": "", "source": "own"}
    assert SECOND[second["start"] : second["end"]] == "the minister"
    submitted(two[1], cast.ada)
    assert client.get(f"/sets/{two[1].pk}/suggestions/").json() == {"suggestions": []}


def test_more_readings_and_spans_ask_the_database_no_more_often(cast: Cast, client: Client) -> None:
    articles = [make_article(f"The minister {number} rejected the plan {number}.") for number in range(6)]
    project = make_project(cast, *articles)
    sets = [begin(project, article, cast.ada) for article in articles]
    client.force_login(cast.ada)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"/sets/{sets[0].pk}/suggestions/").status_code == 200
        return len(asked)

    mark(sets[1], cast.ada, "The minister", "ACTOR")
    queries()
    few = queries()
    for number, one in enumerate(sets[1:], start=1):
        mark(one, cast.ada, f"rejected the plan {number}", "CLAIM")
        mark(one, cast.ada, f"The minister {number}", "ACTOR")
    assert queries() == few
