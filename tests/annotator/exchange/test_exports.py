import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotator.annotation.models import Submission
from annotator.exchange import exports
from annotator.exchange.exports import Wanted
from annotator.log.models import Remark
from annotator.projects.actions import withdraw_article
from annotator.workflow.adjudication import decide, open_case, publish, release_to_readers, reopen
from annotator.workflow.cases import Choice
from annotator.workflow.models import Assignment
from tests.annotator.exchange.stories import tell
from tests.api import Program, problem
from tests.builders import (
    LARGE,
    TEXT_MIXED,
    Cast,
    make_article,
    make_project,
    mark,
    secret,
    settled,
    started_set,
    submitted,
)


def program(cast: Cast, project, *scopes: str) -> Program:
    return Program(secret(cast.dora, project, *(scopes or ("gold:read", "audit:read"))))


# Gold


def test_gold_comes_with_text_offsets_and_codebook(cast: Cast) -> None:
    story = tell(cast)
    [record] = program(cast, story.project).results(f"projects/{story.project.slug}/gold/")
    article = story.article
    assert record["unit"] == "codepoint"
    assert record["project"] == story.project.slug
    assert record["article"]["id"] == str(article.pk)
    assert record["article"]["key"] == f"{article.source.sha256[:16]}-0"
    assert record["article"]["sha256"] == article.sha256
    assert record["article"]["text"] == article.text
    assert record["codebook"] == {
        "slug": "claims-actors-stances", "version": 1, "digest": story.project.label_set.digest,
    }  # fmt: skip
    assert record["set"] == {"id": str(story.gold.pk), "voice": "gold", "round": 1, "purpose": "gold"}
    published = Submission.objects.get(annotation_set=story.gold)
    assert record["submission"]["digest"] == published.digest
    assert [(span["text"], span["label"], span["attributes"]) for span in record["spans"]] == [
        ("The minister", "ACTOR", {"polarity": None}),
        ("rejected the plan", "STANCE", {"polarity": "oppose"}),
        ("The union", "ACTOR", {"polarity": None}),
    ]
    for span in record["spans"]:
        assert article.text[span["start"] : span["end"]] == span["text"]


def test_every_gold_item_points_to_the_judgements_it_came_from(cast: Cast) -> None:
    story = tell(cast)
    [record] = program(cast, story.project).results(f"projects/{story.project.slug}/gold/")
    ada, ben = story.ada.submissions.get(), story.ben.submissions.get()
    minister, stance, _ = record["spans"]
    [agreed] = minister["provenance"]
    assert (agreed["outcome"], agreed["subject"], agreed["by"]) == ("agreed", "span", None)
    assert {(one["submission"], one["voice"]) for one in agreed["sources"]} == {
        (str(ada.pk), str(cast.ada.pk)), (str(ben.pk), str(cast.ben.pk)),
    }  # fmt: skip
    assert str(story.actor.pk) in {one["judgement"] for one in agreed["sources"]}
    polarity = next(one for one in stance["provenance"] if one["subject"] == "attribute")
    assert (polarity["name"], polarity["outcome"], polarity["by"]) == ("polarity", "took", str(cast.cleo.pk))
    assert polarity["sources"] == [
        {"submission": str(ada.pk), "judgement": str(story.stance.pk), "voice": str(cast.ada.pk)}
    ]
    [relation] = record["relations"]
    assert (relation["type"], relation["from"], relation["to"]) == ("held_by", stance["id"], minister["id"])
    assert relation["provenance"][0]["sources"][0]["submission"] == str(ada.pk)


def test_the_stream_of_lines_holds_the_same_records_as_the_pages(cast: Cast) -> None:
    story = tell(cast)
    asked = program(cast, story.project)
    address = f"projects/{story.project.slug}/gold/"
    assert asked.lines(address) == asked.results(address)
    answer = asked.get(address, format="jsonl")
    assert answer["Content-Type"] == "application/x-ndjson"
    assert b"".join(answer.streaming_content).endswith(b"}\n")


def test_an_article_without_spans_is_data_too(cast: Cast) -> None:
    project = make_project(cast)
    for user in (cast.ada, cast.ben):
        submitted(started_set(project, user), user)
    settled(project, project.project_articles.get().article, cast.cleo)
    [record] = program(cast, project).results(f"projects/{project.slug}/gold/")
    assert (record["spans"], record["relations"], record["nothing_here"]) == ([], [], [])


def test_only_published_gold_comes_out(cast: Cast) -> None:
    story = tell(cast)
    asked = program(cast, story.project)
    reopen(cast.cleo, story.project, story.article.pk)
    assert asked.results(f"projects/{story.project.slug}/gold/") == []


def test_a_reader_gets_no_gold_of_an_article_until_it_is_released(cast: Cast) -> None:
    story = tell(cast)
    reader = Program(secret(cast.ada, story.project, "gold:read"))
    address = f"projects/{story.project.slug}/gold/"
    assert reader.results(address) == []
    assert reader.lines(address) == []
    release_to_readers(cast.dora, story.project, story.article.pk)
    assert len(reader.results(address)) == 1


def test_a_manager_who_also_reads_the_article_is_blinded_like_any_reader(cast: Cast) -> None:
    story = tell(cast)
    Assignment.objects.create(
        project=story.project, article=story.article, slot=9, shuffle=1, reviewer=cast.dora, state="offered",
        changed_at=timezone.now(),
    )  # fmt: skip
    asked = program(cast, story.project)
    for listing in ("gold", "annotations"):
        assert asked.results(f"projects/{story.project.slug}/{listing}/") == []


def test_labels_can_be_chosen_and_relations_follow_their_ends(cast: Cast) -> None:
    story = tell(cast)
    asked = program(cast, story.project)
    address = f"projects/{story.project.slug}/gold/"
    [record] = asked.results(address, label="ACTOR")
    assert [span["label"] for span in record["spans"]] == ["ACTOR", "ACTOR"]
    assert record["relations"] == []
    [record] = asked.results(address, label=["ACTOR", "STANCE"])
    assert len(record["relations"]) == 1
    [record] = asked.results(address, label="CLAIM")
    assert record["spans"] == []
    assert problem(asked.get(address, label="claim")) == (422, "unknown_label")


def test_articles_and_times_of_change_can_be_chosen(cast: Cast) -> None:
    story = tell(cast)
    asked = program(cast, story.project)
    for listing in ("gold", "annotations"):
        address = f"projects/{story.project.slug}/{listing}/"
        everything = asked.results(address)
        assert asked.results(address, article=story.article.pk) == everything
        assert asked.results(address, article=uuid.uuid4()) == []
        now = timezone.now()
        assert asked.results(address, changed_since=(now - timedelta(hours=1)).isoformat()) == everything
        assert asked.results(address, changed_since=(now + timedelta(hours=1)).isoformat()) == []
        assert asked.results(address, changed_since=everything[0]["submission"]["at"]) != []
        for wrong in ("yesterday", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", ""):
            assert problem(asked.get(address, changed_since=wrong)) == (422, "bad_parameter")
        assert problem(asked.get(address, article="1")) == (422, "bad_parameter")


def test_texts_and_provenance_can_be_left_out(cast: Cast) -> None:
    story = tell(cast)
    asked = program(cast, story.project)
    address = f"projects/{story.project.slug}/gold/"
    [full] = asked.results(address)
    [record] = asked.results(address, text="false", provenance="false")
    assert record["article"]["text"] is None
    assert {span["text"] for span in record["spans"]} == {None}
    assert {span["provenance"] for span in record["spans"]} == {None}
    assert record["nothing_here"] is None
    assert [span["id"] for span in record["spans"]] == [span["id"] for span in full["spans"]]
    assert record["article"]["sha256"] == story.article.sha256
    assert problem(asked.get(address, text="no")) == (422, "bad_parameter")


def test_a_withdrawn_article_keeps_offsets_and_digest(cast: Cast) -> None:
    story = tell(cast)
    withdraw_article(story.article, by=cast.root)
    asked = program(cast, story.project)
    [record] = asked.results(f"projects/{story.project.slug}/gold/")
    assert record["article"]["text"] is None
    assert record["article"]["sha256"] == story.article.sha256
    assert (record["spans"][0]["start"], record["spans"][0]["text"]) == (0, None)


def test_what_was_dropped_by_a_decision_is_told(cast: Cast) -> None:
    project = make_project(cast)
    ada, ben = started_set(project, cast.ada), started_set(project, cast.ben)
    union = mark(ada, cast.ada, "The union", "ACTOR")
    submitted(ada, cast.ada)
    submitted(ben, cast.ben)
    article = project.project_articles.get().article
    [difference] = open_case(cast.cleo, project, article.pk).open_differences
    choice = Choice("neither", rule="2", note="named for colour")
    decide(cast.cleo, project, article.pk, gesture=uuid.uuid4(), key=difference.key, choice=choice)
    publish(cast.cleo, project, article.pk)
    [record] = program(cast, project).results(f"projects/{project.slug}/gold/")
    [dropped] = record["nothing_here"]
    assert (dropped["outcome"], dropped["rule"], dropped["note"]) == ("neither", "2", "named for colour")
    assert [one["judgement"] for one in dropped["sources"]] == [str(union.pk)]


def test_pages_follow_one_another_without_gap_or_repetition(cast: Cast) -> None:
    articles = [make_article(f"The minister, number {number}, rejected the plan.") for number in range(5)]
    project = make_project(cast, *articles, redundancy=1)
    for _ in articles:
        submitted(started_set(project, cast.ada), cast.ada)
    for article in articles:
        settled(project, article, cast.cleo)
    asked = program(cast, project)
    for listing in ("gold", "articles", "annotations", "disagreement", "events"):
        address = f"projects/{project.slug}/{listing}/"
        everything = asked.results(address)
        for limit in (1, 2, 5, 500):
            assert asked.results(address, limit=limit) == everything
        assert asked.lines(address) == everything
    gold = asked.results(f"projects/{project.slug}/gold/")
    assert [record["article"]["id"] for record in gold] == [str(article.pk) for article in articles]
    assert asked.get(f"projects/{project.slug}/gold/", limit=5).json()["next"] is None


def test_no_query_is_added_by_more_articles_or_spans(cast: Cast) -> None:
    def queries(number: int) -> dict[str, int]:
        articles = [make_article(f"{uuid.uuid4()} The minister rejected the plan, she said.") for _ in range(number)]
        project = make_project(cast, *articles, redundancy=1)
        for _ in articles:
            annotation_set = started_set(project, cast.ada)
            for quote in ("The minister", "the plan", "she said", "rejected")[: number + 1]:
                mark(annotation_set, cast.ada, quote, "ACTOR")
            submitted(annotation_set, cast.ada)
        for article in articles:
            settled(project, article, cast.cleo)
        asked, counts = program(cast, project), {}
        for listing in ("gold", "articles", "annotations", "disagreement", "events"):
            for format in ("json", "jsonl"):
                with CaptureQueriesContext(connection) as context:
                    answer = asked.get(f"projects/{project.slug}/{listing}/", format=format)
                    b"".join(answer.streaming_content) if format == "jsonl" else answer.content
                counts[f"{listing} {format}"] = len(context)
        return counts

    assert queries(1) == queries(4)


# Judgements


def test_all_individual_judgements_come_as_they_were_handed_in(cast: Cast) -> None:
    story = tell(cast)
    records = program(cast, story.project).results(f"projects/{story.project.slug}/annotations/")
    by_voice = {record["set"]["voice"]: record for record in records}
    assert set(by_voice) == {str(cast.ada.pk), str(cast.ben.pk)}
    ada = by_voice[str(cast.ada.pk)]
    assert [(span["text"], span["attributes"]["polarity"]) for span in ada["spans"]] == [
        ("The minister", None), ("rejected the plan", "oppose"),
    ]  # fmt: skip
    assert [one["type"] for one in ada["relations"]] == ["held_by"]
    assert ada["submission"]["digest"] == story.ada.submissions.get().digest


def test_free_texts_leave_as_texts_until_they_are_erased(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(cast, make_article("The minister rejected the plan."), codebook=LARGE, redundancy=1)
    annotation_set = started_set(project, cast.ada)
    mark(annotation_set, cast.ada, "The minister", "ACTOR", note="by title only")
    monkeypatch.setattr("annotator.workflow.actions.gaps_of", lambda *_: [])
    submitted(annotation_set, cast.ada)
    asked = program(cast, project)
    [record] = asked.results(f"projects/{project.slug}/annotations/")
    assert record["spans"][0]["attributes"]["note"] == "by title only"
    assert set(record["spans"][0]["attributes"]) >= {"kind", "polarity", "confidence", "note"}
    Remark.objects.filter(text="by title only").update(text="")
    [record] = asked.results(f"projects/{project.slug}/annotations/")
    assert record["spans"][0]["attributes"]["note"] is None


def test_a_text_of_many_scripts_keeps_its_offsets(cast: Cast) -> None:
    project = make_project(cast, make_article(TEXT_MIXED), redundancy=1)
    annotation_set = started_set(project, cast.ada)
    quotes = ["👩‍👩‍👧‍👦 families", "Cafe\u0301 owners", "الوزير", "𝒩ews 👍🏽"]
    for quote in quotes:
        mark(annotation_set, cast.ada, quote, "ACTOR")
    submitted(annotation_set, cast.ada)
    [record] = program(cast, project).lines(f"projects/{project.slug}/annotations/")
    assert [span["text"] for span in record["spans"]] == quotes
    text = record["article"]["text"]
    assert text == TEXT_MIXED
    assert [text[span["start"] : span["end"]] for span in record["spans"]] == quotes


def test_answers_keep_the_order_that_formats_promise(cast: Cast) -> None:
    project = make_project(cast, redundancy=1)
    annotation_set = started_set(project, cast.ada)
    for quote, label in [("The minister rejected", "CLAIM"), ("The minister", "STANCE"), ("The minister", "ACTOR")]:
        mark(annotation_set, cast.ada, quote, label, **({"polarity": "oppose"} if label == "STANCE" else {}))
    submitted(annotation_set, cast.ada)
    export = exports.judgements(cast.dora, project, Wanted())
    [(_, record)] = export(None, 10)
    assert [(span["text"], span["label"]) for span in record["spans"]] == [
        ("The minister rejected", "CLAIM"), ("The minister", "ACTOR"), ("The minister", "STANCE"),
    ]  # fmt: skip
