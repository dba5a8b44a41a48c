"""Settling: from the readers' submissions to gold, each item with the decision and judgements behind it.

Readers' own labels are never touched. Keys of what is to be settled follow from the judgements, so that
recomputing the comparison keeps what was decided. Who settles an article a second time has a gold set of their own
on the desk, and the same verbs: it is handed in by `publish`, and the first gold stays the gold.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from annotator.accounts.models import User
from annotator.annotation.editing import Edit, step_back, step_forward
from annotator.annotation.models import GOLD, AnnotationSet, Submission
from annotator.errors import Conflict, Forbidden, Problem, Unknown
from annotator.log.actions import AlreadyDone, gesture, new_chain
from annotator.log.checkpoints import seal
from annotator.projects.access import roles_in
from annotator.projects.actions import set_stage
from annotator.projects.models import Project, ProjectArticle
from annotator.registers.search import Search
from annotator.workflow.actions import content_submission
from annotator.workflow.cases import (
    Case,
    Choice,
    rules_of,
)
from annotator.workflow.comparison import Difference
from annotator.workflow.loading import load
from annotator.workflow.models import Assignment, SecondSettling
from annotator.workflow.moving import bring_up_to_date
from annotator.workflow.queries import blinding
from annotator.workflow.seconds import begin_second, check_first_is_done, choose_second, hand_in_second, second_of
from annotator.workflow.settling import Settling
from annotator.workflow.states import COUNTING


def case_for(user: User, project: Project, article_id: uuid.UUID) -> Case:
    """The case, for reading. Raises Unknown, Forbidden (also to a reader of the article), Conflict."""
    row, second = _desk_for(user, project, article_id)
    gold_set = _gold_set(project, row.article_id, second).first()
    if gold_set is None:
        raise Conflict("This article waits to be opened for settling.", code="not_opened")
    return load(project, row, gold_set)


def search_for(user: User, project: Project, article_id: uuid.UUID, list_name: str) -> Search:
    """Where entries are looked for while the case is settled. Raises what `case_for` raises."""
    row, second = _desk_for(user, project, article_id)
    gold_set = _gold_set(project, row.article_id, second).first()
    if gold_set is None:
        raise Conflict("This article waits to be opened for settling.", code="not_opened")
    return Search(user, project.pk, article_id, gold_set.label_set, list_name)


def open_case(user: User, project: Project, article_id: uuid.UUID) -> Case:
    """Make the gold set if there is none, write into it what settles itself, and load the case.

    After late readings this takes in what they changed. Opening twice changes nothing.
    """
    row, second = _desk_for(user, project, article_id)
    if not _gold_set(project, row.article_id, second).exists():
        _new_gold_set(project, row, user, second)
    with transaction.atomic():
        case = _locked_case(user, project, article_id)
        if case.gold_set.is_open:
            _settle_itself(case, user)
    return load(project, row, case.gold_set)


def decide(
    user: User,
    project: Project,
    article_id: uuid.UUID,
    *,
    gesture: uuid.UUID,
    key: str,
    choice: Choice,
    seen: str | None = None,
    alike: bool = False,
) -> Case:
    """Settle one difference, or settle it anew: the later decision supersedes the earlier one.

    `seen`: id of the decision that stood when the person looked, "" for none; when another one stands by now the
    choice is refused with it (Conflict), so that two adjudicators never settle the same thing. `alike`: settle
    all open differences of the same pattern with it, as one gesture.
    """
    asked = {"key": key, "outcome": choice.outcome, "voice": choice.voice, "values": _plain(choice.values),
             "rule": choice.rule, "note": choice.note, "alike": alike}  # fmt: skip
    try:
        with _gold_edit(user, project, article_id, gesture, "decide", asked) as (case, edit):
            if edit is not None:
                difference = case.difference(key)
                _check_timely(case, difference, seen)
                settling = Settling(case, edit, user)
                for one in case.alike(difference) if alike else [difference]:
                    settling.decide(one, choice)
                settling.finish()
    except IntegrityError as error:
        raise Conflict("Gold has these very words under this label already.", code="span_exists") from error
    return load(project, case.row, case.gold_set)


def undo_decision(
    user: User, project: Project, article_id: uuid.UUID, *, gesture: uuid.UUID, version: int | None = None
) -> Case:
    """Take back the last decision. `version`: of gold as the person saw it; when it has moved on, Conflict."""
    return _step(user, project, article_id, gesture, "undo", version)


def redo_decision(
    user: User, project: Project, article_id: uuid.UUID, *, gesture: uuid.UUID, version: int | None = None
) -> Case:
    return _step(user, project, article_id, gesture, "redo", version)


def publish(user: User, project: Project, article_id: uuid.UUID, *, round: int | None = None) -> Submission:
    """Close the gold set and let it out; a second settling is handed in, and stays beside the gold.

    Refused while a difference is open; a second time changes nothing. `round`: of the gold set that the person saw;
    when it is not theirs any more, Conflict.
    """
    with transaction.atomic():
        case = _locked_case(user, project, article_id)
        if round not in (None, case.gold_set.round):
            raise Conflict("This settling is handed in, or was taken over, already.", code="not_on_desk")
        if not case.gold_set.is_open:
            return case.gold_set.submissions.latest("number")
        if not case.submissions:
            raise Conflict("Nobody has handed in a reading of this article.", code="readings_missing")
        if case.open_differences:
            count = len(case.open_differences)
            what = "One difference is" if count == 1 else f"{count} differences are"
            raise Conflict(f"{what} still open.", code="differences_open")
        _settle_itself(case, user)
        with gesture(case.gold_set.chain, by=user, action="publish", locked=True) as current:
            submission = current.add(content_submission(case.gold_set))
            current.change(case.gold_set, state="closed")
        _let_out(case, user)
    return submission


def _let_out(case: Case, user: User) -> None:
    second = second_of(user, case.project, case.row.article_id)
    if second is not None:
        hand_in_second(second, by=user)
    else:
        _set_stage(case.project, case.row, user, "gold", "publish", before=("settling",))
    readers = {submission.annotation_set.chain_id for submission in case.submissions.values()}
    what = "second settling" if second else "gold"
    chains = {case.gold_set.chain_id, case.project.chain_id, *readers}
    seal(f"{what} of article {case.row.article_id} {'handed in' if second else 'published'}", chains)


def reopen(user: User, project: Project, article_id: uuid.UUID) -> None:
    """Take published gold back to the desk; all decisions stand and can be superseded."""
    row, second = _desk_for(user, project, article_id)
    if second is not None:
        raise Forbidden("You settle this article a second time; another adjudicator reopens the first.")
    with transaction.atomic():
        gold_set = _gold_set(project, row.article_id).select_for_update(of=("self", "chain")).first()
        if gold_set is None or gold_set.is_open:
            raise Conflict("This article is not published.", code="not_published")
        with gesture(gold_set.chain, by=user, action="reopen", locked=True) as current:
            current.change(gold_set, state="open")
        bring_up_to_date(gold_set, by=user)
        _set_stage(project, row, user, "settling", "reopen", before=("gold", "released"))


def set_rules(user: User, project: Project, settling: Mapping[str, Any]) -> None:
    """Say what settles itself from now on: `majority`, `boundary`, `attributes` as in `settlement.Rules`.

    What was settled before stays as it was until its article is opened again. Raises Forbidden, Problem.
    """
    if "manager" not in roles_in(user, project):
        raise Forbidden("Only a manager says what settles itself.")
    with gesture(project.chain, by=user, action="set_rules") as current:
        fresh = Project.objects.select_related("chain").get(pk=project.pk)
        current.change(fresh, settling=dict(settling))
        try:
            rules_of(fresh)
        except (TypeError, ValueError) as error:
            raise Problem(f"These rules cannot be used: {error}", code="bad_rules", field="settling") from error
    project.settling = fresh.settling


def release_to_readers(user: User, project: Project, article_id: uuid.UUID) -> None:
    """Blindness ends: the article's readers may see gold and one another's work. Needs published gold.

    Not for one of several readers: being refused or not would tell them whether the others are done.
    """
    if "manager" not in roles_in(user, project):
        raise Forbidden("Only a manager releases an article to its readers.")
    row = ProjectArticle.objects.filter(project=project, article=article_id).first()
    if row is None:
        raise Unknown()
    if project.redundancy > 1 and blinding(user).filter(project=project, article=article_id).exists():
        raise Forbidden("You read this article yourself; another manager opens it to its readers.")
    with transaction.atomic(), gesture(project.chain, by=user, action="release") as current:
        row.refresh_from_db()
        if row.stage != "gold":
            raise Conflict("Only an article with published gold can be released.", code="not_published")
        set_stage(current, row, "released")
        for assignment in Assignment.objects.filter(project=project, article=article_id, state="submitted"):
            current.change(assignment, state="released")
        for assignment in Assignment.objects.filter(project=project, article=article_id, state="lapsed"):
            current.change(assignment, state="withdrawn")


# The way to the desk


def _row_for(user: User, project: Project, article_id: uuid.UUID) -> ProjectArticle:
    if not roles_in(user, project) & {"adjudicator", "manager"}:
        raise Forbidden("Only an adjudicator of the project settles differences.")
    row = ProjectArticle.objects.select_related("article").filter(project=project, article=article_id).first()
    if row is None:
        raise Unknown()
    own = Assignment.objects.filter(project=project, article=article_id, reviewer=user, state__in=COUNTING)
    if own.exists():
        raise Forbidden("You have a place among the readers of this article; another adjudicator settles it.")
    if row.article.withdrawn_at is not None:
        raise Conflict("This article was withdrawn; there is nothing left to settle.", code="withdrawn")
    if row.stage == "training":
        raise Conflict("This article is for training; its gold was settled in another project.", code="training")
    if row.stage == "reading":
        raise Conflict("Not all readings of this article are in yet.", code="readings_missing")
    return row


def _desk_for(user: User, project: Project, article_id: uuid.UUID) -> tuple[ProjectArticle, SecondSettling | None]:
    """The article, and the person's own second settling of it where that is what they do.

    Raises what `_row_for` does, and Conflict before the first settling is done.
    """
    row, second = _row_for(user, project, article_id), second_of(user, project, article_id)
    if second is not None:
        check_first_is_done(second)
    return row, second


def _gold_set(project: Project, article_id: uuid.UUID, second: SecondSettling | None = None) -> Any:
    which = {"round": 1} if second is None else {"pk": second.gold_set_id}
    sets = AnnotationSet.objects.filter(project=project, article=article_id, voice=GOLD, **which)
    return sets.select_related("chain", "project", "article", "label_set").defer("label_set__body")


def _new_gold_set(project: Project, row: ProjectArticle, user: User, second: SecondSettling | None) -> None:
    """Two adjudicators may come at once; the later one finds the other's set."""
    with suppress(IntegrityError), transaction.atomic():
        gold = AnnotationSet.objects.filter(project=project, article=row.article_id, voice=GOLD)
        round = (gold.aggregate(last=Max("round"))["last"] or 1) + 1 if second else 1
        chain = new_chain("set", log=project.chain_id)
        with gesture(chain, by=user, action="open_set") as current:
            gold_set = current.add(
                AnnotationSet(
                    project=project, article_id=row.article_id, voice=GOLD, round=round,
                    label_set_id=project.label_set_id, chain=chain,
                )
            )  # fmt: skip
        if second is None:
            choose_second(project, row, by=user)
        else:
            begin_second(second, gold_set, by=user)


def _locked_case(user: User, project: Project, article_id: uuid.UUID) -> Case:
    """The case with gold set and chain locked. The door is passed behind the lock, where states have settled."""
    second = second_of(user, project, article_id)
    gold_set = _gold_set(project, article_id, second).select_for_update(of=("self", "chain")).first()
    row = _row_for(user, project, article_id)
    if gold_set is None:
        raise Conflict("This article waits to be opened for settling.", code="not_opened")
    if gold_set.is_open and gold_set.label_set_id != project.label_set_id:
        bring_up_to_date(gold_set, by=user)
        gold_set = _gold_set(project, article_id, second).get()
    return load(project, row, gold_set)


# Writing gold


def _settle_itself(case: Case, user: User) -> None:
    """What the rules settle and gold does not have yet, as one gesture; nothing when there is nothing new."""
    with gesture(case.gold_set.chain, by=user, action="take_agreed", locked=True) as current, current.batched():
        Settling(case, Edit(current, case.gold_set, case.article.text), user).finish()


@contextmanager
def _gold_edit(
    user: User, project: Project, article_id: uuid.UUID, id: uuid.UUID, action: str, asked: Mapping[str, Any]
) -> Iterator[tuple[Case, Edit | None]]:
    """The case with gold set and chain locked, and an edit of it; no edit when the gesture came before."""
    with transaction.atomic():
        case = _locked_case(user, project, article_id)
        try:
            with gesture(case.gold_set.chain, by=user, action=action, id=id, asked=asked, locked=True) as current:
                if not case.gold_set.is_open:
                    raise Conflict("This article's gold is published; reopen it first.", code="set_closed")
                with current.batched():
                    current.tops = (current.seq, None)
                    yield case, Edit(current, case.gold_set, case.article.text)
                return
        except AlreadyDone:
            pass
        yield case, None


def _check_timely(case: Case, difference: Difference, seen: str | None) -> None:
    """Raises Conflict, with what stands, when somebody else has decided since the person looked."""
    decision = case.decisions.get(difference.key)
    stands = str(decision.pk) if decision is not None else ""
    if seen is not None and seen != stands:
        who = decision.by.username if decision is not None and decision.by else "a rule of the project"
        what = f"Settled by {who} in the meantime" if decision is not None else "Taken back in the meantime"
        state = {"decision": stands, "outcome": decision.outcome if decision is not None else ""}
        raise Conflict(f"{what}. Look at it again, then decide.", code="decided_meanwhile", state=state)
    if case.is_gone(difference):
        raise Conflict("There is nothing left to decide here: it falls away with what it hangs on.", code="gone")


def _plain(value: Any) -> Any:
    """The values of a choice as JSON, for telling a repeated gesture from another one."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value if isinstance(value, str | bool | int | float) or value is None else str(value)


def _step(user: User, project: Project, article_id: uuid.UUID, id: uuid.UUID, action: str, version: int | None) -> Case:
    asked = {"version": version} if version is not None else {}
    with _gold_edit(user, project, article_id, id, action, asked) as (case, edit):
        if edit is not None:
            if version is not None and version != case.gold_set.chain.length:
                raise Conflict(
                    "Somebody else has decided in the meantime. Look at it again first.", code="decided_meanwhile"
                )
            step_back(edit) if action == "undo" else step_forward(edit)
    return load(project, case.row, case.gold_set)


def _set_stage(
    project: Project, row: ProjectArticle, user: User, stage: str, action: str, *, before: Sequence[str]
) -> None:
    """Move the article on. Raises Conflict when it is not where the move begins."""
    with gesture(project.chain, by=user, action=action) as current:
        row.refresh_from_db(fields=["stage"])
        if row.stage not in before:
            raise Conflict("The readings of this article have changed in the meantime.", code="wrong_stage")
        set_stage(current, row, stage)
