"""What verifying the log needs to know of codebooks, of submissions and of where gold came from."""

import datetime
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from django.db.models import F

from annotator.annotation.models import GOLD, AnnotationSet, Submission
from annotator.log.replay import Body, Replay, alike
from annotator.log.verify import PROOFS, Proof, Values, Verification, Watch
from annotator.projects.models import StageChange
from annotator.triggers import ANNOTATOR_TRIGGERS
from corpus.text import sha256

Rows: TypeAlias = dict[str, dict[str, Any]]
Change: TypeAlias = tuple[datetime.date, str, str]
"""On this day, from this stage to that one."""


def verification(kept: Sequence[str] = (), told: Callable[[int, int], None] = lambda done, total: None) -> Verification:
    """A verification of everything that the log covers; see there for `kept` and `told`."""
    return Verification(ANNOTATOR_TRIGGERS, {**PROOFS, **OWN_PROOFS}, _watches, kept, told)


def _watches() -> Sequence[Watch]:
    return Submissions(), Provenance(), Published(), Stages()


def _rows(replay: Replay, kind: str) -> Rows:
    """The rows of a kind as the log has them by now, by id."""
    return {id: json.loads(row.text) for id, row in replay.rows.get(kind, {}).items()}


class Submissions(Watch):
    """A submission is the set as it stood when it was handed in, and is never touched again."""

    def before(self, replay: Replay, body: Body) -> Iterator[str]:
        for change in body["changes"]:
            if change["kind"] == "submission":
                complaint = _submission_complaint(replay, body["seq"], change)
                if complaint:
                    yield f"submission {change['id']}: {complaint}"


def _submission_complaint(replay: Replay, seq: int, change: Mapping[str, Any]) -> str | None:
    told = change["after"]
    if change["before"] is not None or told is None:
        return "it is changed after it was handed in"
    if (told["seq"], told["head"]) != (seq - 1, replay.previous):
        return "it does not name the event before it as the last of the set"
    if told["number"] != len(replay.rows.get("submission", {})) + 1:
        return "its number is not the next"
    content = Submission.objects.filter(pk=change["id"]).values_list("content", flat=True).first()
    if content is None or sha256(content) != told["digest"]:
        return None  # the comparison of the tables says so
    return None if alike(_by_id(json.loads(content)), _content(replay)) else "its content is not the set as it stood"


def _content(replay: Replay) -> dict[str, Rows]:
    """Spans and relations of the set by id, with what a submission says of each."""
    spans, relations = _rows(replay, "span"), _rows(replay, "relation")
    is_gold = any(row["voice"] == GOLD for row in _rows(replay, "set").values())
    unsaid = ("annotation_set", "multiline", *(["suggestion"] if is_gold else []))
    return {
        "spans": {id: _without(span, *unsaid) for id, span in spans.items()},
        "relations": {id: _without(relation, "annotation_set") for id, relation in relations.items()},
    }


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _by_id(content: Mapping[str, Any]) -> dict[str, Rows]:
    return {part: {item["id"]: _without(item, "id") for item in items} for part, items in content.items()}


class Provenance(Watch):
    """Each item of gold leads to a decision and to the judgements inside submissions that it was made from."""

    def at_end(self, replay: Replay) -> Iterator[str]:
        for gold in _rows(replay, "set").values():
            if gold["voice"] == GOLD:
                yield from _Gold(replay, gold).complaints()


class _Gold:
    """A gold set as the log leaves it, and the submissions of its article."""

    def __init__(self, replay: Replay, gold: Mapping[str, Any]) -> None:
        self.items = {"spans": _rows(replay, "span"), "relations": _rows(replay, "relation")}
        self.decisions, self.sources = _rows(replay, "decision"), _rows(replay, "gold_source")
        named = {member[0] for decision in self.decisions.values() for member in decision["members"]}
        found = Submission.objects.filter(
            pk__in=named, annotation_set__project=gold["project"], annotation_set__article=gold["article"]
        ).exclude(annotation_set__voice=GOLD)
        self.judgements = {
            str(pk): {part: {item["id"] for item in items} for part, items in json.loads(content).items()}
            for pk, content, digest in found.values_list("pk", "content", "digest")
            if sha256(content) == digest
        }

    def complaints(self) -> Iterator[str]:
        for id, decision in self.decisions.items():
            among = {"span": "spans", "relation": "relations"}.get(decision["subject"])
            if not all(self._is_judgement(submission, item, among) for submission, item in decision["members"]):
                yield f"decision {id} is about a judgement that is in no submission of the article"
        for id, source in self.sources.items():
            complaint = self._source_complaint(source)
            if complaint:
                yield f"gold_source {id}: {complaint}"
        grounded = {source["item"] for source in self.sources.values() if not source["attribute"]}
        for part, items in self.items.items():
            for id in items.keys() - grounded:
                yield f"nothing says where {id} among the {part} of gold came from"

    def _source_complaint(self, source: Mapping[str, Any]) -> str | None:
        part = next((part for part, items in self.items.items() if source["item"] in items), None)
        decision = self.decisions.get(source["decision"])
        if part is None or decision is None:
            return "what it leads from or the decision it leads to is not there"
        subject, name = ("attribute", source["attribute"]) if source["attribute"] else (part.removesuffix("s"), "")
        if (decision["subject"], decision["name"]) != (subject, name):
            return "the decision it leads to is about something else"
        if [source["submission"], source["judgement"]] not in decision["members"]:
            return "the judgement it leads to is not one of those decided on"
        return None

    def _is_judgement(self, submission: str, item: str, among: str | None) -> bool:
        parts = self.judgements.get(submission, {})
        return any(item in items for part, items in parts.items() if among in (None, part))


class Published(Watch):
    """An article whose gold is out has a closed gold set that was handed in."""

    def at_end(self, replay: Replay) -> Iterator[str]:
        out = [row for row in _rows(replay, "project_article").values() if row["stage"] in ("gold", "released")]
        for project in {row["project"] for row in out}:
            closed = AnnotationSet.objects.filter(project=project, voice=GOLD, submissions__isnull=False)
            handed_in = set(map(str, closed.exclude(state="open").values_list("article", flat=True)))
            for row in out:
                if row["article"] not in handed_in:
                    yield f"gold of article {row['article']} is published, and there is no gold handed in"


class Stages(Watch):
    """Each change of an article's stage stands on its day, and no other change does."""

    def __init__(self) -> None:
        self.told: defaultdict[str, list[Change]] = defaultdict(list)

    def before(self, replay: Replay, body: Body) -> Sequence[str]:
        day = datetime.datetime.fromisoformat(body["at"]).date()
        for change in body["changes"]:
            before, after = change["before"] or {"stage": ""}, change["after"]
            if change["kind"] == "project_article" and after is not None and before["stage"] != after["stage"]:
                self.told[after["article"]].append((day, before["stage"], after["stage"]))
        return ()

    def at_end(self, replay: Replay) -> Iterator[str]:
        kept: defaultdict[str, list[Change]] = defaultdict(list)
        rows = StageChange.objects.filter(project__in=list(replay.rows.get("project", {}))).order_by("pk")
        for article, day, before, after in rows.values_list("article", "day", "before", "after"):
            kept[str(article)].append((day, before, after))
        for id in sorted(self.told.keys() | kept.keys()):
            if not _same_days(self.told[id], kept[id]):
                yield f"the days on which article {id} went from stage to stage are not those of the events"


def _same_days(told: Sequence[Change], kept: Sequence[Change]) -> bool:
    """An event is written a moment after what it tells of, which may have been yesterday."""
    return len(told) == len(kept) and all(
        one[1:] == other[1:] and one[0] - other[0] in (datetime.timedelta(0), datetime.timedelta(days=1))
        for one, other in zip(told, kept, strict=True)
    )


# What can be proved of single rows


def _label_set(row: Values) -> str | None:
    if sha256(row["body"]) != row["digest"]:
        return "its codebook is not the one that was loaded"
    body = json.loads(row["body"])
    told = (body["slug"], body["version"], body["title"])
    return None if told == (row["slug"], row["number"], row["title"]) else "it is not the codebook that it says it is"


def _submission(row: Values) -> str | None:
    return None if sha256(row["content"]) == row["digest"] else "its content is not what was handed in"


def _draft(row: Values) -> str | None:
    return None if sha256(row["body"]) == row["digest"] else "its content is not what was written"


def _listed(row: Values) -> str | None:
    in_place = AnnotationSet.objects.filter(pk=row["pk"], chain__log=F("project__chain"))
    return None if in_place.exists() else "its events are listed in another log than its project's"


OWN_PROOFS = {
    "set": Proof((), _listed),
    "label_set": Proof(("body", "title"), _label_set),
    "codebook_draft": Proof(("body",), _draft),
    "submission": Proof(("content",), _submission),
}
