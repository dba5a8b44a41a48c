"""What a move would do before it is done: counts and examples, as far as the manager may know them.

Articles that the manager reads are left out of every figure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr

from annotator.accounts.models import User
from annotator.annotation.models import GOLD, AnnotationSet, Relation, Span
from annotator.projects.models import Project
from annotator.schema.mapping import Carried, Mapped, Step, Thing, touched
from annotator.schema.models import LabelSet
from annotator.workflow.moving import carried
from annotator.workflow.queries import blinding, open_to

BATCH = 200
EXAMPLES = 3
SHOWN = 80
"""Code points of an example."""


@dataclass
class Met:
    """What a mapping does to one thing: how often it stands in open readings and open gold, with a few places."""

    items: int = 0
    sets: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """readings, gold: open sets that are carried over; handed_in, published: what stays under its version.

    met: by thing, in open sets; fates: how many spans and relations there are renamed, merged, left to a person or
    retired. left: answers that have no place in the new version. flagged: published gold with something of what
    retires. own: articles left out because the manager reads them.
    """

    readings: int = 0
    gold: int = 0
    handed_in: int = 0
    published: int = 0
    own: int = 0
    left: int = 0
    flagged: int = 0
    met: dict[Thing, Met] = field(default_factory=lambda: defaultdict(Met))
    fates: Counter[str] = field(default_factory=Counter)

    @property
    def lines(self) -> list[str]:
        """In words."""
        fates = [(self.fates["renamed"], "renamed"), (self.fates["merged"], "merged")]
        changed = " and ".join(f"{count} {what}" for count, what in fates if count)
        open_sets = _several(self.readings, "open reading")
        found = [f"{open_sets} and {_several(self.gold, 'open gold')} go on under the new version."]
        if changed:
            found.append(f"Spans and relations there: {changed}.")
        if self.fates["person"]:
            found.append(f"{_several(self.fates['person'], 'span or relation')} there wait for a person.")
        if self.fates["retired"]:
            found.append(
                f"{_several(self.fates['retired'], 'span or relation')} there stay as they are and are flagged."
            )
        if self.left:
            found.append(f"{_several(self.left, 'answer')} there have no place in the new version and fall away.")
        found.append(
            f"{_several(self.handed_in, 'reading')} handed in and {_several(self.published, 'published gold')} stay as"
            " they were judged, under their version."
        )
        if self.flagged:
            one = self.flagged == 1
            articles, hold = _several(self.flagged, "published article"), "holds" if one else "hold"
            found.append(f"Gold of {articles} {hold} what retires; reopened, just that is asked again.")
        if self.own:
            found.append(f"{_several(self.own, 'article')} that you read yourself are left out of these figures.")
        return found


def _several(count: int, noun: str) -> str:
    if "gold" in noun:
        return f"{count} {noun}"
    return f"{count} {noun.replace(' or ', 's or ') + 's' if count != 1 else noun}"


def plan_for(user: User, project: Project, to: LabelSet, mapped: Mapped) -> Plan:
    """The number of queries grows with the number of open sets that hold something of what retires, 200 at a time."""
    plan = _counted(user, project)
    step = Step(project.label_set.codebook, to.codebook, mapped)
    sets = AnnotationSet.objects.filter(open_to(user), project=project, label_set=project.label_set_id)
    for spans, relations in _held(sets.filter(state="open"), mapped):
        _meet(plan, step, spans, relations)
    published = sets.filter(voice=GOLD).exclude(state="open")
    for spans, relations in _held(published, mapped):
        fates = set(carried([step], spans, relations).fates.values())
        plan.flagged += bool(fates & {"person", "retired"})
    return plan


def _counted(user: User, project: Project) -> Plan:
    is_gold, is_open = Q(voice=GOLD), Q(state="open")
    handed = Q(submissions__isnull=False)
    found = AnnotationSet.objects.filter(open_to(user), project=project).aggregate(
        readings=Count("pk", filter=is_open & ~is_gold, distinct=True),
        gold=Count("pk", filter=is_open & is_gold, distinct=True),
        handed_in=Count("pk", filter=~is_open & ~is_gold & handed, distinct=True),
        published=Count("pk", filter=~is_open & is_gold, distinct=True),
    )
    own = blinding(user).filter(project=project).values("article").distinct().count()
    return Plan(**found, own=own)


def _held(sets: QuerySet[AnnotationSet], mapped: Mapped) -> Iterable[tuple[list[Span], list[Relation]]]:
    """Spans and relations of each set that has something of what the mapping speaks of."""
    labels = {thing[1] for thing in mapped if thing[0] == "label"}
    types = {thing[1] for thing in mapped if thing[0] == "relation"}
    touching = sets.filter(Q(spans__label__in=labels) | Q(relations__type__in=types)).order_by("pk").distinct()
    ids = list(touching.values_list("pk", flat=True)) if mapped else []
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        spans: dict[object, list[Span]] = defaultdict(list)
        relations: dict[object, list[Relation]] = defaultdict(list)
        words = Substr("annotation_set__article__text", F("start") + 1, F("end") - F("start"))
        for span in Span.objects.filter(annotation_set__in=some).annotate(words=words).order_by("start", "pk"):
            spans[span.annotation_set_id].append(span)
        for relation in Relation.objects.filter(annotation_set__in=some).order_by("pk"):
            relations[relation.annotation_set_id].append(relation)
        yield from ((spans[pk], relations[pk]) for pk in some)


def _meet(plan: Plan, step: Step, spans: Sequence[Span], relations: Sequence[Relation]) -> None:
    found: Carried = carried([step], spans, relations)
    plan.fates.update(found.fates.values())
    plan.left += found.left
    here: dict[Thing, list[str]] = defaultdict(list)
    for span in spans:
        for thing in touched(step.mapped, "label", span.label, span.attributes):
            here[thing].append(span.words)  # type: ignore[attr-defined]
    for relation in relations:
        for thing in touched(step.mapped, "relation", relation.type, relation.attributes):
            here[thing].append("")
    for thing, words in here.items():
        met = plan.met[thing]
        met.items += len(words)
        met.sets += 1
        met.examples += [_short(one) for one in words if one][: EXAMPLES - len(met.examples)]


def _short(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"
