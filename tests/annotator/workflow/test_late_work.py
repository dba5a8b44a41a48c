"""Late work never destroys decisions: what came late is flagged where it contradicts, and everything else stands.

Three things come late: an article that is reopened, a new reader, a new version of the codebook, the last in the
middle of whatever may be going on.
"""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.agreement.queries import repeats_for
from annotator.annotation.models import GOLD, AnnotationSet
from annotator.projects.models import Project
from annotator.schema.mapping import Fate
from annotator.workflow.adjudication import case_for, decide, open_case, publish, release_to_readers, reopen
from annotator.workflow.cases import Case, Choice
from annotator.workflow.models import Decision, SecondSettling, TrainingResult
from annotator.workflow.second_screen import settled_twice_for
from annotator.workflow.verification import verification
from tests.annotator.schema.books import retire_value
from tests.annotator.workflow.school import School, mark_well
from tests.annotator.workflow.stories import Story
from tests.annotator.workflow.test_moving import MIXED, RENAME, fresh, labels, moved, position
from tests.annotator.workflow.test_repeats import repeating
from tests.annotator.workflow.test_seconds import ADA, BEN, LINKS, client_of, person, settle, twofold
from tests.builders import Cast, mark, started_set, submitted

pytestmark = pytest.mark.django_db


def standing(story: Story) -> dict[str, tuple[Any, ...]]:
    """What was decided, by whom and on which judgements, as long as nothing later supersedes it."""
    found = Decision.objects.filter(gold_set=story.gold_set, superseded_by__isnull=True)
    return {str(one.pk): (one.key, one.outcome, one.by_id, one.members, one.choice) for one in found}


def sound() -> None:
    assert list(verification().findings()) == []


# An article is reopened


@pytest.mark.parametrize("released", [False, True])
def test_reopening_keeps_every_decision_and_asks_nothing(cast: Cast, released: bool) -> None:
    story = Story(cast)
    for reader, spans in ((cast.ada, ADA), (cast.ben, BEN)):
        story.read(reader, spans, LINKS)
    story.open()
    story.decide("rejected", "took", cast.ada, name="polarity", rule="1", note="It says so.")
    story.decide("the plan", "neither")
    story.publish()
    if released:
        release_to_readers(cast.dora, story.project, story.article.pk)
    before, gold, lines = standing(story), story.gold, story.lines
    reopen(cast.cleo, story.project, story.article.pk)
    assert (standing(story), story.gold, story.lines) == (before, gold, lines)
    assert story.open().open_differences == []
    assert (standing(story), story.gold, story.lines) == (before, gold, lines), "not by opening it either"
    story.publish()
    assert (standing(story), story.gold) == (before, gold)
    sound()


# A new reader


def test_a_new_reader_of_reopened_gold_flags_what_they_contradict_and_nothing_else(cast: Cast) -> None:
    story = Story(cast)
    for reader, spans in ((cast.ada, ADA), (cast.ben, BEN)):
        story.read(reader, spans, LINKS)
    story.open()
    story.decide("rejected", "took", cast.ada, name="polarity")
    story.decide("the plan", "neither")
    story.publish()
    before, gold, lines = standing(story), story.gold, story.lines
    reopen(cast.cleo, story.project, story.article.pk)
    eve = story.join("eve")
    story.read(eve, {**ADA, "r": ("rejected", "STANCE", {"polarity": "oppose"})}, LINKS)
    case = story.open()
    assert story.open_words == ["the plan · span"], "she marks what was settled as nothing; the rest she says too"
    assert (story.gold, story.lines) == (gold, lines), "and gold keeps what was settled until somebody decides"
    decided = {key: value for key, value in before.items() if value[2]}
    assert decided.items() <= standing(story).items()
    assert [case.decisions[key].outcome for key in case.flagged] == ["neither"]
    story.decide("the plan", "took", eve)
    story.publish()
    sound()


# A new version of the codebook


def rename(project: Project, cast: Cast) -> None:
    """STANCE becomes POSITION."""
    moved(project, cast, RENAME, position)
    project.refresh_from_db()


def retire_mixed(project: Project, cast: Cast) -> None:
    moved(project, cast, {MIXED: Fate("retire")}, retire_value("STANCE", "polarity", "mixed"))
    project.refresh_from_db()


def by_round(story: Story) -> list[AnnotationSet]:
    return [fresh(one) for one in AnnotationSet.objects.filter(project=story.project, voice=GOLD).order_by("round")]


def by_people(story: Story, round: int) -> dict[str, tuple[Any, ...]]:
    found = Decision.objects.filter(gold_set=by_round(story)[round - 1], superseded_by=None, by__isnull=False)
    return {str(one.pk): (one.key, one.outcome, one.by_id, one.members, one.choice) for one in found}


def open_keys(case: Case) -> set[str]:
    return {one.key for one in case.open_differences}


def take(case: Case, by: User, which: Callable[[list[str]], str] = min) -> Case:
    """The first open difference as one of its readings has it."""
    one = case.open_differences[0]
    voice = which(list(case.comparison.groups[one.group].members))
    choice = Choice("took", voice=voice)
    return decide(by, case.project, case.article.pk, gesture=uuid.uuid4(), key=one.key, choice=choice)


def test_a_new_version_in_the_middle_of_settling_keeps_decisions_and_flags_what_retired(cast: Cast) -> None:
    story = Story(cast)
    for reader, spans in ((cast.ada, ADA), (cast.ben, BEN)):
        story.read(reader, spans, LINKS)
    story.open()
    story.decide("rejected", "took", cast.ben, name="polarity")
    story.decide("the plan", "neither")
    before, gold = by_people(story, 1), story.gold
    retire_mixed(story.project, cast)
    assert (by_people(story, 1), story.gold) == (before, gold)
    assert story.open_words == ["rejected · span", "rejected · attribute · polarity"], "of what retired, and only that"
    story.decide("rejected", "took", cast.ada, name="polarity")
    while story.case.open_differences:
        take(story.case, cast.cleo)
    story.publish()
    assert dict(zip(("quote", "label", "answers"), story.gold[1], strict=True))["answers"] == {"polarity": "oppose"}
    sound()


def test_a_new_version_while_the_second_waits_for_the_first(cast: Cast) -> None:
    story = twofold(cast)
    story.open()
    story.decide("rejected", "took", cast.ada, name="polarity")
    before = by_people(story, 1)
    rename(story.project, cast)
    assert by_people(story, 1) == before
    settle(story, cast.cleo, cast.ada)
    settle(story, person("zoe"), cast.ben)
    assert [one.label_set.number for one in by_round(story)] == [2, 2]
    assert before.items() <= by_people(story, 1).items()
    sound()


def test_a_new_version_in_the_middle_of_a_second_settling_keeps_both(cast: Cast) -> None:
    story, zoe = twofold(cast), person("zoe")
    settle(story, cast.cleo, cast.ada)
    case = open_case(zoe, story.project, story.article.pk)
    left = len(case.open_differences)
    case = take(case, zoe, max)
    first, second = by_people(story, 1), by_people(story, 2)
    rename(story.project, cast)
    assert (by_people(story, 1), by_people(story, 2)) == (first, second)
    gold, own = by_round(story)
    assert (gold.label_set.number, gold.state) == (1, "closed"), "what is published stays as it was settled"
    assert (own.label_set.number, "STANCE" in labels(own)) == (2, False)
    assert len(case_for(zoe, story.project, story.article.pk).open_differences) == left - 1, "nothing is asked again"
    settle(story, zoe, cast.ada)
    assert second.items() <= by_people(story, 2).items()
    (twice,) = settled_twice_for(cast.dora, story.project)
    assert [one.heading for one in twice.differences if "Stance" in one.heading and "label" in one.heading] == []
    sound()


def test_a_retired_answer_is_asked_again_in_the_second_settling_too_and_nothing_else(cast: Cast) -> None:
    story, zoe = twofold(cast), person("zoe")
    settle(story, cast.cleo, cast.ada)
    open_case(zoe, story.project, story.article.pk)
    settle_but_hand_in(story, zoe, cast.ben)
    assert open_keys(case_for(zoe, story.project, story.article.pk)) == set()
    second = by_people(story, 2)
    retire_mixed(story.project, cast)
    case = case_for(zoe, story.project, story.article.pk)
    assert by_people(story, 2) == second
    assert {one.name for one in case.open_differences} == {None, "polarity"}
    assert {case.comparison.groups[one.group].labels for one in case.open_differences} == {("STANCE",)}
    settle(story, zoe, cast.ben)
    assert SecondSettling.objects.get(project=story.project).state == "done"
    sound()


def settle_but_hand_in(story: Story, by: User, like: User) -> None:
    case = case_for(by, story.project, story.article.pk)
    while case.open_differences:
        one, voice = case.open_differences[0], story.voice(like)
        has_it = voice in case.comparison.groups[one.group].members
        choice = Choice("took", voice=voice) if has_it else Choice("neither")
        case = decide(by, story.project, story.article.pk, gesture=uuid.uuid4(), key=one.key, choice=choice)


def test_the_first_reopened_over_the_second_comes_along_and_keeps_what_was_settled(cast: Cast) -> None:
    story, zoe = twofold(cast), person("zoe")
    settle(story, cast.cleo, cast.ada)
    settle(story, zoe, cast.ben)
    rename(story.project, cast)
    before = by_people(story, 1)
    reopen(cast.cleo, story.project, story.article.pk)
    assert (by_people(story, 1), by_round(story)[0].label_set.number) == (before, 2)
    assert open_case(cast.cleo, story.project, story.article.pk).open_differences == []
    publish(cast.cleo, story.project, story.article.pk)
    assert by_people(story, 1) == before
    assert [one.label_set.number for one in by_round(story)] == [2, 1], "what was handed in stays under its version"
    assert settled_twice_for(cast.dora, story.project)
    sound()


def trained(school: School, *, at: int = 0) -> TrainingResult:
    return TrainingResult.objects.filter(assignment__project=school.project).order_by("assignment__round")[at]


def test_a_new_version_in_the_middle_of_training_costs_no_point(cast: Cast) -> None:
    """Gold is another project's, and stays under the version before."""
    school = School(cast)
    reading = school.begin(school.zoe)
    mark_well(reading, school.zoe)
    rename(school.project, cast)
    assert labels(fresh(reading)) == ["ACTOR", "POSITION"]
    submitted(reading, school.zoe)
    result = trained(school)
    assert (result.exact, result.wanted, result.asked, result.alike, result.is_passed) == (2, 2, 1, 1, True)
    page = client_of(school.zoe).get(f"/sets/{reading.pk}/gold/").content.decode()
    assert "2 as you marked them" in page, "the page says the same as the score"
    sound()


def test_training_under_the_version_before_is_measured_by_gold_that_moved_on(cast: Cast) -> None:
    """The older project moves and publishes anew; the readers of this one go on as they were."""
    school = School(cast)
    reading = school.begin(school.zoe)
    mark_well(reading, school.zoe)
    rename(school.older, cast)
    text = school.texts[0].pk
    reopen(cast.cleo, school.older, text)
    open_case(cast.cleo, school.older, text)
    publish(cast.cleo, school.older, text)
    submitted(reading, school.zoe)
    result = trained(school)
    assert (result.exact, result.wanted, result.asked, result.alike) == (2, 2, 1, 1)
    page = client_of(school.zoe).get(f"/sets/{reading.pk}/gold/").content.decode()
    assert "2 as you marked them" in page
    sound()


def test_what_was_trained_before_a_new_version_stays_passed(cast: Cast) -> None:
    school = School(cast)
    school.pass_all(school.zoe)
    before = list(TrainingResult.objects.order_by("pk").values())
    rename(school.project, cast)
    assert list(TrainingResult.objects.order_by("pk").values()) == before
    following = school.next(school.zoe)
    assert following is not None and (following.article_id, following.purpose) == (school.pool.pk, "reading")


def test_a_new_version_in_the_middle_of_a_second_reading_is_no_change_of_mind(cast: Cast) -> None:
    project = repeating(cast, 2, repeat_articles=1)
    for _ in range(2):
        own = started_set(project, cast.ada)
        mark(own, cast.ada, "spoke", "STANCE", polarity="oppose")
        first = submitted(own, cast.ada)
    again = started_set(project, cast.ada)
    assert again.round == 2
    mark(again, cast.ada, "spoke", "STANCE", polarity="oppose")
    rename(project, cast)
    assert (labels(fresh(again)), labels(first)) == (["POSITION"], ["STANCE"])
    submitted(fresh(again), cast.ada)
    assert len(repeats_for(cast.dora, project).articles) == 1
    told = json.loads(client_of(cast.dora).get(f"/projects/{project.slug}/agreement.json?compared=self").content)
    estimates = {one["estimate"] for one in told["figures"] if one["coefficient"].startswith("f1") and one["units"]}
    assert estimates == {1.0}
    sound()
