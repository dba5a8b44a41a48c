"""What readers said side by side: for each place the share of them who said what, and how they differ.

Disagreement is kept: gold says what was decided, this says what there was to decide, for whoever learns from both.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator import standoff
from annotator.accounts.models import User
from annotator.annotation.models import Submission
from annotator.exchange.exports import Export, Fetch, Place, Wanted, published
from annotator.exchange.provenance import Provenance
from annotator.exchange.records import Record, article_columns, article_part
from annotator.log.models import Remark
from annotator.projects.models import Project, ProjectArticle
from annotator.registers.queries import merges_of
from annotator.registers.resolving import Merges
from annotator.schema.codebook import Codebook
from annotator.workflow.cases import counted, counted_in_relation, voice_of
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
    codebook = export.project.label_set.codebook
    merges = merges_of(export.project.pk, codebook) if codebook.lists else Merges()
    book, _ = export.of(export.project.label_set_id)
    for row in rows:
        voices = [voice_of(one, codebook, texts, merges) for one in submissions[row["article__id"]]]
        readings = Readings(_compared(codebook, voices), submissions[row["article__id"]], gold)
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
    """The readings of one article, compared as at the adjudicator's desk. `voices`: pseudonyms by submission."""

    def __init__(self, comparison: Comparison, submissions: Sequence[Submission], gold: Provenance | None) -> None:
        self.comparison, self.gold = comparison, gold
        self.voices = {str(one.pk): one.annotation_set.voice for one in submissions}
        self._place = {group.key: place for place, group in enumerate(comparison.span_groups)}

    def span(self, group: SpanGroup, text: str | None) -> Record:
        labels: dict[str | None, list[str]] = defaultdict(list)
        for voice, member in group.members.items():
            labels[member.label].append(voice)
        return {
            "start": group.start,
            "end": group.end,
            "text": text[group.start : group.end] if text is not None else None,
            "kinds": _kinds(group),
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
            "kinds": _kinds(group),
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
        agreed = {voice: reply(item, name) for voice, item in group.members.items()}
        replies = group.attributes.get(name) or {voice: one for voice, one in agreed.items() if one is not None}
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

    def _called(self, submissions: Iterable[str]) -> list[str]:
        return sorted(self.voices[one] for one in submissions)

    def _judgement(self, voice: str, member: standoff.Span | standoff.Relation) -> Record:
        return {"submission": voice, "judgement": member.id, "voice": self.voices[voice]}

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


def _kinds(group: Group) -> list[str]:
    """In which ways readers differ here; none where all say the same."""
    differs = {"missing": bool(group.missing), "answer": bool(group.attributes)}
    if isinstance(group, SpanGroup):
        differs |= {"label": group.label_differs, "edges": group.boundary_differs}
    else:
        differs |= {"otherwise": bool(group.rivals)}
    return [kind for kind in KINDS if differs.get(kind)]


KINDS = ("missing", "edges", "label", "otherwise", "answer")
"""`missing`: not all readers have it; `otherwise`: the same two spans are also joined by another relation."""


def _share(count: int, of: int) -> float:
    return round(count / of, 4)
