"""Agreement of readings that were made under several versions of a codebook: compared under the newest, as it reads."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotator.accounts.models import User
from annotator.agreement import kept
from annotator.agreement.parts import Part, Question
from annotator.agreement.study import Chosen, Study, study_for
from annotator.annotation.models import AnnotationSet
from annotator.projects.models import Project
from annotator.schema.mapping import Fate, Mapped
from annotator.workflow.actions import assign, start
from corpus.models import Article
from tests.annotator.schema.books import Data, add_label, add_value, attribute, label, retire, retire_value
from tests.annotator.workflow.test_moving import RENAME, RETIRE, STANCE, moved, position
from tests.builders import Cast, make_article, make_project, mark, submitted

pytestmark = pytest.mark.django_db

TEXT = "The minister rejected the plan.\nThe union called the plan a first step."
POLARITY = Question("STANCE", "polarity")


def read(project: Project, article: Article, reader: User, *marks: tuple[str, str, dict[str, Any]]) -> AnnotationSet:
    reading = start(assign(project, article, by=None, reviewer=reader), by=reader).annotation_set
    assert reading is not None
    for quote, key, answers in marks:
        mark(reading, reader, quote, key, **answers)
    return submitted(reading, reader)


def study(project: Project, user: User, **chosen: str) -> Study:
    return study_for(user, Project.objects.get(pk=project.pk), Chosen(**chosen))


def between_two(
    cast: Cast,
    mapped: Mapped,
    *changes: Callable[[Data], object],
    ada: tuple[str, str, dict[str, Any]],
    ben: tuple[str, str, dict[str, Any]],
) -> Project:
    """Ada reads, the project moves, Ben reads the same article; nothing else is marked."""
    article = make_article(TEXT)
    project = make_project(cast, article)
    read(project, article, cast.ada, ada)
    moved(project, cast, mapped, *changes)
    read(project, article, cast.ben, ben)
    return project


def only_part(project: Project, cast: Cast) -> Part:
    (part,) = study(project, cast.dora).parts
    return part


def labels(part: Part) -> list[set[str]]:
    """By slot; the slots are in the order of the readers' ids."""
    return [{found for _, _, found in marks} for marks in part.places]


def codes(part: Part, question: Question) -> list[list[object]]:
    return [sorted(map(str, given)) for _, given in part.answers.get(question, ())]


PLAN = "rejected the plan"


def test_a_label_that_was_renamed_is_the_same_label_with_its_answers(cast: Cast) -> None:
    said = {"polarity": "oppose"}
    project = between_two(cast, RENAME, position, ada=(PLAN, "STANCE", said), ben=(PLAN, "POSITION", said))
    part = only_part(project, cast)
    assert labels(part) == [{"POSITION"}, {"POSITION"}]
    assert codes(part, Question("POSITION", "polarity")) == [["oppose", "oppose"]]
    assert (sum(part.earlier), sum(part.apart)) == (1, 0)


def test_labels_that_were_merged_agree_where_they_now_say_the_same(cast: Cast) -> None:
    merge: Mapped = {STANCE: Fate("merge", ("CLAIM",))}
    project = between_two(
        cast, merge, retire("STANCE"), ada=(PLAN, "STANCE", {"polarity": "oppose"}), ben=(PLAN, "CLAIM", {})
    )
    part = only_part(project, cast)
    assert labels(part) == [{"CLAIM"}, {"CLAIM"}]
    assert sum(part.apart) == 0


def test_a_label_that_was_split_stands_as_it_was_judged_and_is_counted(cast: Cast) -> None:
    split: Mapped = {STANCE: Fate("split", ("FOR", "AGAINST"))}
    project = between_two(
        cast, split, add_label("FOR"), add_label("AGAINST"), retire("STANCE"),
        ada=(PLAN, "STANCE", {"polarity": "oppose"}), ben=(PLAN, "AGAINST", {}),
    )  # fmt: skip
    part = only_part(project, cast)
    assert sorted(map(sorted, labels(part))) == [["AGAINST"], ["STANCE"]]
    assert (sum(part.earlier), sum(part.apart)) == (1, 1)


def test_a_label_that_was_retired_stands_as_it_was_judged_and_is_counted(cast: Cast) -> None:
    project = between_two(
        cast, RETIRE, retire("STANCE"), ada=(PLAN, "STANCE", {"polarity": "oppose"}), ben=(PLAN, "CLAIM", {})
    )
    assert sum(only_part(project, cast).apart) == 1
    told = page(project, cast.dora)
    assert "1 reading was made under an earlier version of the codebook and is read here under version 2" in told
    assert "1 span or relation has no counterpart there and stands as judged" in told


def test_an_answer_that_was_renamed_is_the_same_answer(cast: Cast) -> None:
    mixed = ("label", "STANCE", "polarity", "mixed")
    project = between_two(
        cast, {mixed: Fate("rename", ("both",))}, add_value("STANCE", "polarity", "both"),
        retire_value("STANCE", "polarity", "mixed"),
        ada=(PLAN, "STANCE", {"polarity": "mixed"}), ben=(PLAN, "STANCE", {"polarity": "both"}),
    )  # fmt: skip
    assert codes(only_part(project, cast), POLARITY) == [["both", "both"]]


def test_who_read_before_a_question_was_added_did_not_leave_it_empty(cast: Cast) -> None:
    def ask(data: Data) -> None:
        fresh = {**attribute(data, "STANCE", "polarity"), "key": "tone", "name": "Tone", "required": False}
        label(data, "STANCE")["attributes"].append(fresh)

    said = {"polarity": "oppose"}
    project = between_two(cast, {}, ask, ada=(PLAN, "STANCE", said), ben=(PLAN, "STANCE", {**said, "tone": "support"}))
    part = only_part(project, cast)
    assert codes(part, Question("STANCE", "tone")) == [["None", "support"]]
    (tone,) = [
        one for one in study(project, cast.dora).report().attributes if one.question == Question("STANCE", "tone")
    ]
    assert (tone.figures[0].measure.units, tone.figures[0].measure.left_out) == (0, 1)


def test_who_reads_after_a_question_was_retired_does_not_leave_it_empty(cast: Cast) -> None:
    def no_longer_ask(data: Data) -> None:
        attribute(data, "STANCE", "polarity").update(retired=True, required=False)

    gone: Mapped = {("label", "STANCE", "polarity"): Fate("retire")}
    project = between_two(
        cast, gone, no_longer_ask, ada=(PLAN, "STANCE", {"polarity": "oppose"}), ben=(PLAN, "STANCE", {})
    )
    assert codes(only_part(project, cast), POLARITY) == [["None", "oppose"]]


def test_articles_read_before_and_after_a_move_are_compared_under_one_codebook(cast: Cast) -> None:
    """A label and its new name are not two categories of one coefficient."""
    project, first, _ = before_and_after(cast)
    found = study(project, cast.dora)
    assert [labels(part) for part in found.parts] == [[{"ACTOR", "POSITION"}] * 2] * 2
    report = found.report()
    assert list(report.by_label) == ["ACTOR", "POSITION"]
    assert (report.earlier, report.apart) == (2, 0)
    kept.forget()
    (old,) = study(project, cast.dora, version=version_of(project, cast, first)).parts
    assert labels(old) == [{"ACTOR", "STANCE"}] * 2
    assert sum(old.earlier) == 0


def test_what_was_worked_out_for_one_version_is_not_taken_for_another(cast: Cast) -> None:
    project, first, _ = before_and_after(cast)
    version = version_of(project, cast, first)
    for _ in range(2):
        assert {"POSITION"} <= set().union(*labels(study(project, cast.dora).parts[0]))
        assert {"STANCE"} <= set().union(*labels(study(project, cast.dora, version=version).parts[0]))


def test_the_paragraph_for_a_paper_and_the_files_tell_of_the_versions(cast: Cast) -> None:
    project, _, _ = before_and_after(cast)
    assert (
        "2 readings were made under an earlier version of the codebook and compared as they read under version 2."
        in (page(project, cast.dora))
    )
    client = Client()
    client.force_login(cast.dora)
    told = client.get(f"/projects/{project.slug}/agreement.json").json()
    assert told["compared_under"] == 2
    assert (told["readings_of_earlier_versions"], told["judgements_without_counterpart"]) == (2, 0)


def before_and_after(cast: Cast) -> tuple[Project, Article, Article]:
    """Both read one article, the project moves and renames a label, both read another."""
    first, second = make_article(TEXT), make_article(f"Again. {TEXT}")
    project = make_project(cast, first, second)
    actor = ("The minister", "ACTOR", {})
    for reader in (cast.ada, cast.ben):
        read(project, first, reader, actor, (PLAN, "STANCE", {"polarity": "oppose"}))
    moved(project, cast, RENAME, position)
    for reader in (cast.ada, cast.ben):
        read(project, second, reader, actor, (PLAN, "POSITION", {"polarity": "oppose"}))
    return project, first, second


def version_of(project: Project, cast: Cast, article: Article) -> str:
    found = study(project, cast.dora)
    return next(found.values_of("version", one)[0] for one in found.material.articles if one.article == article.pk)


def page(project: Project, user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(f"/projects/{project.slug}/agreement/").content.decode()
