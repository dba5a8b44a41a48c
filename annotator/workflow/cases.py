"""One article on the adjudicator's desk, and what may be said of a difference."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from annotator import standoff
from annotator.annotation.models import AnnotationSet, Submission
from annotator.errors import Unknown
from annotator.log.models import Remark
from annotator.projects.models import Project, ProjectArticle
from annotator.schema.codebook import Codebook
from annotator.workflow.comparison import Comparison, Difference, RelationGroup, SpanGroup, Voice
from annotator.workflow.models import Decision
from corpus.models import Article


@dataclass
class Case:
    """One article on the adjudicator's desk."""

    project: Project
    article: Article
    row: ProjectArticle
    gold_set: AnnotationSet
    submissions: dict[str, Submission]
    comparison: Comparison
    decisions: dict[str, Decision] = field(default_factory=dict)

    @property
    def codebook(self) -> Codebook:
        return self.gold_set.label_set.codebook

    @cached_property
    def differences(self) -> list[Difference]:
        return self.comparison.differences()

    @property
    def open_differences(self) -> list[Difference]:
        return [difference for difference in self.differences if not self.is_settled(difference)]

    def is_settled(self, difference: Difference) -> bool:
        """Decided, or gone: an attribute or relation of something that was settled as nothing here."""
        if difference.key in self.decisions:
            return True
        group = self.comparison.groups[difference.group]
        spans = [group.key] if isinstance(group, SpanGroup) else [group.source_group, group.target_group]
        return any(self._is_nothing(key) for key in spans)

    def _is_nothing(self, key: str) -> bool:
        decision = self.decisions.get(key)
        return decision is not None and decision.outcome == "neither"

    def difference(self, key: str) -> Difference:
        for difference in self.differences:
            if difference.key == key:
                return difference
        raise Unknown("This difference is gone; the readings have changed. Reload the page.")

    def members(self, group: SpanGroup | RelationGroup) -> list[list[str]]:
        """`[submission id, item id]` of each voice, in the order of the submissions' ids."""
        return [[voice, group.members[voice].id] for voice in sorted(group.members)]


@dataclass(frozen=True)
class Choice:
    """What an adjudicator says of one difference.

    `outcome`: took (with `voice`), both, neither, edited (with `values`: start, end, quote, label,
    attributes for a span; value for an attribute). `rule`: a number of the codebook.
    """

    outcome: str
    voice: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    note: str = ""


def voices_of(submissions: Iterable[Submission], codebook: Codebook) -> list[Voice]:
    """Submissions as the voices of a comparison, free texts in place of the remarks that hold them."""
    submissions = list(submissions)
    chains = [submission.annotation_set.chain_id for submission in submissions]
    texts = {str(id): text for id, text in Remark.objects.filter(chain__in=chains).values_list("id", "text")}
    return [_voice(submission, codebook, texts) for submission in submissions]


def _voice(submission: Submission, codebook: Codebook, texts: Mapping[str, str]) -> Voice:
    content = json.loads(submission.content)
    for span in content["spans"]:
        known = codebook.attributes(span["label"])
        for name, value in span["attributes"].items():
            if known[name].kind == "text":
                span["attributes"][name] = texts.get(value, "")
    spans = [standoff.Span(**span) for span in content["spans"]]
    return Voice(str(submission.pk), spans, [standoff.Relation(**relation) for relation in content["relations"]])


def counted(codebook: Codebook, label: str) -> list[str]:
    """Names of the attributes that count in agreement and go into gold."""
    return [name for name, attribute in codebook.attributes(label).items() if attribute.in_agreement]
