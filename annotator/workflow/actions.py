"""Who reads what: slots, claiming, handing in, sending back. Settling is in `adjudication.py`."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation import rules
from annotator.annotation.models import AnnotationSet, Submission
from annotator.annotation.queries import as_standoff, set_for_writing
from annotator.errors import Conflict, Forbidden, Problem, Stale, Unknown, VersionMissing
from annotator.log.actions import AlreadyDone, Gesture, fingerprint, gesture, lock, new_chain, recall
from annotator.log.chain import canonical
from annotator.projects.actions import shuffled
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.workflow.models import Assignment
from annotator.workflow.states import WRITING, may_move
from corpus.models import Article, Region
from corpus.text import sha256


def open_slots(project: Project, rows: Sequence[ProjectArticle], *, by: User | None) -> None:
    """Make the slots of newly added articles: as many as the project wants readers."""
    with gesture(project.chain, by=by, action="open_slots") as current:
        current.add_all(
            [
                _slot(project, row.article_id, row.shuffle, number)
                for row in rows
                for number in range(1, project.redundancy + 1)
            ]
        )


def claim_next(project: Project, *, by: User) -> Assignment | None:
    """The next article for this reader: work in hand first, then what was offered, then the pool.

    The pool is walked round the circle from the reader's own place, so that the order tells nothing
    of how many others have read an article. None when there is nothing left. Raises Forbidden.
    """
    with transaction.atomic():
        lock(project.chain)
        membership = Membership.objects.filter(project=project, user=by, role="reviewer").first()
        if membership is None:
            raise Forbidden("Only reviewers of the project take articles.")
        at_hand = Assignment.objects.filter(project=project, reviewer=by, state__in=WRITING).order_by("changed_at")
        if at_hand.exists():
            return at_hand.first()
        offered = Assignment.objects.filter(project=project, reviewer=by, state="offered").order_by("changed_at")
        slot = offered.first() or _next_free(project, membership)
        if slot is None:
            return None
        return _start(project, slot, by)


def start(assignment: Assignment, *, by: User) -> Assignment:
    """Open an offered assignment. Starting one that is under way changes nothing. Raises Unknown to others."""
    if assignment.reviewer_id != by.pk:
        raise Unknown()
    with transaction.atomic():
        lock(assignment.project.chain)
        assignment.refresh_from_db()
        return _start(assignment.project, assignment, by) if assignment.state == "offered" else assignment


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
    return rules.gaps(annotation_set.label_set.codebook, as_standoff(annotation_set), places)


def decline(assignment: Assignment, *, by: User, reason: str) -> None:
    """Give an article back, with a reason. Its place opens again for another reader."""
    if assignment.reviewer_id != by.pk:
        raise Unknown()
    if not reason.strip():
        raise Problem("Say in a few words why you decline the article.", code="reason_missing", field="reason")
    _end(assignment, by, "declined", reason)


def withdraw(assignment: Assignment, *, by: User, reason: str = "", refill: bool = True) -> None:
    """A manager takes an assignment back; its place opens again unless `refill` is off."""
    _end(assignment, by, "withdrawn", reason, refill)


def send_back(assignment: Assignment, *, by: User, reason: str) -> None:
    """A manager returns a submitted reading for more work, saying why. Its submission stays as it is."""
    if not reason.strip():
        raise Problem("Say what is to be done, so that the reviewer knows.", code="reason_missing", field="reason")
    with transaction.atomic():
        annotation_set = AnnotationSet.objects.select_related("chain").get(pk=assignment.annotation_set_id)
        with gesture(annotation_set.chain, by=by, action="reopen") as current:
            annotation_set.refresh_from_db(fields=["state"])
            current.change(annotation_set, state="open")
        with gesture(assignment.project.chain, by=by, action="send_back") as current:
            assignment.refresh_from_db()
            _move(current, assignment, "sent_back", reason=current.remark(reason.strip()))
            _back_to_reading(current, assignment)


def assign(project: Project, article: Article, *, by: User, reviewer: User) -> Assignment:
    """Offer an article to a reviewer beforehand: a free slot if there is one, else one more."""
    if not Membership.objects.filter(project=project, user=reviewer, role="reviewer").exists():
        raise Problem("This person is not a reviewer of the project.", code="not_a_reviewer", field="reviewer")
    with gesture(project.chain, by=by, action="assign") as current:
        if Assignment.objects.filter(project=project, article=article, reviewer=reviewer).exists():
            raise Conflict("This person has, or had, this article already.", code="assigned_already")
        slot = Assignment.objects.filter(project=project, article=article, state="free").order_by("slot").first()
        if slot is None:
            last = _last_slot(project, article.pk)
            slot = current.add(_slot(project, article.pk, shuffled(project.pk, str(article.pk)), last + 1))
        _move(current, slot, "offered", reviewer=reviewer)
        _back_to_reading(current, slot)
    return slot


def _slot(project: Project, article_id: uuid.UUID, shuffle: int, number: int) -> Assignment:
    return Assignment(
        project=project, article_id=article_id, slot=number, shuffle=shuffle, changed_at=timezone.now()
    )


def _last_slot(project: Project, article_id: uuid.UUID) -> int:
    slots = Assignment.objects.filter(project=project, article=article_id, round=1)
    return slots.aggregate(last=Max("slot"))["last"] or 0


def _next_free(project: Project, membership: Membership) -> Assignment | None:
    place = membership.cursor
    if place is None:
        place = shuffled(project.pk, str(membership.user_id))
    mine = Assignment.objects.filter(project=project, article=OuterRef("article"), reviewer=membership.user_id)
    free = Assignment.objects.filter(~Exists(mine), project=project, state="free").order_by("shuffle", "slot")
    slot = free.filter(shuffle__gt=place).first() or free.filter(shuffle__lte=place).first()
    if slot is not None:
        Membership.objects.filter(pk=membership.pk).update(cursor=slot.shuffle)
    return slot


def _start(project: Project, slot: Assignment, by: User) -> Assignment:
    chain = new_chain("set")
    annotation_set = AnnotationSet(
        project=project, article_id=slot.article_id, voice=str(by.pk), round=slot.round, owner=by,
        label_set_id=project.label_set_id, chain=chain,
    )  # fmt: skip
    with gesture(chain, by=by, action="open_set", locked=True) as current:
        current.add(annotation_set)
    with gesture(project.chain, by=by, action="claim", locked=True) as current:
        _move(current, slot, "started", reviewer=by, annotation_set=annotation_set)
    return slot


def _move(current: Gesture, assignment: Assignment, state: str, **values: object) -> None:
    if not may_move(assignment.state, state):
        raise Conflict(
            f"This cannot be done while the assignment is {assignment.state.replace('_', ' ')}.", code="wrong_state"
        )
    current.change(assignment, state=state, changed_at=timezone.now(), **values)


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
        current.add(content_submission(annotation_set))
        current.change(annotation_set, state="closed")
    assignment = Assignment.objects.select_related("project__chain").get(annotation_set=annotation_set)
    project = assignment.project
    with gesture(project.chain, by=by, action="submit") as current:
        _move(current, assignment, "submitted")
        if all_are_in(project, assignment.article_id):
            _set_stage(current, assignment, "settling")


def content_submission(annotation_set: AnnotationSet) -> Submission:
    """The set as it stands, offsets and ids only; free texts by the ids of their remarks."""
    content = canonical(content_of(annotation_set))
    return Submission(
        annotation_set=annotation_set, number=annotation_set.submissions.count() + 1,
        seq=annotation_set.chain.length, head=annotation_set.chain.head, content=content,
        digest=sha256(content), submitted_at=timezone.now(),
    )  # fmt: skip


def content_of(annotation_set: AnnotationSet) -> dict[str, object]:
    """Spans and relations of a set as plain JSON, in reading order."""
    reading = as_standoff(annotation_set)
    return {
        "spans": [
            {"id": span.id, "start": span.start, "end": span.end, "label": span.label,
             "attributes": dict(span.attributes), "absent": sorted(span.absent)}
            for span in reading.spans
        ],
        "relations": [
            {"id": relation.id, "type": relation.type, "source": relation.source, "target": relation.target,
             "attributes": dict(relation.attributes)}
            for relation in reading.relations
        ],
    }  # fmt: skip


def all_are_in(project: Project, article_id: uuid.UUID) -> bool:
    """Whether nobody is still reading the article and no place is free."""
    slots = Assignment.objects.filter(project=project, article=article_id, round=1)
    return not slots.filter(state__in=("free", "offered", *WRITING)).exists()


def _set_stage(current: Gesture, assignment: Assignment, stage: str) -> None:
    row = ProjectArticle.objects.get(project=assignment.project_id, article=assignment.article_id)
    if row.stage != stage:
        current.change(row, stage=stage)


def _back_to_reading(current: Gesture, assignment: Assignment) -> None:
    """The article waits for a reading again. Raises Conflict when gold was made from those there are."""
    row = ProjectArticle.objects.get(project=assignment.project_id, article=assignment.article_id)
    if row.stage in ("gold", "released"):
        raise Conflict("The gold of this article is published; reopen it first.", code="published")
    _set_stage(current, assignment, "reading")


def _end(assignment: Assignment, by: User, state: str, reason: str, refill: bool = True) -> None:
    with transaction.atomic():
        if assignment.annotation_set_id:
            annotation_set = AnnotationSet.objects.select_related("chain").get(pk=assignment.annotation_set_id)
            with gesture(annotation_set.chain, by=by, action="close") as current:
                annotation_set.refresh_from_db(fields=["state"])
                current.change(annotation_set, state="closed")
        with gesture(assignment.project.chain, by=by, action=state) as current:
            assignment.refresh_from_db()
            remark = current.remark(reason.strip()) if reason.strip() else None
            _move(current, assignment, state, reason=remark)
            if refill:
                last = _last_slot(assignment.project, assignment.article_id)
                current.add(_slot(assignment.project, assignment.article_id, assignment.shuffle, last + 1))
