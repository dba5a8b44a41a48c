"""Reading a case: submissions, decisions and gold of one article, put together as the desk and its pages need them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from annotator import standoff
from annotator.annotation.models import AnnotationSet, Relation, Span, Submission
from annotator.log.models import Remark
from annotator.projects.models import Project, ProjectArticle
from annotator.projects.moves import Moves, moves_of
from annotator.registers.queries import as_settler_sees, merges_of
from annotator.registers.resolving import Merges, used_keys
from annotator.schema.codebook import Codebook
from annotator.schema.models import LabelSet
from annotator.workflow.cases import Case, GoldRows, Readings, counted, counted_in_relation, span_answers, voice_of
from annotator.workflow.comparison import Comparison, Voice, compare
from annotator.workflow.models import Decision, GoldSource
from annotator.workflow.moving import carried
from annotator.workflow.queries import judgements_of
from annotator.workflow.standing import outdated, stand


def load(project: Project, row: ProjectArticle, gold_set: AnnotationSet, *, beside: Submission | None = None) -> Case:
    """The case as it is now, in a fixed number of queries. Not a door: callers have passed one.

    `beside`: a reading that does not count, laid beside the others like one that came late.
    """
    readings_in = [*judgements_of(project, row.article_id), *([beside] if beside else [])]
    submissions = {str(submission.pk): submission for submission in readings_in}
    decisions, gold = _standing(gold_set), _read_as_late(gold_set, readings_in)
    codebook = gold_set.label_set.codebook
    merges = merges_of(project.pk, codebook) if codebook.lists else Merges()
    readings = _readings(submissions, decisions, gold_set.label_set, merges)
    comparison = _compared(readings, codebook, submissions)

    def plain(one: Span | Relation) -> standoff.Span | standoff.Relation:
        if isinstance(one, Relation):
            return replace(one.as_standoff(), attributes=merges.answers(codebook, one.type, one.attributes))
        answers = span_answers(codebook, one.label, one.attributes, gold.texts, merges)
        return replace(one.as_standoff(), attributes=answers)

    found = stand(comparison, decisions, readings, gold, lambda label: counted(codebook, label), plain)
    return Case(
        project, row.article, row, gold_set, _naming(codebook, project, readings, gold, decisions, merges), merges,
        submissions, readings, found.comparison, gold, found.decisions, found.flagged | outdated(gold_set, found),
        found.spans, found.relations,
    )  # fmt: skip


def load_both(project: Project, row: ProjectArticle, first: Submission, again: Submission) -> Case:
    """Two settlings of one article as the voices of a case, "A" and "B", with nothing decided. Not a door."""
    label_set = max((first.label_set, again.label_set), key=lambda one: one.number)
    codebook = label_set.codebook
    merges = merges_of(project.pk, codebook) if codebook.lists else Merges()
    both = {str(one.pk): one for one in (first, again)}
    readings = replace(
        _readings(both, [], label_set, merges), reader_of={str(first.pk): "first", str(again.pk): "second"}
    )
    comparison = _compared(readings, codebook, both)
    gold = GoldRows({}, {}, (), {})
    return Case(
        project, row.article, row, first.annotation_set, _naming(codebook, project, readings, gold, [], merges), merges,
        both, readings, comparison, gold, {}, frozenset(), {}, {},
    )  # fmt: skip


def _compared(readings: Readings, codebook: Codebook, voices: Iterable[str]) -> Comparison:
    return compare(
        [readings.voices[key] for key in voices],
        compared=lambda label: counted(codebook, label),
        compared_in_relations=lambda type: counted_in_relation(codebook, type),
        symmetric={relation.key for relation in codebook.relations if relation.symmetric},
    )


def _naming(
    codebook: Codebook,
    project: Project,
    readings: Readings,
    gold: GoldRows,
    decisions: Iterable[Decision],
    merges: Merges,
) -> Codebook:
    """The codebook with every entry that readings, gold or decisions name; two queries, none when they name none."""
    answers = [(span.label, span.attributes) for voice in readings.voices.values() for span in voice.spans]
    answers += [(one.type, one.attributes) for voice in readings.voices.values() for one in voice.relations]
    answers += [(span.label, span.attributes) for span in gold.spans.values()]
    answers += [(one.type, one.attributes) for one in gold.relations.values()]
    used = used_keys(codebook, answers)
    chosen = {str(value) for one in decisions for value in _chosen(one)} if codebook.lists else set()
    used = {name: used.get(name, set()) | chosen for name in codebook.lists if used.get(name) or chosen}
    standing = {name: keys | {merges.resolved(name, key) for key in keys} for name, keys in used.items()}
    return as_settler_sees(codebook, project.pk, standing)


def _chosen(decision: Decision) -> list[Any]:
    """Answers that a person gave in the place of the readers'."""
    values = decision.choice.get("values", {})
    given = [values.get("value"), *values.get("attributes", {}).values()]
    return [value for value in given if isinstance(value, str)]


def _standing(gold_set: AnnotationSet) -> list[Decision]:
    """The latest decision on each subject, oldest first."""
    superseded = Decision.objects.filter(gold_set=gold_set, supersedes__isnull=False).values("supersedes")
    standing = Decision.objects.filter(gold_set=gold_set).exclude(pk__in=superseded).select_related("note", "by")
    return sorted(standing, key=lambda decision: (decision.version, str(decision.pk)))


def _readings(
    submissions: Mapping[str, Submission], decisions: Iterable[Decision], label_set: LabelSet, merges: Merges
) -> Readings:
    """What is handed in now, and what earlier decisions were about."""
    named = {voice for decision in decisions for voice in _named(decision)} - submissions.keys()
    earlier = Submission.objects.filter(pk__in=named).select_related("annotation_set") if named else []
    every = [*submissions.values(), *earlier]
    chains = {submission.annotation_set.chain_id for submission in every}
    texts = {str(id): text for id, text in Remark.objects.filter(chain__in=chains).values_list("id", "text")}
    codebook, moves = label_set.codebook, Moves()
    if any(submission.label_set_id != label_set.pk for submission in every):
        moves = moves_of(*_projects(every))

    def voice(submission: Submission) -> Voice:
        steps = moves.path(submission.label_set_id, label_set.pk)
        return voice_of(submission, codebook, texts, merges, steps)

    return Readings(
        tuple(sorted(submissions)),
        {str(submission.pk): voice(submission) for submission in every},
        {str(submission.pk): str(submission.annotation_set_id) for submission in every},
    )


def _projects(submissions: Iterable[Submission]) -> list[uuid.UUID]:
    """Where they were handed in: a training reading may lie beside gold of another project."""
    return list(dict.fromkeys(one.annotation_set.project_id for one in submissions))


def _named(decision: Decision) -> Sequence[str]:
    return [*decision.choice.get("voices", ()), *(voice for voice, _ in decision.members)]


def _gold_rows(gold_set: AnnotationSet) -> GoldRows:
    notes = Decision.objects.filter(gold_set=gold_set, note__isnull=False).values("note")
    texts = Remark.objects.filter(chain=gold_set.chain_id).exclude(pk__in=notes).values_list("id", "text")
    return GoldRows(
        {span.pk: span for span in gold_set.spans.order_by("start", "-end", "label", "id")},
        {relation.pk: relation for relation in gold_set.relations.all()},
        tuple(GoldSource.objects.filter(gold_set=gold_set)),
        {str(id): text for id, text in texts},
    )


def _read_as_late(gold_set: AnnotationSet, submissions: Sequence[Submission]) -> GoldRows:
    """Gold that was published under an earlier version than a reading, as it reads under that of the reading.

    Only in memory: what is published stays as it was settled. Open gold is carried over before it is worked on.
    """
    gold = _gold_rows(gold_set)
    later = {one.label_set for one in submissions if one.label_set_id != gold_set.label_set_id}
    newest = max(later, key=lambda one: one.number, default=gold_set.label_set)
    if newest.number <= gold_set.label_set.number:
        return gold
    steps = moves_of(*dict.fromkeys([gold_set.project_id, *_projects(submissions)])).path(
        gold_set.label_set_id, newest.pk
    )
    found = carried(steps, list(gold.spans.values()), list(gold.relations.values()))
    for row, span in zip(gold.spans.values(), found.spans, strict=True):
        row.label, row.attributes, row.absent = span.label, dict(span.attributes), sorted(span.absent)
    for line, relation in zip(gold.relations.values(), found.relations, strict=True):
        line.type, line.attributes = relation.type, dict(relation.attributes)
    gold_set.label_set = newest
    return gold
