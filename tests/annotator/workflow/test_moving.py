"""A project goes on under a later version of its codebook: open work is carried over, what was handed in stays."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from annotator.annotation.actions import change_span, undo
from annotator.annotation.models import AnnotationSet, Span, Submission
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Conflict, Problem
from annotator.log.models import Event
from annotator.projects.models import CodebookMove, Project
from annotator.schema.actions import change_draft, publish_draft, start_draft
from annotator.schema.mapping import Fate, Mapped
from annotator.schema.models import LabelSet
from annotator.workflow import actions
from annotator.workflow.adjudication import case_for, decide, open_case, publish, reopen
from annotator.workflow.cases import Case, Choice
from annotator.workflow.models import Assignment
from annotator.workflow.moving import carry_some, left_behind, move_codebook
from annotator.workflow.verification import verification
from tests.annotator.schema.books import add_label, add_value, label, retire, retire_value
from tests.builders import (
    Cast,
    last_event,
    link,
    make_article,
    make_project,
    mark,
    settled,
    started_set,
    submitted,
)

Data = dict[str, Any]
STANCE, MIXED = ("label", "STANCE"), ("label", "STANCE", "polarity", "mixed")
RENAME: Mapped = {STANCE: Fate("rename", ("POSITION",))}
RETIRE: Mapped = {STANCE: Fate("retire")}


def position(data: Data) -> None:
    """POSITION takes the place of STANCE, in relations too."""
    asked = label(data, "STANCE")["attributes"]
    add_label("POSITION", attributes=asked)(data)
    retire("STANCE")(data)
    for relation in data["relations"]:
        if "STANCE" in relation["from"]:
            relation["from"].append("POSITION")


def next_version(project: Project, cast: Cast, *changes: Callable[[Data], object]) -> LabelSet:
    draft = start_draft(LabelSet.objects.filter(slug=project.label_set.slug).latest("number"), by=cast.dora)
    data = draft.data
    for change in changes:
        change(data)
    draft = change_draft(draft, by=cast.dora, version=draft.version, data=data)
    return publish_draft(draft, by=cast.dora, version=draft.version)


def moved(project: Project, cast: Cast, mapped: Mapped, *changes: Callable[[Data], object]) -> LabelSet:
    """Publish, move, and carry everything over."""
    to = next_version(project, cast, *changes)
    move_codebook(project, by=cast.dora, to=to, mapped=mapped)
    while carry_some(project, by=cast.dora):
        pass
    return to


def reading(project: Project, user: Any) -> AnnotationSet:
    """A stance that is held by an actor."""
    own = started_set(project, user)
    stance = mark(own, user, "rejected the plan", "STANCE", polarity="mixed")
    link(own, user, "held_by", stance, mark(own, user, "The minister", "ACTOR"))
    return own


def labels(own: AnnotationSet) -> list[str]:
    return sorted(own.spans.values_list("label", flat=True))


def fresh(own: AnnotationSet) -> AnnotationSet:
    return AnnotationSet.objects.select_related("label_set", "chain", "project", "article").get(pk=own.pk)


def test_an_open_reading_is_carried_over_in_one_gesture_that_says_so(cast: Cast) -> None:
    project = make_project(cast)
    own = reading(project, cast.ada)
    to = moved(project, cast, RENAME, position)
    after = fresh(own)
    assert (after.label_set, labels(after)) == (to, ["ACTOR", "POSITION"])
    assert after.spans.get(label="POSITION").attributes == {"polarity": "mixed"}
    event = last_event(after)
    assert (event["action"], event["by"]) == ("carry_over", str(cast.dora.pk))
    assert after.carried == event["seq"]
    assert [(one["kind"], one["after"].get("label")) for one in event["changes"]] == [
        ("set", None),
        ("span", "POSITION"),
    ]
    assert list(verification().findings()) == []


def test_the_move_is_a_recorded_act_of_the_project(cast: Cast) -> None:
    project = make_project(cast)
    to = moved(project, cast, RENAME, position)
    (move,) = CodebookMove.objects.filter(project=project)
    assert (move.number, move.before.number, move.after) == (1, 1, to)
    event = json.loads(Event.objects.get(chain=project.chain, seq=project.chain.length).body)
    assert event["action"] == "move_codebook"
    assert {one["kind"] for one in event["changes"]} == {"codebook_move", "project"}


def test_what_was_done_before_cannot_be_undone_and_what_comes_after_can(cast: Cast) -> None:
    project = make_project(cast)
    own = reading(project, cast.ada)
    moved(project, cast, RENAME, position)
    with pytest.raises(Conflict, match="nothing to undo"):
        undo(own.pk, by=cast.ada, gesture=uuid.uuid4())
    mark(fresh(own), cast.ada, "The union", "ACTOR")
    undo(own.pk, by=cast.ada, gesture=uuid.uuid4())
    assert labels(own) == ["ACTOR", "POSITION"]
    with pytest.raises(Conflict, match="nothing to undo"):
        undo(own.pk, by=cast.ada, gesture=uuid.uuid4())


def test_the_reader_goes_on_under_the_new_version(cast: Cast) -> None:
    project = make_project(cast)
    own = reading(project, cast.ada)
    moved(project, cast, RENAME, position)
    span = own.spans.get(label="POSITION")
    change_span(own.pk, by=cast.ada, gesture=uuid.uuid4(), id=span.pk, version=span.version,
                attributes={"polarity": "oppose"})  # fmt: skip
    submitted(own, cast.ada)
    assert Submission.objects.get(annotation_set=own).label_set.number == 2
    assert list(verification().findings()) == []


def test_what_retires_stays_as_it_was_said_and_is_flagged_on_the_desk(cast: Cast) -> None:
    project = make_project(cast)
    own = reading(project, cast.ada)
    moved(project, cast, RETIRE, retire("STANCE"))
    assert labels(own) == ["ACTOR", "STANCE"]
    found = [gap.message for gap in actions.gaps_of(annotation_set_for(cast.ada, own.pk))]
    assert "The label Stance is retired: choose another, or leave it as it is." in found
    submitted(own, cast.ada)


def test_a_retired_answer_stays_and_is_flagged(cast: Cast) -> None:
    project = make_project(cast)
    own = reading(project, cast.ada)
    moved(project, cast, {MIXED: Fate("retire")}, retire_value("STANCE", "polarity", "mixed"))
    found = [gap for gap in actions.gaps_of(annotation_set_for(cast.ada, own.pk)) if gap.check == "retired"]
    assert [(gap.name, gap.severity) for gap in found] == [("polarity", "warning")]
    assert own.spans.get(label="STANCE").attributes == {"polarity": "mixed"}


def test_what_was_handed_in_stays_under_its_version(cast: Cast) -> None:
    project = make_project(cast)
    own = reading(project, cast.ada)
    submitted(own, cast.ada)
    moved(project, cast, RENAME, position)
    assert (fresh(own).label_set.number, labels(own)) == (1, ["ACTOR", "STANCE"])
    assert Submission.objects.get(annotation_set=own).label_set.number == 1


def test_what_is_sent_back_comes_under_the_new_version(cast: Cast) -> None:
    project = make_project(cast)
    own = reading(project, cast.ada)
    submitted(own, cast.ada)
    moved(project, cast, RENAME, position)
    assignment = Assignment.objects.select_related("project__chain").get(annotation_set=own)
    actions.send_back(assignment, by=cast.dora, reason="Look again")
    assert (fresh(own).label_set.number, labels(own)) == (2, ["ACTOR", "POSITION"])
    submitted(own, cast.ada)
    numbers = Submission.objects.filter(annotation_set=own).order_by("number")
    assert [one.label_set.number for one in numbers] == [1, 2]
    assert list(verification().findings()) == []


def test_new_readings_are_made_under_the_new_version(cast: Cast) -> None:
    project = make_project(cast)
    stale = Project.objects.select_related("chain").get(pk=project.pk)
    to = moved(project, cast, RENAME, position)
    assert started_set(stale, cast.ada).label_set == to


def test_over_two_moves_a_reading_is_carried_step_by_step(cast: Cast) -> None:
    project = make_project(cast)
    own = reading(project, cast.ada)
    move_codebook(project, by=cast.dora, to=next_version(project, cast, position), mapped=RENAME)

    def side(data: Data) -> None:
        add_label("SIDE", letter="X", attributes=label(data, "POSITION")["attributes"])(data)
        retire("POSITION")(data)

    moved(project, cast, {("label", "POSITION"): Fate("rename", ("SIDE",))}, side)
    assert (fresh(own).label_set.number, labels(own)) == (3, ["ACTOR", "SIDE"])


def test_only_a_later_version_of_the_same_codebook_can_be_moved_to(cast: Cast) -> None:
    project = make_project(cast)
    one = project.label_set
    moved(project, cast, RENAME, position)
    with pytest.raises(Conflict):
        move_codebook(project, by=cast.dora, to=one, mapped={})


def test_a_mapping_that_leaves_something_out_moves_nothing(cast: Cast) -> None:
    project = make_project(cast)
    to = next_version(project, cast, position)
    with pytest.raises(Problem, match="Say what becomes of label STANCE"):
        move_codebook(project, by=cast.dora, to=to, mapped={})
    project.refresh_from_db()
    assert project.label_set.number == 1
    assert not CodebookMove.objects.exists()


def test_a_long_run_goes_in_parts_and_can_be_taken_up_again(cast: Cast) -> None:
    project = make_project(cast, *(make_article(f"Report {number}. The minister spoke.") for number in range(3)))
    for row in project.project_articles.all():
        work = actions.start(actions.assign(project, row.article, by=cast.dora, reviewer=cast.ada), by=cast.ada)
        mark(work.annotation_set, cast.ada, "The minister", "ACTOR")
    to = next_version(project, cast, position)
    move_codebook(project, by=cast.dora, to=to, mapped=RENAME)
    assert left_behind(project).count() == 3
    assert carry_some(project, by=cast.dora, at_most=2) == 2
    assert left_behind(project).count() == 1
    assert carry_some(project, by=cast.dora, at_most=2) == 1
    assert carry_some(project, by=cast.dora) == 0


# Settling over two versions


def case_of(project: Project, cast: Cast) -> Case:
    return open_case(cast.cleo, project, project.project_articles.get().article_id)


def two_readings(project: Project, cast: Cast, between: Callable[[], object]) -> None:
    """Ada hands in, something happens, then Ben does the same as she."""
    submitted(reading(project, cast.ada), cast.ada)
    own = reading(project, cast.ben)
    between()
    submitted(fresh(own), cast.ben)


def test_readings_under_two_versions_are_compared_over_a_renaming(cast: Cast) -> None:
    project = make_project(cast)
    two_readings(project, cast, lambda: moved(project, cast, RENAME, position))
    case = case_of(project, cast)
    assert case.open_differences == []
    assert sorted(row.label for rows in case.spans.values() for row in rows) == ["ACTOR", "POSITION"]
    publish(cast.cleo, project, case.article.pk)
    assert list(verification().findings()) == []


def test_what_retired_in_between_waits_for_a_person(cast: Cast) -> None:
    project = make_project(cast)
    two_readings(project, cast, lambda: moved(project, cast, RETIRE, retire("STANCE")))
    case = case_of(project, cast)
    (difference,) = [one for one in case.open_differences if one.kind == "span"]
    assert [row.label for rows in case.spans.values() for row in rows] == ["ACTOR"]
    with pytest.raises(ValueError, match="is retired"):
        decide(cast.cleo, project, case.article.pk, gesture=uuid.uuid4(), key=difference.key,
               choice=Choice("took", next(iter(case.submissions))))  # fmt: skip
    case = decide(
        cast.cleo, project, case.article.pk, gesture=uuid.uuid4(), key=difference.key,
        choice=Choice("edited", values={"label": "CLAIM"}),
    )  # fmt: skip
    assert case.open_differences == []


def test_open_gold_keeps_what_was_settled_and_flags_just_what_is_affected(cast: Cast) -> None:
    project = make_project(cast)
    for user in (cast.ada, cast.ben):
        submitted(reading(project, user), user)
    before = case_of(project, cast)
    assert before.open_differences == []
    moved(project, cast, RETIRE, retire("STANCE"))
    case = case_for(cast.cleo, project, before.article.pk)
    assert case.gold_set.label_set.number == 2
    assert sorted(row.label for rows in case.spans.values() for row in rows) == ["ACTOR", "STANCE"]
    flagged = [one.key for one in case.open_differences]
    assert [case.comparison.groups[key].labels for key in flagged] == [("STANCE",)]
    voice = next(iter(case.submissions))
    case = decide(
        cast.cleo, project, case.article.pk, gesture=uuid.uuid4(), key=flagged[0], choice=Choice("took", voice)
    )
    assert case.open_differences == []
    assert sorted(row.label for rows in case.spans.values() for row in rows) == ["ACTOR", "STANCE"]
    publish(cast.cleo, project, case.article.pk)
    assert list(verification().findings()) == []


def test_open_gold_is_renamed_and_nothing_is_asked_again(cast: Cast) -> None:
    project = make_project(cast)
    for user in (cast.ada, cast.ben):
        submitted(reading(project, user), user)
    before = case_of(project, cast)
    moved(project, cast, RENAME, position)
    case = case_for(cast.cleo, project, before.article.pk)
    assert sorted(row.label for rows in case.spans.values() for row in rows) == ["ACTOR", "POSITION"]
    assert case.open_differences == []
    assert case.decisions.keys() == before.decisions.keys()


def test_published_gold_stays_and_comes_along_when_it_is_reopened(cast: Cast) -> None:
    project = make_project(cast)
    for user in (cast.ada, cast.ben):
        submitted(reading(project, user), user)
    article = project.project_articles.get().article
    gold = settled(project, article, cast.cleo)
    moved(project, cast, {MIXED: Fate("rename", ("both",))}, retire_value("STANCE", "polarity", "mixed"),
          add_value("STANCE", "polarity", "both"))  # fmt: skip
    assert fresh(gold).label_set.number == 1
    reopen(cast.cleo, project, article.pk)
    assert fresh(gold).label_set.number == 2
    assert Span.objects.get(annotation_set=gold, label="STANCE").attributes == {"polarity": "both"}
    assert case_for(cast.cleo, project, article.pk).open_differences == []
    publish(cast.cleo, project, article.pk)
    assert [one.label_set.number for one in gold.submissions.order_by("number")] == [1, 2]
    assert list(verification().findings()) == []
