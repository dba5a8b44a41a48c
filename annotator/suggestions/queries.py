"""What may be suggested to a reader: words they labelled before, names of the register. Nothing of anybody else's."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import OuterRef, Subquery

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Span
from annotator.annotation.queries import own_sets
from annotator.log.models import Event
from annotator.schema.codebook import Actor, Attribute, Codebook
from annotator.schema.vocabulary import ACTORS
from annotator.standoff import Value
from annotator.suggestions.matching import LONGEST, Match, Phrase, Place, suggest
from corpus.models import Article, Region

READINGS = 200
"""So many of the reader's readings are looked at, those begun last."""

OWN, REGISTER = "own", "register"


def suggestions_for(user: User, annotation_set: AnnotationSet) -> list[Match]:
    """What is suggested in one's own set as it stands; nothing where it has none or is handed in. Eight queries."""
    if not (is_offered(annotation_set) and annotation_set.is_open):
        return []
    codebook, article = annotation_set.label_set.codebook, annotation_set.article
    spans = list(annotation_set.spans.values_list("start", "end", "label", "suggestion"))
    return suggest(
        article.text,
        [*own_phrases(user, annotation_set, codebook), *register_phrases(codebook)],
        taken=[(start, end, label) for start, end, label, _ in spans],
        outside=_outside(annotation_set),
        rejected=_answered(annotation_set, codebook, spans),
    )


def is_offered(annotation_set: AnnotationSet) -> bool:
    """The lot gave this reading suggestions, and the project has not switched them off since."""
    return annotation_set.suggested and annotation_set.project.suggestions


def own_phrases(user: User, annotation_set: AnnotationSet, codebook: Codebook) -> list[Phrase]:
    """What the reader labelled in the project's other articles, the newest first.

    Newest: of the reading begun last what was written last. An earlier round on the same article is left out, since
    it would only be repeated. Three queries.
    """
    begun = Event.objects.filter(chain=OuterRef("chain"), seq=1).values("pk")
    others = own_sets(user).filter(project=annotation_set.project_id).exclude(article=annotation_set.article_id)
    begun_last = others.annotate(begun=Subquery(begun)).order_by("-begun").values_list("pk", "article")[:READINGS]
    articles = dict(begun_last)
    spans: defaultdict[Any, list[Span]] = defaultdict(list)
    for span in Span.objects.filter(annotation_set__in=articles).order_by("-version", "-start"):
        spans[span.annotation_set_id].append(span)
    wanted = [articles[pk] for pk in spans]
    texts = dict(Article.objects.filter(pk__in=wanted, withdrawn_at=None).values_list("pk", "text"))
    return [
        Phrase(texts[article][span.start : span.end], span.label, lasting(codebook, span), OWN)
        for pk, article in articles.items()
        if article in texts
        for span in spans[pk]
        if span.end - span.start <= LONGEST and _is_used(codebook, span.label)
    ]


def _is_used(codebook: Codebook, label: str) -> bool:
    return codebook.has_label(label) and not codebook.label(label).retired


def lasting(codebook: Codebook, span: Span) -> dict[str, Value]:
    """The answers that hold wherever the same words stand: which entry of a list they name.

    An unnamed source is one of its own article alone.
    """
    keys = ((name, one.list) for name, one in codebook.attributes(span.label).items() if _names_entry(one))
    return {
        name: span.attributes[name]
        for name, list_name in keys
        if list_name and name in span.attributes and _is_lasting(codebook, list_name, span.attributes[name])
    }


def _names_entry(attribute: Attribute) -> bool:
    return attribute.kind == "key" and not attribute.retired


def _is_lasting(codebook: Codebook, list_name: str, key: str) -> bool:
    entry = codebook.entries(list_name).get(key)
    return entry is not None and entry.is_active and not _is_unnamed(entry)


def _is_unnamed(entry: object) -> bool:
    return isinstance(entry, Actor) and entry.kind == "unnamed"


def register_phrases(codebook: Codebook) -> list[Phrase]:
    """Names and aliases of the codebook's actors, under each label that asks for one.

    A name that several actors go by names none of them.
    """
    asked = [
        (label.key, one.key) for label in codebook.labels if not label.retired for one in _asking(label.attributes)
    ]
    names = _names(codebook) if asked else {}
    return [
        Phrase(words, label, {name: keys[0]} if len(keys) == 1 else {}, REGISTER, is_name=True)
        for label, name in asked
        for words, keys in names.items()
    ]


def _asking(attributes: Iterable[Attribute]) -> Iterator[Attribute]:
    return (one for one in attributes if _names_entry(one) and one.list == ACTORS)


def _names(codebook: Codebook) -> dict[str, list[str]]:
    """Words → keys of the actors that are called so."""
    found: dict[str, list[str]] = {}
    for entry in codebook.lists.get(ACTORS, ()):
        if isinstance(entry, Actor) and not _is_unnamed(entry):
            for words in dict.fromkeys((entry.label, *entry.aliases)):
                found.setdefault(words, []).append(entry.key)
    return found


def _outside(annotation_set: AnnotationSet) -> list[tuple[int, int]]:
    furniture = Region.objects.filter(article=annotation_set.article_id).exclude(kind__in=Region.READ)
    return list(furniture.values_list("start", "end"))


def _answered(
    annotation_set: AnnotationSet, codebook: Codebook, spans: Iterable[tuple[int, int, str, str]]
) -> set[Place]:
    """What was rejected, and what was taken up under another label."""
    changed = {
        (start, end, label.key) for start, end, _, seen in spans if seen == "changed" for label in codebook.labels
    }
    return changed | set(annotation_set.rejections.values_list("start", "end", "label"))
