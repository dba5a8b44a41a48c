"""What readers said side by side: for each place the share of them who said what, and how they differ.

Disagreement is kept: gold says what was decided, this says what there was to decide, for whoever learns from both.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from annotator import standoff
from annotator.accounts.models import User
from annotator.annotation.models import Submission
from annotator.exchange.exports import Export, Fetch, Place, Wanted, published
from annotator.exchange.provenance import Provenance
from annotator.exchange.records import Record, article_columns, article_part
from annotator.log.models import Remark
from annotator.projects.models import Project, ProjectArticle
from annotator.projects.moves import Moves, moves_of
from annotator.registers.queries import merges_of
from annotator.registers.resolving import Merges
from annotator.schema.codebook import Attribute, Codebook
from annotator.schema.mapping import Step
from annotator.schema.models import LabelSet
from annotator.workflow.cases import content_of, counted, counted_in_relation, voice_of
from annotator.workflow.comparison import (
    NOT_IN_TEXT,
    Comparison,
    Group,
    RelationGroup,
    Reply,
    SpanGroup,
    Voice,
    compare,
    reply,
)
from annotator.workflow.queries import judgements_of, open_to

Member: TypeAlias = standoff.Span | standoff.Relation

READ = ("settling", "gold", "released")
"""Stages of articles of which all readings are in."""


def disagreement(user: User, project: Project, wanted: Wanted) -> Fetch:
    """A record for each article that all its readers handed in, in the project's order; without those the person reads.

    What became of it is told as soon as gold is out.
    """
    export = Export(user, project, wanted, is_resolved=False)

    def fetch(after: Place | None, limit: int) -> list[tuple[Place, Record]]:
        found = ProjectArticle.objects.filter(open_to(user), project=project, stage__in=READ)
        if after is not None:
            found = found.filter(position__gt=after[0])
        if wanted.article:
            found = found.filter(article=wanted.article)
        columns = article_columns("article__", text=wanted.text)
        rows = list(found.order_by("position").values("position", *columns)[:limit])
        return [((row["position"],), record) for row, record in zip(rows, _records(export, rows), strict=True)]

    return fetch


def _records(export: Export, rows: Sequence[Mapping[str, Any]]) -> Iterable[Record]:
    articles = [row["article__id"] for row in rows]
    every = judgements_of(export.project, *articles)
    submissions: dict[uuid.UUID, list[Submission]] = defaultdict(list)
    for one in every:
        submissions[one.annotation_set.article_id].append(one)
    gold, texts = published(export, articles), _free_texts(every)
    moves = moves_of(export.project.pk) if len({one.label_set_id for one in every}) > 1 else Moves()
    merges = cache(lambda label_set: _merges(export.project, label_set))
    for row in rows:
        own = submissions[row["article__id"]]
        under = max((one.label_set for one in own), key=lambda one: one.number)
        book, _ = export.of(under.pk)
        readings = Readings(own, under, moves, texts, merges(under), gold)
        article = article_part(row)
        yield {
            "unit": "codepoint",
            "project": export.project.slug,
            "article": article if export.wanted.text else {**article, "text": None},
            "codebook": book,
            "voices": sorted(readings.voices.values()),
            "spans": [readings.span(group, article["text"]) for group in readings.comparison.span_groups],
            "relations": [readings.relation(group) for group in readings.comparison.relation_groups],
        }


class Readings:
    """The readings of one article, compared as at the adjudicator's desk.

    under: the newest version of the codebook that one of them was made under. `voices`: pseudonyms by submission.
    """

    def __init__(
        self,
        submissions: Sequence[Submission],
        under: LabelSet,
        moves: Moves,
        texts: Mapping[str, str],
        merges: Merges,
        gold: Provenance | None,
    ) -> None:
        self.gold, self.moves, self.under = gold, moves, under
        self.submissions = {str(one.pk): one for one in submissions}
        self.voices = {str(one.pk): one.annotation_set.voice for one in submissions}
        self.earlier = {
            key: Earlier(one, self._steps(one)) for key, one in self.submissions.items() if self._steps(one)
        }
        voices = [voice_of(one, under.codebook, texts, merges, self._steps(one)) for one in submissions]
        self.comparison = _compared(under.codebook, voices)
        self._place = {group.key: place for place, group in enumerate(self.comparison.span_groups)}

    def _steps(self, submission: Submission) -> Sequence[Step]:
        """From the version it was made under, none where it is that of the comparison."""
        if submission.label_set_id == self.under.pk:
            return ()
        return self.moves.path(submission.label_set_id, self.under.pk)

    def span(self, group: SpanGroup, text: str | None) -> Record:
        labels: dict[str | None, list[str]] = defaultdict(list)
        for voice, member in group.members.items():
            labels[member.label].append(voice)
        return {
            "start": group.start,
            "end": group.end,
            "text": text[group.start : group.end] if text is not None else None,
            "kinds": self._kinds(group),
            "labels": self._shares(labels, group),
            "answers": self._answers(group),
            "judgements": [
                {**self._judgement(voice, member), "start": member.start, "end": member.end, "label": member.label}
                for voice, member in group.members.items()
            ],
            "became": self._became(group),
        }

    def relation(self, group: RelationGroup) -> Record:
        return {
            "type": group.type,
            "from": self._place[group.source_group],
            "to": self._place[group.target_group],
            "kinds": self._kinds(group),
            "share": _share(len(group.members), len(self.voices)),
            "answers": self._answers(group),
            "judgements": [self._judgement(voice, member) for voice, member in group.members.items()],
            "became": self._became(group),
        }

    def _shares(self, said: dict[str | None, list[str]], group: Group) -> list[Record]:
        """Of all readers, who marked nothing too: the soft label."""
        if group.missing:
            said[None] = list(group.missing)
        found = [
            {"label": label, "share": _share(len(voices), len(self.voices)), "voices": self._called(voices)}
            for label, voices in said.items()
        ]
        return sorted(found, key=lambda one: (-one["share"], one["label"] or "~"))

    def _answers(self, group: Group) -> list[Record]:
        """Of those who were asked, for each attribute that counts."""
        return [
            {"name": name, "replies": self._replies(group, name)} for name in sorted(group.counted)
        ]  # fmt: skip

    def _replies(self, group: Group, name: str) -> list[Record]:
        said: dict[Reply, list[str]] = defaultdict(list)
        replies = self._said(group, name)
        for voice, value in replies.items():
            said[value].append(voice)
        found = [
            {
                "answer": None if value is NOT_IN_TEXT else value,
                "not_in_text": value is NOT_IN_TEXT,
                "share": _share(len(voices), len(replies)),
                "voices": self._called(voices),
            }
            for value, voices in said.items()
        ]
        return sorted(found, key=lambda one: (-one["share"], str(one["answer"])))

    def _said(self, group: Group, name: str) -> dict[str, Reply]:
        """By voice, of those who were asked; empty where none of them answered."""
        asked = group.attributes.get(name, group.members)
        replies = {voice: reply(item, name) for voice, item in group.members.items() if voice in asked}
        if all(one is None for one in replies.values()):
            return {}
        return {
            voice: one
            for voice, one in replies.items()
            if one is not None or self._was_asked(voice, group.members[voice], name)
        }

    def _was_asked(self, voice: str, member: Member, name: str) -> bool:
        if voice in self.earlier:
            return self.earlier[voice].was_asked(self.moves, self.under, member, name)
        asked = _attributes(self.under.codebook, member)
        return name in asked and not asked[name].retired

    def _kinds(self, group: Group) -> list[str]:
        """In which ways readers differ here; none where all say the same."""
        answers = (set(self._said(group, name).values()) for name in group.attributes)
        differs = {"missing": bool(group.missing), "answer": any(len(said) > 1 for said in answers)}
        if isinstance(group, SpanGroup):
            differs |= {"label": group.label_differs, "edges": group.boundary_differs}
        else:
            differs |= {"otherwise": bool(group.rivals)}
        return [kind for kind in KINDS if differs.get(kind)]

    def _called(self, submissions: Iterable[str]) -> list[str]:
        return sorted(self.voices[one] for one in submissions)

    def _judgement(self, voice: str, member: Member) -> Record:
        earlier = self.earlier.get(voice)
        return {
            "submission": voice,
            "judgement": member.id,
            "voice": self.voices[voice],
            "codebook_version": self.submissions[voice].label_set.number,
            "judged_as": earlier.keys[member.id] if earlier else _key(member),
            "fate": earlier.fates.get(member.id) if earlier else None,
        }

    def _became(self, group: Group) -> list[Record] | None:
        """The decisions on any of these judgements, each once, with all items of gold that came of it."""
        if self.gold is None:
            return None
        found: dict[str, Record] = {}
        for member in group.members.values():
            for one in self.gold.became(member.id):
                known = found.setdefault(one["decision"], {**one, "gold": []})
                known["gold"] = sorted({*known["gold"], *one["gold"]})
        return [{name: value for name, value in one.items() if name != "judgement"} for one in found.values()]


class Earlier:
    """A reading that was made under an earlier version. keys: what each judgement was called then; fates: by id, what
    became of it, as in `mapping.Carried`."""

    def __init__(self, submission: Submission, steps: Sequence[Step]) -> None:
        before = content_of(submission)
        self.label_set = submission.label_set_id
        members: Sequence[Member] = [*before.spans, *before.relations]
        self.keys = {one.id: _key(one) for one in members}
        self.fates = content_of(submission, steps).fates

    def was_asked(self, moves: Moves, under: LabelSet, member: Member, name: str) -> bool:
        kind = "label" if isinstance(member, standoff.Span) else "relation"
        return name in moves.asked(self.label_set, under.pk, kind, self.keys[member.id])


def _key(member: Member) -> str:
    return member.label if isinstance(member, standoff.Span) else member.type


def _attributes(codebook: Codebook, member: Member) -> Mapping[str, Attribute]:
    """What is asked about a judgement, by name; nothing where the codebook does not know what it is called."""
    if isinstance(member, standoff.Span):
        return codebook.attributes(member.label) if codebook.has_label(member.label) else {}
    known = codebook.relation(member.type).attributes if codebook.has_relation(member.type) else ()
    return {one.key: one for one in known}


def _merges(project: Project, label_set: LabelSet) -> Merges:
    return merges_of(project.pk, label_set.codebook) if label_set.codebook.lists else Merges()


def _compared(codebook: Codebook, voices: Sequence[Voice]) -> Comparison:
    return compare(
        voices,
        compared=lambda label: counted(codebook, label),
        compared_in_relations=lambda type: counted_in_relation(codebook, type),
        symmetric={relation.key for relation in codebook.relations if relation.symmetric},
    )


def _free_texts(submissions: Iterable[Submission]) -> dict[str, str]:
    chains = {one.annotation_set.chain_id for one in submissions}
    return {str(id): text for id, text in Remark.objects.filter(chain__in=chains).values_list("id", "text")}


KINDS = ("missing", "edges", "label", "otherwise", "answer")
"""`missing`: not all readers have it; `otherwise`: the same two spans are also joined by another relation."""


def _share(count: int, of: int) -> float:
    return round(count / of, 4)
