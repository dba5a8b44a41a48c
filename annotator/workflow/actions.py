"""Who reads what: slots, claiming, handing in, sending back. Settling is in `adjudication.py`."""

import json
import uuid

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation import rules
from annotator.annotation.models import AnnotationSet, Submission
from annotator.annotation.queries import as_standoff, codebook_naming, set_for_writing
from annotator.annotation.time_on_task import start_clock
from annotator.errors import Conflict, Forbidden, Problem, Stale, Unknown, VersionMissing
from annotator.log.actions import AlreadyDone, Gesture, fingerprint, gesture, lock, new_chain, recall
from annotator.log.chain import canonical
from annotator.projects.actions import shuffled
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.registers.resolving import used_keys
from annotator.workflow.allotment import exact_agreement, is_suggested
from annotator.workflow.lapsing import release_stale
from annotator.workflow.models import Assignment
from annotator.workflow.moving import bring_up_to_date
from annotator.workflow.progress import assignable
from annotator.workflow.queries import free_place, judgements_of
from annotator.workflow.repeats import next_repeat
from annotator.workflow.slots import (
    back_to_reading,
    end,
    fit,
    has_room,
    has_settled,
    move,
    one_more_place,
    row_of,
    slots_of,
)
from annotator.workflow.states import PLACED, UNFINISHED, WRITING
from annotator.workflow.training import Lesson, measured, training_of
from corpus.models import Article, Region
from corpus.text import sha256


def claim_next(project: Project, *, by: User) -> Assignment | None:
    """The next article for this reader: work in hand first, then training, what was offered, and the pool.

    Between them comes, unannounced, what is read a second time.

    The pool is walked round the circle from the reader's own place, so that the order tells nothing
    of how many others have read an article. None when nothing is left or the reader's quota is full.
    Raises Forbidden.
    """
    release_stale(project, but=by)
    with transaction.atomic():
        lock(project.chain)
        membership = Membership.objects.filter(project=project, user=by, role="reviewer").first()
        if membership is None:
            raise Forbidden("Only reviewers of the project take articles.")
        at_hand = Assignment.objects.filter(project=project, reviewer=by, state__in=WRITING).order_by("changed_at")
        if (found := at_hand.first()) is not None:
            return found
        lesson = training_of(by, project).next
        if lesson is not None:
            return _begin(project, lesson.exercise.article_id, by, purpose="training", round=_next_round(lesson))
        again = next_repeat(project, by=by)
        if again is not None:
            return _begin(project, again, by, purpose="repeat", round=2)
        offered = Assignment.objects.filter(project=project, reviewer=by, state="offered").order_by("changed_at")
        slot = offered.first() or (_next_free(project, membership) if has_room(membership) else None)
        return None if slot is None else _start(project, slot, by)


def start(assignment: Assignment, *, by: User, elsewhere: bool = False) -> Assignment:
    """Open an offered assignment. Starting one that is under way changes nothing.

    `elsewhere`: the reading was done outside of this app and is entered now, so nothing was suggested to its reader.
    Raises Unknown to others, Conflict before training is over.
    """
    if assignment.reviewer_id != by.pk:
        raise Unknown()
    with transaction.atomic():
        lock(assignment.project.chain)
        assignment.refresh_from_db()
        if assignment.state != "offered":
            return assignment
        if not training_of(by, assignment.project).is_over:
            raise Conflict("The training articles come first; open the next one.", code="training_first")
        return _start(assignment.project, assignment, by, elsewhere)


def take_again(assignment: Assignment, *, by: User) -> Assignment:
    """Go on with an article that went back to the others untouched for too long, if it has a free place still.

    Raises Unknown to others, Conflict when others have taken it or the reader's quota is full.
    """
    project = assignment.project
    with transaction.atomic():
        annotation_set = None
        if assignment.annotation_set_id is not None:
            annotation_set = AnnotationSet.objects.select_related("chain").get(pk=assignment.annotation_set_id)
            lock(annotation_set.chain)
        lock(project.chain)
        assignment.refresh_from_db()
        _check_may_take_again(assignment, by)
        if annotation_set is None:
            _start(project, assignment, by)
        else:
            _reopen(annotation_set, by)
        with gesture(project.chain, by=by, action="take_again", locked=True) as current:
            if assignment.state == "lapsed":
                move(current, assignment, "started")
            fit(current, project, row_of(assignment))
    return assignment


def submit(
    set_id: uuid.UUID, *, by: User, gesture: uuid.UUID, version: int | None
) -> tuple[AnnotationSet, list[rules.Gap]]:
    """Hand a reading in. Returns the gaps: when any is an error, nothing was written.

    `version`: the set's, as the reader saw it. Raises VersionMissing, Stale, Conflict, Unknown.
    """
    with transaction.atomic():
        annotation_set = set_for_writing(by, set_id)
        try:
            recall(annotation_set.chain, gesture, fingerprint("submit", {"version": version}))
        except AlreadyDone:
            return annotation_set, []
        _check_submittable(annotation_set, version)
        gaps = gaps_of(annotation_set)
        if not any(gap.severity == "error" for gap in gaps):
            _hand_in(annotation_set, by, gesture, version)
    return annotation_set, gaps


def gaps_of(annotation_set: AnnotationSet) -> list[rules.Gap]:
    """What the codebook's checks find in the whole set."""
    furniture = Region.objects.filter(article=annotation_set.article_id).exclude(kind__in=Region.READ)
    places = list(furniture.values_list("start", "end"))
    text = as_standoff(annotation_set)
    answers = [
        *((one.label, one.attributes) for one in text.spans),
        *((one.type, one.attributes) for one in text.relations),
    ]
    used = used_keys(annotation_set.label_set.codebook, answers)
    return rules.gaps(codebook_naming(annotation_set, used), text, places)


def decline(assignment: Assignment, *, by: User, reason: str) -> None:
    """Give an article back, with a reason. Its place opens again for another reader."""
    if assignment.reviewer_id != by.pk:
        raise Unknown()
    if assignment.purpose == "training":
        raise Conflict("A training article cannot be given back; a manager can let you read without.", code="training")
    if not reason.strip():
        raise Problem("Say in a few words why you decline the article.", code="reason_missing", field="reason")
    end(assignment, "declined", by=by, reason=reason)


def withdraw(assignment: Assignment, *, by: User, reason: str = "", refill: bool = True) -> None:
    """A manager takes an assignment back; its place opens again unless `refill` is off."""
    end(assignment, "withdrawn", by=by, reason=reason, refill=refill)


def send_back(assignment: Assignment, *, by: User, reason: str) -> None:
    """A manager returns a submitted reading for more work, saying why. Its submission stays as it is.

    A second reading of the same article that its reader is just at ends with it.
    """
    if not reason.strip():
        raise Problem("Say what is to be done, so that the reviewer knows.", code="reason_missing", field="reason")
    if assignment.annotation_set_id is None:
        raise Conflict("This article was not opened yet; there is nothing to send back.", code="wrong_state")
    if assignment.purpose != "reading":
        raise Conflict("Only a reading that counts for gold can be sent back.", code="wrong_purpose")
    with transaction.atomic():
        annotation_set = AnnotationSet.objects.select_related("chain").get(pk=assignment.annotation_set_id)
        _reopen(annotation_set, by)
        _end_repeat(assignment, by)
        with gesture(assignment.project.chain, by=by, action="send_back") as current:
            assignment.refresh_from_db()
            move(current, assignment, "sent_back", reason=current.remark(reason.strip()))
            back_to_reading(current, row_of(assignment))


def _end_repeat(assignment: Assignment, by: User) -> None:
    again = Assignment.objects.select_related("project__chain").filter(
        project=assignment.project_id, article=assignment.article_id, reviewer=assignment.reviewer_id
    )
    for one in again.filter(purpose="repeat", state__in=UNFINISHED):
        end(one, "withdrawn", by=by, refill=False)


def assign(project: Project, article: Article, *, by: User, reviewer: User) -> Assignment:
    """Offer an article to a reviewer beforehand: a free slot if there is one, else one more."""
    if not Membership.objects.filter(project=project, user=reviewer, role="reviewer").exists():
        raise Problem("This person is not a reviewer of the project.", code="not_a_reviewer", field="reviewer")
    with gesture(project.chain, by=by, action="assign") as current:
        if Assignment.objects.filter(project=project, article=article, reviewer=reviewer).exists():
            raise Conflict("This person has, or had, this article already.", code="assigned_already")
        if User.objects.filter(has_settled(reviewer.pk, project, article.pk), pk=reviewer.pk).exists():
            raise Conflict("This person settles this article; somebody else reads it.", code="settles_it")
        row = ProjectArticle.objects.get(project=project, article=article)
        back_to_reading(current, row)
        free = [slot for slot in slots_of(project, [article.pk])[article.pk] if slot.state == "free"]
        slot = free[0] if free else one_more_place(current, project, row)
        move(current, slot, "offered", reviewer=reviewer)
    return slot


def _next_free(project: Project, membership: Membership) -> Assignment | None:
    place = membership.cursor
    if place is None:
        place = shuffled(project.pk, str(membership.user_id))
    mine = Assignment.objects.filter(project=project, article=OuterRef("article"), reviewer=membership.user_id)
    settled = has_settled(membership.user_id, project, OuterRef("article"))
    free = Assignment.objects.filter(~Exists(mine), ~settled, project=project, state="free").order_by("shuffle", "slot")
    slot = free.filter(shuffle__gt=place).first() or free.filter(shuffle__lte=place).first()
    if slot is not None:
        Membership.objects.filter(pk=membership.pk).update(cursor=slot.shuffle)
    return slot


def _start(project: Project, slot: Assignment, by: User, elsewhere: bool = False) -> Assignment:
    annotation_set = _open_set(project, slot.article_id, by, slot.round, elsewhere)
    with gesture(project.chain, by=by, action="claim", locked=True) as current:
        move(current, slot, "started", reviewer=by, annotation_set=annotation_set)
    return slot


def _begin(project: Project, article: uuid.UUID, by: User, *, purpose: str, round: int) -> Assignment:
    """A reading that is nobody else's place: it counts neither among an article's readers nor for gold."""
    like_it = Assignment.objects.filter(project=project, article=article, purpose=purpose, round=round)
    last = like_it.aggregate(last=Max("slot"))["last"]
    own = Assignment(
        project=project, article_id=article, purpose=purpose, round=round, slot=(last or 0) + 1,
        shuffle=shuffled(project.pk, str(article)), reviewer=by, state="started", changed_at=timezone.now(),
        annotation_set=_open_set(project, article, by, round),
    )  # fmt: skip
    with gesture(project.chain, by=by, action=f"begin_{purpose}", locked=True) as current:
        return current.add(own)


def _next_round(lesson: Lesson) -> int:
    return max((one.round for one in lesson.tries), default=0) + 1


def _open_set(project: Project, article: uuid.UUID, by: User, round: int, elsewhere: bool = False) -> AnnotationSet:
    """The chain of the project is locked: nobody can move it to another codebook meanwhile."""
    project.refresh_from_db(fields=["label_set"])
    suggested = not elsewhere and _is_suggested(project, article, by)
    chain = new_chain("set", log=project.chain_id)
    with gesture(chain, by=by, action="open_set", locked=True) as current:
        opened = current.add(
            AnnotationSet(
                project=project, article_id=article, voice=str(by.pk), round=round, owner=by,
                label_set_id=project.label_set_id, chain=chain, suggested=suggested,
            )
        )  # fmt: skip
    start_clock(opened)
    return opened


def _is_suggested(project: Project, article: uuid.UUID, by: User) -> bool:
    """The lot falls alike for every round on an article, so that a repeated reading is done as the first was."""
    seed = shuffled(project.pk, "suggestions")
    share = project.suggestions_share if project.suggestions else 0
    return is_suggested(str(article), str(by.pk), share=share, seed=seed)


def _reopen(annotation_set: AnnotationSet, by: User) -> None:
    """Open it for more work, under the codebook that the project has by now."""
    with gesture(annotation_set.chain, by=by, action="reopen") as current:
        annotation_set.refresh_from_db(fields=["state"])
        current.change(annotation_set, state="open")
    bring_up_to_date(annotation_set, by=by)


def _check_may_take_again(assignment: Assignment, by: User) -> None:
    membership = Membership.objects.filter(project=assignment.project, user=by, role="reviewer").first()
    if assignment.reviewer_id != by.pk or membership is None:
        raise Unknown()
    if assignment.state != "lapsed":
        raise Conflict("This article did not go back to the others.", code="wrong_state")
    if not Assignment.objects.filter(free_place(), pk=assignment.pk).exists():
        raise Conflict("Others have taken this article in the meantime.", code="taken")
    if not has_room(membership):
        raise Conflict("You have as many articles as your quota allows.", code="quota_full")


def _check_submittable(annotation_set: AnnotationSet, version: int | None) -> None:
    if not annotation_set.is_open:
        raise Conflict("This reading was handed in already.", code="set_closed")
    if version is None:
        raise VersionMissing("Say which version of the reading you hand in (If-Match).")
    if version != annotation_set.chain.length:
        raise Stale(
            "The reading was changed in another window since you saw it. Look at it again, then submit.",
            state={"version": annotation_set.chain.length},
        )


def _hand_in(annotation_set: AnnotationSet, by: User, gesture_id: uuid.UUID, version: int | None) -> None:
    chain = annotation_set.chain
    with gesture(chain, by=by, action="submit", id=gesture_id, asked={"version": version}, locked=True) as current:
        submission = current.add(content_submission(annotation_set))
        current.change(annotation_set, state="closed")
    assignment = Assignment.objects.select_related("project__chain").get(annotation_set=annotation_set)
    project = assignment.project
    with gesture(project.chain, by=by, action="submit") as current:
        move(current, assignment, "submitted")
        if assignment.purpose == "reading":
            _bring_forward(current, project, row_of(assignment))
        else:
            _put_aside(current, assignment, submission)


def _bring_forward(current: Gesture, project: Project, row: ProjectArticle) -> None:
    """One reading more: the article may want another reader, or wait for the adjudicator."""
    if _wants_another_reader(project, row):
        one_more_place(current, project, row)
    fit(current, project, row)


def _put_aside(current: Gesture, assignment: Assignment, submission: Submission) -> None:
    """A reading that does not count: one for training is measured; none outlasts the release of its article."""
    if assignment.purpose == "training" and (result := measured(assignment, submission)) is not None:
        current.add(result)
    if row_of(assignment).stage == "released":
        move(current, assignment, "released")


def _wants_another_reader(project: Project, row: ProjectArticle) -> bool:
    """Whether all are in, agree on too little, and there is somebody who may read it yet."""
    project.refresh_from_db(fields=["another_below", "readers_most"])
    if project.another_below is None:
        return False
    states = [slot.state for slot in slots_of(project, [row.article_id])[row.article_id]]
    if any(state in ("free", *UNFINISHED) for state in states):
        return False
    if sum(state in PLACED for state in states) >= (project.readers_most or 0):
        return False
    agreement = exact_agreement([_places(one) for one in judgements_of(project, row.article_id)])
    return agreement is not None and agreement * 100 < project.another_below and assignable(row).exists()


def _places(submission: Submission) -> list[tuple[int, int, str]]:
    return [(span["start"], span["end"], span["label"]) for span in json.loads(submission.content)["spans"]]


def content_submission(annotation_set: AnnotationSet) -> Submission:
    """The set as it stands, offsets and ids only; free texts by the ids of their remarks."""
    content = canonical(content_of(annotation_set))
    return Submission(
        annotation_set=annotation_set, label_set_id=annotation_set.label_set_id,
        number=annotation_set.submissions.count() + 1,
        seq=annotation_set.chain.length, head=annotation_set.chain.head, content=content,
        digest=sha256(content), submitted_at=timezone.now(),
    )  # fmt: skip


def content_of(annotation_set: AnnotationSet) -> dict[str, object]:
    """Spans and relations of a set as plain JSON, in reading order; a reader’s also say what was suggested there."""
    reading = as_standoff(annotation_set)
    seen = {} if annotation_set.is_gold else _seen(annotation_set)
    return {
        "spans": [
            {"id": span.id, "start": span.start, "end": span.end, "label": span.label,
             "attributes": dict(span.attributes), "absent": sorted(span.absent), **seen.get(span.id, {})}
            for span in reading.spans
        ],
        "relations": [
            {"id": relation.id, "type": relation.type, "source": relation.source, "target": relation.target,
             "attributes": dict(relation.attributes)}
            for relation in reading.relations
        ],
    }  # fmt: skip


def _seen(annotation_set: AnnotationSet) -> dict[str, dict[str, str]]:
    """What the reader saw of a suggestion at each span, as a part of the span's content."""
    return {str(pk): {"suggestion": seen} for pk, seen in annotation_set.spans.values_list("id", "suggestion")}
