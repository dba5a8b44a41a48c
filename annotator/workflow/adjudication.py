"""Settling: from the readers' submissions to gold, each item with the decision and judgements behind it.

Readers' own labels are never touched. Keys of what is to be settled follow from the judgements, so that
recomputing the comparison keeps what was decided.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from django.db import IntegrityError, transaction

from annotator.accounts.models import User
from annotator.annotation.actions import Edit, step_back, step_forward
from annotator.annotation.models import GOLD, AnnotationSet, Submission
from annotator.errors import Conflict, Forbidden, Unknown
from annotator.log.actions import AlreadyDone, gesture, new_chain
from annotator.log.checkpoints import seal
from annotator.projects.access import roles_in
from annotator.projects.models import Project, ProjectArticle
from annotator.workflow.actions import content_submission
from annotator.workflow.cases import Case, Choice, counted, voices_of
from annotator.workflow.comparison import compare
from annotator.workflow.models import Assignment, Decision
from annotator.workflow.queries import judgements_of
from annotator.workflow.settling import Settling
from annotator.workflow.states import COUNTING


def case_for(user: User, project: Project, article_id: uuid.UUID) -> Case:
    """The case, for reading. Raises Unknown, Forbidden (also to a reader of the article), Conflict."""
    row = _row_for(user, project, article_id)
    gold_set = _gold_set(project, row.article_id).first()
    if gold_set is None:
        raise Conflict("This article waits to be opened for settling.", code="not_opened")
    return _load(project, row, gold_set)


def open_case(user: User, project: Project, article_id: uuid.UUID) -> Case:
    """Make the gold set if there is none, write into it what all readers agree on, and load the case."""
    row = _row_for(user, project, article_id)
    if not _gold_set(project, row.article_id).exists():
        _new_gold_set(project, row, user)
    with transaction.atomic():
        case = _locked_case(project, row)
        if case.gold_set.is_open:
            _take_agreed(case, user)
    return case


def decide(user: User, project: Project, article_id: uuid.UUID, *, gesture: uuid.UUID, key: str, choice: Choice) -> Case:
    """Settle one difference, or settle it anew: the later decision supersedes the earlier one."""
    row = _row_for(user, project, article_id)
    asked = {"key": key, "outcome": choice.outcome, "voice": choice.voice, "values": dict(choice.values),
             "rule": choice.rule, "note": choice.note}  # fmt: skip
    try:
        with _gold_edit(project, row, user, gesture, "decide", asked) as (case, edit):
            if edit is not None:
                Settling(case, edit, user).settle(case.difference(key), choice)
    except IntegrityError as error:
        raise Conflict("Gold has these very words under this label already.", code="span_exists") from error
    return _load(project, row, case.gold_set)


def undo_decision(user: User, project: Project, article_id: uuid.UUID, *, gesture: uuid.UUID) -> Case:
    return _step(user, project, article_id, gesture, "undo")


def redo_decision(user: User, project: Project, article_id: uuid.UUID, *, gesture: uuid.UUID) -> Case:
    return _step(user, project, article_id, gesture, "redo")


def publish(user: User, project: Project, article_id: uuid.UUID) -> Submission:
    """Close the gold set and let it out. Refused while a difference is open; a second time changes nothing."""
    row = _row_for(user, project, article_id)
    with transaction.atomic():
        case = _locked_case(project, row)
        if not case.gold_set.is_open:
            return case.gold_set.submissions.latest("number")
        if case.open_differences:
            raise Conflict(f"{len(case.open_differences)} differences are still open.", code="differences_open")
        with gesture(case.gold_set.chain, by=user, action="publish", locked=True) as current:
            submission = current.add(content_submission(case.gold_set))
            current.change(case.gold_set, state="closed")
        _set_stage(project, row, user, "gold", "publish")
        seal(f"gold of article {row.article_id} published", _chains(case))
    return submission


def reopen(user: User, project: Project, article_id: uuid.UUID) -> None:
    """Take published gold back to the desk; all decisions stand and can be superseded."""
    row = _row_for(user, project, article_id)
    with transaction.atomic():
        gold_set = _gold_set(project, row.article_id).first()
        if gold_set is None or gold_set.is_open:
            raise Conflict("This article is not published.", code="not_published")
        with gesture(gold_set.chain, by=user, action="reopen") as current:
            gold_set.refresh_from_db(fields=["state"])
            current.change(gold_set, state="open")
        _set_stage(project, row, user, "settling", "reopen")


def release_to_readers(user: User, project: Project, article_id: uuid.UUID) -> None:
    """Blindness ends: the article's readers may see gold and one another's work. Needs published gold."""
    if "manager" not in roles_in(user, project):
        raise Forbidden("Only a manager releases an article to its readers.")
    row = ProjectArticle.objects.filter(project=project, article=article_id).first()
    if row is None:
        raise Unknown()
    with transaction.atomic():
        with gesture(project.chain, by=user, action="release") as current:
            row.refresh_from_db()
            if row.stage != "gold":
                raise Conflict("Only an article with published gold can be released.", code="not_published")
            current.change(row, stage="released")
            for assignment in Assignment.objects.filter(project=project, article=article_id, state="submitted"):
                current.change(assignment, state="released")


# Loading


def _row_for(user: User, project: Project, article_id: uuid.UUID) -> ProjectArticle:
    if not roles_in(user, project) & {"adjudicator", "manager"}:
        raise Forbidden("Only an adjudicator of the project settles differences.")
    row = ProjectArticle.objects.select_related("article").filter(project=project, article=article_id).first()
    if row is None:
        raise Unknown()
    own = Assignment.objects.filter(project=project, article=article_id, reviewer=user, state__in=COUNTING)
    if own.exists():
        raise Forbidden("You have a place among the readers of this article; another adjudicator settles it.")
    if row.stage == "reading":
        raise Conflict("Not all readings of this article are in yet.", code="readings_missing")
    return row


def _gold_set(project: Project, article_id: uuid.UUID) -> Any:
    sets = AnnotationSet.objects.filter(project=project, article=article_id, voice=GOLD, round=1)
    return sets.select_related("chain", "project", "article", "label_set").defer("label_set__body")


def _new_gold_set(project: Project, row: ProjectArticle, user: User) -> None:
    """Two adjudicators may come at once; the second finds the first one's set."""
    with suppress(IntegrityError), transaction.atomic():
        chain = new_chain("set")
        with gesture(chain, by=user, action="open_set") as current:
            current.add(
                AnnotationSet(
                    project=project, article_id=row.article_id, voice=GOLD, label_set_id=project.label_set_id,
                    chain=chain,
                )
            )  # fmt: skip


def _load(project: Project, row: ProjectArticle, gold_set: AnnotationSet) -> Case:
    submissions = {str(submission.pk): submission for submission in judgements_of(project, row.article_id)}
    codebook = gold_set.label_set.codebook
    comparison = compare(
        voices_of(submissions.values(), codebook),
        compared=lambda label: counted(codebook, label),
        symmetric={relation.key for relation in codebook.relations if relation.symmetric},
    )
    decisions = _standing(gold_set)
    return Case(project, row.article, row, gold_set, submissions, comparison, decisions)


def _standing(gold_set: AnnotationSet) -> dict[str, Decision]:
    """The latest decision on each subject."""
    superseded = Decision.objects.filter(gold_set=gold_set, supersedes__isnull=False).values("supersedes")
    standing = Decision.objects.filter(gold_set=gold_set).exclude(pk__in=superseded).select_related("note", "by")
    return {decision.key: decision for decision in standing}


def _locked_case(project: Project, row: ProjectArticle) -> Case:
    gold_set = _gold_set(project, row.article_id).select_for_update(of=("self", "chain")).first()
    if gold_set is None:
        raise Conflict("This article waits to be opened for settling.", code="not_opened")
    return _load(project, row, gold_set)


def _chains(case: Case) -> set[uuid.UUID]:
    """The chains that the gold of an article rests on."""
    readers = {submission.annotation_set.chain_id for submission in case.submissions.values()}
    return {case.gold_set.chain_id, case.project.chain_id, *readers}


# Writing gold


def _take_agreed(case: Case, user: User) -> None:
    """Write what all agree on and what is not in gold yet, as one gesture."""
    fresh = [group for group in case.comparison.groups.values() if group.identical and group.key not in case.decisions]
    if not fresh:
        return
    with gesture(case.gold_set.chain, by=user, action="take_agreed") as current:
        settling = Settling(case, Edit(current, case.gold_set, case.article.text), user)
        with current.batched():
            for group in fresh:
                settling.agree(group)
    case.decisions = _standing(case.gold_set)


@contextmanager
def _gold_edit(
    project: Project, row: ProjectArticle, user: User, id: uuid.UUID, action: str, asked: Mapping[str, Any]
) -> Iterator[tuple[Case, Edit | None]]:
    """The case with gold set and chain locked, and an edit of it; no edit when the gesture came before."""
    with transaction.atomic():
        case = _locked_case(project, row)
        try:
            with gesture(case.gold_set.chain, by=user, action=action, id=id, asked=asked, locked=True) as current:
                if not case.gold_set.is_open:
                    raise Conflict("This article's gold is published; reopen it first.", code="set_closed")
                current.tops = (current.seq, None)
                yield case, Edit(current, case.gold_set, case.article.text)
                return
        except AlreadyDone:
            pass
        yield case, None


def _step(user: User, project: Project, article_id: uuid.UUID, id: uuid.UUID, action: str) -> Case:
    row = _row_for(user, project, article_id)
    with _gold_edit(project, row, user, id, action, {}) as (case, edit):
        if edit is not None:
            step_back(edit) if action == "undo" else step_forward(edit)
    return _load(project, row, case.gold_set)


def _set_stage(project: Project, row: ProjectArticle, user: User, stage: str, action: str) -> None:
    with gesture(project.chain, by=user, action=action) as current:
        row.refresh_from_db()
        if row.stage != stage:
            current.change(row, stage=stage)
