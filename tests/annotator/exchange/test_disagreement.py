"""Readings side by side as programs get them, and what became of each judgement."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.projects.models import Project
from annotator.schema.mapping import Fate, Mapped
from annotator.workflow.actions import send_back
from annotator.workflow.adjudication import reopen
from annotator.workflow.models import Assignment
from tests.annotator.exchange.stories import tell
from tests.annotator.schema.books import Data, add_label, attribute, label, retire
from tests.annotator.workflow.test_moving import RENAME, RETIRE, STANCE, moved, position
from tests.api import Program
from tests.builders import Cast, make_article, make_project, make_user, mark, secret, settled, started_set, submitted

SPLIT: Mapped = {STANCE: Fate("split", ("FOR", "AGAINST"))}


def told(user, project: Project, listing: str = "disagreement", **query: object):
    return Program(secret(user, project, "audit:read")).results(f"projects/{project.slug}/{listing}/", **query)


def of(record, text: str):
    return next(one for one in record["spans"] if one["text"] == text)


def test_soft_labels_are_the_shares_of_all_readers_those_who_marked_nothing_too(cast: Cast) -> None:
    eve = make_user("eve")
    project = make_project(cast, redundancy=3, members=[*cast.members, (eve, "reviewer")])
    for reader, key in ((cast.ada, "CLAIM"), (cast.ben, "ACTOR"), (eve, None)):
        reading = started_set(project, reader)
        mark(reading, reader, "The minister", "ACTOR")
        if key:
            mark(reading, reader, "the plan", key)
        submitted(reading, reader)
    [record] = told(cast.cleo, project)
    [agreed, differing] = record["spans"]
    assert (agreed["kinds"], [(one["label"], one["share"]) for one in agreed["labels"]]) == ([], [("ACTOR", 1.0)])
    assert differing["kinds"] == ["missing", "label"]
    shares = {one["label"]: (one["share"], one["voices"]) for one in differing["labels"]}
    assert shares == {
        "CLAIM": (0.3333, [str(cast.ada.pk)]),
        "ACTOR": (0.3333, [str(cast.ben.pk)]),
        None: (0.3333, [str(eve.pk)]),
    }
    assert record["voices"] == sorted(str(reader.pk) for reader in (cast.ada, cast.ben, eve))


def test_edges_answers_and_relations_say_how_they_differ(cast: Cast) -> None:
    story = tell(cast)
    [record] = told(cast.dora, story.project)
    stance = of(record, "rejected the plan")
    assert stance["kinds"] == ["answer"]
    [polarity] = stance["answers"]
    assert polarity["name"] == "polarity"
    assert {one["answer"]: (one["share"], one["voices"]) for one in polarity["replies"]} == {
        "oppose": (0.5, [str(cast.ada.pk)]),
        "mixed": (0.5, [str(cast.ben.pk)]),
    }
    assert of(record, "The union")["kinds"] == ["missing"]
    [held] = record["relations"]
    assert (held["type"], held["kinds"], held["share"]) == ("held_by", ["missing"], 0.5)
    assert [record["spans"][held[end]]["text"] for end in ("from", "to")] == ["rejected the plan", "The minister"]


def test_edges_differ_where_readers_begin_or_end_elsewhere(cast: Cast) -> None:
    project = make_project(cast)
    for reader, words in ((cast.ada, "The minister"), (cast.ben, "minister")):
        reading = started_set(project, reader)
        mark(reading, reader, words, "ACTOR")
        submitted(reading, reader)
    [record] = told(cast.cleo, project)
    [span] = record["spans"]
    assert (span["start"], span["text"], span["kinds"]) == (0, "The minister", ["edges"])
    assert [(one["start"], one["end"]) for one in span["judgements"] if one["voice"] == str(cast.ben.pk)] == [(4, 12)]
    assert span["labels"][0]["share"] == 1


def test_what_became_of_it_is_told_once_gold_is_out(cast: Cast) -> None:
    story = tell(cast)
    [record] = told(cast.dora, story.project)
    stands = {str(span.pk) for span in story.gold.spans.all()}
    assert {id for one in of(record, "The minister")["became"] for id in one["gold"]} <= stands
    [minister] = of(record, "The minister")["became"]
    assert (minister["outcome"], len(minister["gold"]), minister["by"]) == ("agreed", 1, None)
    reopen(cast.cleo, story.project, story.article.pk)
    [record] = told(cast.dora, story.project)
    assert of(record, "The minister")["became"] == []
    [record] = told(cast.dora, story.project, provenance="false")
    assert of(record, "The minister")["became"] is None


def test_each_judgement_leads_to_the_decisions_about_it_and_to_what_came_of_it(cast: Cast) -> None:
    story = tell(cast)
    records = {one["set"]["voice"]: one for one in told(cast.dora, story.project, "annotations")}
    became = {reader: records[str(reader.pk)]["became"] for reader in (cast.ada, cast.ben)}
    stance = str(story.stance.pk)
    [span, polarity] = [one for one in became[cast.ada] if one["judgement"] == stance]
    gold = {str(one.pk) for one in story.gold.spans.filter(label="STANCE")}
    assert (span["subject"], span["outcome"], set(span["gold"])) == ("span", "agreed", gold)
    assert (polarity["name"], polarity["outcome"], set(polarity["gold"])) == ("polarity", "took", gold)
    assert polarity["by"] == str(cast.cleo.pk)
    overruled = [one for one in became[cast.ben] if one["name"] == "polarity"]
    assert [(one["decision"], one["gold"]) for one in overruled] == [(polarity["decision"], [])]


def test_a_judgement_that_was_handed_in_again_still_leads_to_what_became_of_it(cast: Cast) -> None:
    story = tell(cast)
    reopen(cast.cleo, story.project, story.article.pk)
    returned = Assignment.objects.select_related("project__chain").get(annotation_set=story.ada)
    send_back(returned, by=cast.dora, reason="Look again")
    assert told(cast.dora, story.project) == []
    submitted(story.ada, cast.ada)
    settled(story.project, story.article, cast.cleo)
    records = {one["set"]["voice"]: one for one in told(cast.dora, story.project, "annotations")}
    own = records[str(cast.ada.pk)]
    assert own["submission"]["number"] == 2
    [actor] = [one for one in own["became"] if one["judgement"] == str(story.actor.pk)]
    assert (actor["outcome"], len(actor["gold"])) == ("agreed", 1)


def test_nothing_of_ones_own_articles_is_told_before_the_release(cast: Cast) -> None:
    project = make_project(cast, members=[*cast.members, (cast.ada, "manager")])
    story = tell(cast, project)
    assert told(cast.ada, story.project) == []
    [own] = told(cast.ada, story.project, "annotations")
    assert own["became"] == []
    assert len(told(cast.dora, story.project)) == 1


def test_articles_that_are_still_read_are_left_out(cast: Cast) -> None:
    project = make_project(cast)
    reading = started_set(project, cast.ada)
    mark(reading, cast.ada, "The minister", "ACTOR")
    submitted(reading, cast.ada)
    assert told(cast.cleo, project) == []


@pytest.mark.parametrize("listing", ["disagreement", "annotations"])
def test_queries_do_not_grow_with_articles(cast: Cast, listing: str) -> None:
    counts = []
    for number in (1, 4):
        texts = [make_article(f"The minister, number {place} of {number}.") for place in range(number)]
        project = make_project(cast, *texts)
        for reader in (cast.ada, cast.ben):
            for _ in texts:
                reading = started_set(project, reader)
                mark(reading, reader, "The minister", "ACTOR")
                submitted(reading, reader)
        for article in texts:
            settled(project, article, cast.cleo)
        program = Program(secret(cast.dora, project, "audit:read"))
        program.get(f"projects/{project.slug}/{listing}/")
        with CaptureQueriesContext(connection) as queries:
            assert program.get(f"projects/{project.slug}/{listing}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# After the project has moved to another version of its codebook


def over_a_move(cast: Cast, mapped: Mapped, *changes: Callable[[Data], object], ben: tuple[str, dict[str, object]]):
    """Ada calls the words a stance, the project moves, Ben says something of the same words. The only span."""
    project = make_project(cast)
    first = started_set(project, cast.ada)
    mark(first, cast.ada, "rejected the plan", "STANCE", polarity="oppose")
    submitted(first, cast.ada)
    moved(project, cast, mapped, *changes)
    second = started_set(Project.objects.get(pk=project.pk), cast.ben)
    mark(second, cast.ben, "rejected the plan", ben[0], **ben[1])
    submitted(second, cast.ben)
    [record] = told(cast.cleo, Project.objects.get(pk=project.pk))
    [span] = record["spans"]
    adas = next(one for one in span["judgements"] if one["voice"] == str(cast.ada.pk))
    return record, span, (adas["codebook_version"], adas["judged_as"], adas["label"], adas["fate"])


def test_a_label_that_was_renamed_in_between_is_no_disagreement(cast: Cast) -> None:
    record, span, ada = over_a_move(cast, RENAME, position, ben=("POSITION", {"polarity": "oppose"}))
    assert record["codebook"]["version"] == 2
    assert (span["kinds"], [(one["label"], one["share"]) for one in span["labels"]]) == ([], [("POSITION", 1.0)])
    assert ada == (1, "STANCE", "POSITION", "renamed")


def test_labels_that_were_merged_in_between_are_no_disagreement(cast: Cast) -> None:
    merge: Mapped = {STANCE: Fate("merge", ("CLAIM",))}
    _, span, ada = over_a_move(cast, merge, retire("STANCE"), ben=("CLAIM", {}))
    assert span["kinds"] == []
    assert ada == (1, "STANCE", "CLAIM", "merged")


@pytest.mark.parametrize(("mapped", "fate"), [(RETIRE, "retired"), (SPLIT, "person")])
def test_what_has_no_counterpart_stands_as_it_was_judged_and_says_so(cast: Cast, mapped: Mapped, fate: str) -> None:
    changes = (add_label("FOR"), add_label("AGAINST"), retire("STANCE"))
    _, span, ada = over_a_move(cast, mapped, *changes, ben=("AGAINST", {}))
    assert span["kinds"] == ["label"]
    assert ada == (1, "STANCE", "STANCE", fate)


def test_who_was_not_asked_yet_has_no_share_in_the_answers(cast: Cast) -> None:
    def ask(data: Data) -> None:
        fresh = {**attribute(data, "STANCE", "polarity"), "key": "tone", "name": "Tone", "required": False}
        label(data, "STANCE")["attributes"].append(fresh)

    _, span, _ = over_a_move(cast, {}, ask, ben=("STANCE", {"polarity": "oppose", "tone": "support"}))
    assert span["kinds"] == []
    replies = {one["name"]: [(each["answer"], each["share"]) for each in one["replies"]] for one in span["answers"]}
    assert replies["tone"] == [("support", 1.0)]
    assert replies["polarity"] == [("oppose", 1.0)]


def test_who_is_no_longer_asked_has_no_share_in_the_answers(cast: Cast) -> None:
    def no_longer_ask(data: Data) -> None:
        attribute(data, "STANCE", "polarity").update(retired=True, required=False)

    gone: Mapped = {("label", "STANCE", "polarity"): Fate("retire")}
    _, span, _ = over_a_move(cast, gone, no_longer_ask, ben=("STANCE", {}))
    assert span["kinds"] == []
    assert [one["replies"] for one in span["answers"] if one["name"] == "polarity"] == [
        [{"answer": "oppose", "not_in_text": False, "share": 1.0, "voices": [str(cast.ada.pk)]}]
    ]


def test_readings_that_were_all_made_before_a_move_are_told_under_their_own_version(cast: Cast) -> None:
    project = make_project(cast)
    for reader in (cast.ada, cast.ben):
        reading = started_set(project, reader)
        mark(reading, reader, "rejected the plan", "STANCE", polarity="oppose")
        submitted(reading, reader)
    moved(project, cast, RENAME, position)
    [record] = told(cast.cleo, Project.objects.get(pk=project.pk))
    assert (record["codebook"]["version"], record["spans"][0]["labels"][0]["label"]) == (1, "STANCE")
