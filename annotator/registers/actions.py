"""What readers propose for a project's registers, and what managers make of it. Spans are never touched.

A manager's verbs write to the project's chain. `id`: of the gesture; one that was carried out before raises
AlreadyDone.
"""

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from django.utils.text import slugify

from annotator.accounts.models import User
from annotator.errors import Conflict, Problem, Stale, Unknown
from annotator.log.actions import Gesture, gesture
from annotator.log.chain import canonical
from annotator.projects.models import Project
from annotator.registers.models import Entry, EntryWord, Proposal, Ruling
from annotator.registers.queries import merges_of, worded, wording
from annotator.registers.resolving import would_circle
from annotator.registers.words import sought_by
from annotator.schema.codebook import ACTORS, Actor, Codebook, Concept, Listed, entry_data, parse_entry

LONGEST_NAME = 200
LONGEST_KEY = 40
OWN_KEY = "new-"
"""What keys of proposals begin with; the rest is from their id, so that no key tells of another's proposals."""

Data = Mapping[str, Any]


# A reader's


def propose(
    current: Gesture,
    *,
    by: User,
    project_id: uuid.UUID,
    article_id: uuid.UUID,
    codebook: Codebook,
    id: uuid.UUID,
    list_name: str,
    name: str,
    kind: str = "",
) -> Proposal:
    """Propose an entry, in the chain of the set that is being read; the caller has it locked.

    kind: of an actor; the group of a concept. Raises Problem for a list or kind that the codebook does not know.
    """
    if list_name not in codebook.lists:
        raise Problem(f"There is no list “{list_name[:40]}”.", code="unknown_list", field="list")
    entry = parse_entry(list_name, _proposed(list_name, key_of_proposal(id), _name(name), kind))
    return current.add(
        Proposal(
            id=id, chain=current.chain, project_id=project_id, article_id=article_id, proposed_by=by, list=list_name,
            key=entry.key, details=current.remark(_text(entry)), is_local=_is_unnamed(entry),
        )
    )  # fmt: skip


def key_of_proposal(id: uuid.UUID) -> str:
    """The key that spans carry for it; the desk works it out alike."""
    return OWN_KEY + id.hex[:16]


def _name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain:
        raise Problem("Give it a name.", code="name_missing", field="name")
    if len(plain) > LONGEST_NAME:
        raise Problem(f"Write at most {LONGEST_NAME} characters.", code="too_long", field="name")
    return plain


def _proposed(list_name: str, key: str, name: str, kind: str) -> Data:
    if list_name == ACTORS:
        return {"key": key, "label": name, "kind": kind or "organisation", "sector": "unknown"}
    return {"key": key, "statement": name, "group": kind}


def _is_unnamed(entry: Actor | Concept) -> bool:
    return isinstance(entry, Actor) and entry.kind == "unnamed"


def _text(entry: Actor | Concept) -> str:
    return canonical(entry_data(entry))


# A manager's, on proposals


def take_in(
    project: Project, proposal: Proposal, *, by: User, data: Data, key: str = "", id: uuid.UUID | None = None
) -> Entry:
    """Make an entry of a proposal, worded as `data` says. Spans keep the proposal's key, which leads to the entry.

    key: of the entry, made from its name when empty. Raises Conflict when somebody has ruled on it already.
    """
    asked = {"proposal": str(proposal.pk), "data": dict(data), "key": key}
    with _managing(project, by, "take_in", id, asked) as current:
        _check_open(proposal)
        title = str(data.get("label") or data.get("statement") or "")
        chosen = _free_key(project, proposal.list, key, title)
        entry = _checked(project, proposal.list, chosen, data)
        row = _added(current, project, proposal.list, entry, proposal.article_id if _is_unnamed(entry) else None)
        current.add(Ruling(project=project, proposal=proposal, outcome="taken in", key=chosen, by=by))
    return row


def merge_proposal(project: Project, proposal: Proposal, *, by: User, into: str, id: uuid.UUID | None = None) -> None:
    """Say that what was proposed is an entry that there is."""
    asked = {"proposal": str(proposal.pk), "into": into}
    with _managing(project, by, "merge_proposal", id, asked) as current:
        _check_open(proposal)
        target = _target(project, proposal.list, into)
        _check_alike(wording(proposal), proposal.article_id, *target)
        current.add(Ruling(project=project, proposal=proposal, outcome="merged", key=into, by=by))


def decline(project: Project, proposal: Proposal, *, by: User, reason: str, id: uuid.UUID | None = None) -> None:
    """Leave a proposal out. Its proposer is told why, and their spans keep it until they answer otherwise."""
    if not reason.strip():
        raise Problem("Say why, so that its proposer can choose better.", code="reason_missing", field="reason")
    asked = {"proposal": str(proposal.pk), "reason": reason}
    with _managing(project, by, "decline_proposal", id, asked) as current:
        _check_open(proposal)
        remark = current.remark(reason.strip())
        current.add(Ruling(project=project, proposal=proposal, outcome="declined", reason=remark, by=by))


def put_back(project: Project, proposal: Proposal, *, by: User, id: uuid.UUID | None = None) -> None:
    """Take a ruling back. An entry that it made stays."""
    with _managing(project, by, "put_back_proposal", id, {"proposal": str(proposal.pk)}) as current:
        ruling = Ruling.objects.filter(proposal=proposal).first()
        if ruling is None:
            raise Conflict("Nobody has ruled on this proposal yet.", code="not_ruled")
        current.remove(ruling)


def _check_open(proposal: Proposal) -> None:
    if Ruling.objects.filter(proposal=proposal).exists():
        raise Conflict("Somebody has decided on this proposal in the meantime.", code="ruled_already")


# A manager's, on entries


def add_entry(
    project: Project, list_name: str, *, by: User, data: Data, key: str = "", id: uuid.UUID | None = None
) -> str:
    """An entry of the manager's own. Returns its key."""
    with _managing(project, by, "add_entry", id, {"list": list_name, "data": dict(data), "key": key}) as current:
        chosen = _free_key(project, list_name, key, str(data.get("label") or data.get("statement") or ""))
        _added(current, project, list_name, _checked(project, list_name, chosen, data), None)
    return chosen


def change_entry(
    project: Project,
    list_name: str,
    key: str,
    *,
    by: User,
    data: Data,
    seen: str | None = None,
    id: uuid.UUID | None = None,
) -> None:
    """Word an entry anew: name, aliases, kind and the rest. Its key stays, so spans stay too.

    seen: id of the wording that the manager saw, "" for the codebook's. Raises Stale when there is another by now.
    """
    asked = {"list": list_name, "key": key, "data": dict(data), "seen": seen}
    with _managing(project, by, "change_entry", id, asked) as current:
        row = _stored(project, list_name, key)
        if seen is not None and seen != (str(row.details_id) if row else ""):
            raise Stale("Someone else changed this entry since you opened the page.")
        entry = _checked(project, list_name, key, data)
        row = row or _row(current, project, list_name, key)
        if row.details.text != _text(entry):
            current.change(row, details=current.remark(_text(entry)))
            _index(row, entry)


def merge(project: Project, list_name: str, key: str, *, by: User, into: str, id: uuid.UUID | None = None) -> None:
    """From now on `into` stands wherever `key` was chosen. Raises Conflict when that would go round in a circle."""
    with _managing(project, by, "merge_entries", id, {"list": list_name, "key": key, "into": into}) as current:
        target = _target(project, list_name, into)
        row = _row(current, project, list_name, key)
        if would_circle(merges_of(project.pk, project.label_set.codebook), list_name, key, into):
            raise Conflict("This would lead back to the entry itself; choose another.", code="circle", field="into")
        _check_alike(wording(row), row.article_id, *target)
        current.change(row, status="merged", merged_into=into)
        _index(row, wording(row))


def unmerge(project: Project, list_name: str, key: str, *, by: User, id: uuid.UUID | None = None) -> None:
    """Let a merged entry stand for itself again."""
    _set_status(project, list_name, key, "active", by=by, id=id, action="unmerge_entry", before="merged")


def retire(project: Project, list_name: str, key: str, *, by: User, id: uuid.UUID | None = None) -> None:
    """Offer an entry no longer. Where it was chosen it stays."""
    _set_status(project, list_name, key, "retired", by=by, id=id, action="retire_entry", before="active")


def restore(project: Project, list_name: str, key: str, *, by: User, id: uuid.UUID | None = None) -> None:
    """Offer a retired entry again."""
    _set_status(project, list_name, key, "active", by=by, id=id, action="restore_entry", before="retired")


def _set_status(
    project: Project, list_name: str, key: str, status: str, *, by: User, id: uuid.UUID | None, action: str, before: str
) -> None:
    with _managing(project, by, action, id, {"list": list_name, "key": key}) as current:
        row = _row(current, project, list_name, key)
        if row.status != before:
            raise Conflict("Someone else changed this entry in the meantime.", code="entry_changed")
        current.change(row, status=status, merged_into="")
        _index(row, wording(row))


# The steps that these are made of


def _managing(
    project: Project, by: User, action: str, id: uuid.UUID | None, asked: Data
) -> AbstractContextManager[Gesture]:
    return gesture(project.chain, by=by, action=action, id=id, asked=asked)


def _stored(project: Project, list_name: str, key: str) -> Entry | None:
    if list_name not in project.label_set.codebook.lists:
        raise Unknown()
    row = Entry.objects.select_related("details").filter(project=project, list=list_name, key=key).first()
    if row is None and key not in project.label_set.codebook.entries(list_name):
        raise Unknown()
    return row


def _row(current: Gesture, project: Project, list_name: str, key: str) -> Entry:
    """The project's row of an entry; of one that only the codebook has so far, a new one."""
    row = _stored(project, list_name, key)
    if row is not None:
        return row
    own = project.label_set.codebook.entry(list_name, key)
    assert not isinstance(own, Listed)
    into = (own.merged_into or "") if isinstance(own, Concept) else ""
    status = "merged" if into else "active" if own.is_active else "retired"
    return _added(current, project, list_name, _active(own), None, status=status, merged_into=into)


def _active(entry: Actor | Concept) -> Actor | Concept:
    """Whether an entry is in use is said by its row, not by its wording."""
    if isinstance(entry, Actor):
        return entry
    return parse_entry("", {**entry_data(entry), "status": "active"})


def _added(
    current: Gesture,
    project: Project,
    list_name: str,
    entry: Actor | Concept,
    article: uuid.UUID | None,
    *,
    status: str = "active",
    merged_into: str = "",
) -> Entry:
    row = current.add(
        Entry(
            project=project, list=list_name, key=entry.key, details=current.remark(_text(entry)), article_id=article,
            status=status, merged_into=merged_into,
        )
    )  # fmt: skip
    _index(row, entry)
    return row


def _index(row: Entry, entry: Actor | Concept) -> None:
    """Entries that readers may choose are found by their words; all others are not."""
    row.words.all().delete()
    if row.status == "active" and row.article_id is None:
        EntryWord.objects.bulk_create(
            EntryWord(entry=row, project_id=row.project_id, list=row.list, word=word.encode(), place=place)
            for word, place in sought_by(entry).items()
        )


def _checked(project: Project, list_name: str, key: str, data: Data) -> Actor | Concept:
    """Raises CodebookError for what no codebook could say, Problem for an affiliation that is no other entry."""
    names = [name for name in ("label", "statement") if name in data]
    cleaned = {**data, **{name: _name(str(data[name])) for name in names}, "key": key}
    entry = _active(parse_entry(list_name, cleaned))
    other = entry.affiliation if isinstance(entry, Actor) else None
    if other is not None and (other == key or not _is_entry(project, list_name, other)):
        raise Problem("The affiliation is no other entry of this list.", code="bad_affiliation", field="affiliation")
    return entry


def _is_entry(project: Project, list_name: str, key: str) -> bool:
    if key in project.label_set.codebook.entries(list_name):
        return True
    return Entry.objects.filter(project=project, list=list_name, key=key).exists()


def _target(project: Project, list_name: str, key: str) -> tuple[Actor | Concept, uuid.UUID | None]:
    """What something is merged into: an entry that stands for itself."""
    row = _stored(project, list_name, key)
    if row is None:
        own = project.label_set.codebook.entry(list_name, key)
        assert not isinstance(own, Listed)
        if not own.is_active:
            raise Conflict("This entry is not in use any more; choose another.", code="not_active", field="into")
        return own, None
    if row.status == "retired":
        raise Conflict("This entry is not in use any more; choose another.", code="not_active", field="into")
    return worded(list_name, key, row.details.text), row.article_id


def _check_alike(
    one: Actor | Concept, article: uuid.UUID | None, other: Actor | Concept, others_article: uuid.UUID | None
) -> None:
    """An unnamed source is never a body with a name, and never that of another text."""
    if _is_unnamed(one) != _is_unnamed(other):
        raise Conflict("An unnamed source cannot be merged with an entry that has a name.", code="unnamed")
    if _is_unnamed(one) and article and others_article and article != others_article:
        raise Conflict("These are unnamed sources of two texts; they stay apart.", code="unnamed")


def _free_key(project: Project, list_name: str, key: str, title: str) -> str:
    """The key asked for, or one made from the name. Raises Conflict for one that is taken."""
    if list_name not in project.label_set.codebook.lists:
        raise Unknown()
    if key:
        if _is_entry(project, list_name, key):
            raise Conflict(f"There is an entry “{key}” already; choose another key.", code="key_taken", field="key")
        return key
    plain = slugify(title)[:LONGEST_KEY].strip("-_") or f"entry-{uuid.uuid4().hex[:8]}"
    if list_name != ACTORS:
        plain = plain.upper()
    number, chosen = 1, plain
    while _is_entry(project, list_name, chosen):
        number += 1
        chosen = f"{plain[: LONGEST_KEY - 1 - len(str(number))]}-{number}"
    return chosen
