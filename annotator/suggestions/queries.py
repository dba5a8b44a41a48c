"""What may be suggested to a reader: words they labelled before, names of the register. Nothing of anybody else's."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import F, OuterRef, Subquery

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Span
from annotator.annotation.queries import own_sets
from annotator.log.models import Event
from annotator.registers.queries import names_for
from annotator.schema.codebook import Actor, Attribute, Codebook, Label
from annotator.schema.vocabulary import ACTORS
from annotator.standoff import Value
from annotator.suggestions.matching import LONGEST, Match, Phrase, Place, suggest
from corpus.models import Article, Region

READINGS = 200
"""So many of the reader's readings are looked at, those begun last."""

OWN, REGISTER = "own", "register"


def suggestions_for(user: User, annotation_set: AnnotationSet) -> list[Match]:
    """What is suggested in one's own set as it stands; nothing where it has none or is handed in.

    So many queries, however much there is: seven, and two for each list that the codebook's questions name.
    """
    if not (is_offered(annotation_set) and annotation_set.is_open):
        return []
    codebook, article = annotation_set.label_set.codebook, annotation_set.article
    spans = list(annotation_set.spans.values_list("start", "end", "label", "suggestion"))
    names = Names(user, annotation_set)
    return suggest(
        article.text,
        [*own_phrases(user, annotation_set, names), *register_phrases(codebook, names)],
        taken=[(start, end, label) for start, end, label, _ in spans],
        outside=_outside(annotation_set),
        rejected=_answered(annotation_set, codebook, spans),
    )


def is_offered(annotation_set: AnnotationSet) -> bool:
    """The lot gave this reading suggestions, and the project has not switched them off since."""
    return annotation_set.suggested and annotation_set.project.suggestions


class Names:
    """The names that entries of the project's lists go by in one article, a list read when it is first asked for.

    A reader's own proposals are among them, those of others never. Unnamed sources belong to a text of their own.
    """

    def __init__(self, user: User, annotation_set: AnnotationSet) -> None:
        self.user, self.project, self.article = user, annotation_set.project, annotation_set.article_id
        self.codebook = annotation_set.label_set.codebook
        self._found: dict[str, dict[str, list[str]]] = {}

    def of(self, list_name: str) -> dict[str, list[str]]:
        """Key → names."""
        if list_name not in self._found:
            found: defaultdict[str, list[str]] = defaultdict(list)
            for name in names_for(self.user, self.project, list_name):
                if name.article in (None, self.article) and not self._is_unnamed(list_name, name.key):
                    found[name.key].append(name.text)
            self._found[list_name] = dict(found)
        return self._found[list_name]

    def said(self, label: str, attributes: Mapping[str, Value]) -> str:
        """The entries that these answers name, by their first names."""
        asked = self.codebook.attributes(label)
        return ", ".join(self.of(asked[name].list or "")[str(key)][0] for name, key in attributes.items())

    def _is_unnamed(self, list_name: str, key: str) -> bool:
        entry = self.codebook.entries(list_name).get(key) if list_name in self.codebook.lists else None
        return isinstance(entry, Actor) and entry.kind == "unnamed"


def own_phrases(user: User, annotation_set: AnnotationSet, names: Names) -> list[Phrase]:
    """What the reader labelled in the project's other articles, the newest first.

    Newest: of the reading begun last what was written last. An earlier round on the same article is left out, since
    it would only be repeated.
    """
    articles, found = _articles_read(user, annotation_set), dict[tuple[str, str], Phrase]()
    spans = _short_spans(articles, names.codebook)
    wanted = [articles[pk] for pk in spans]
    texts = dict(Article.objects.filter(pk__in=wanted, withdrawn_at=None).values_list("pk", "text"))
    for pk, article in articles.items():
        for start, end, label, answers in spans[pk] if article in texts else ():
            words = texts[article][start:end]
            if (words, label) not in found:
                found[words, label] = _as_phrase(words, label, lasting(label, answers, names), OWN, names)
    return list(found.values())


def _short_spans(
    sets: Iterable[uuid.UUID], codebook: Codebook
) -> defaultdict[uuid.UUID, list[tuple[int, int, str, dict[str, Value]]]]:
    """Set → start, end, label and answers of its spans that are no longer than a phrase, those written last first."""
    found: defaultdict[uuid.UUID, list[tuple[int, int, str, dict[str, Value]]]] = defaultdict(list)
    short = Span.objects.filter(annotation_set__in=list(sets), end__lte=F("start") + LONGEST)
    columns = ("annotation_set", "start", "end", "label", "attributes")
    for pk, start, end, label, answers in short.order_by("-version", "-start").values_list(*columns):
        if _is_used(codebook, label):
            found[pk].append((start, end, label, answers))
    return found


def _as_phrase(words: str, label: str, attributes: dict[str, Value], source: str, names: Names) -> Phrase:
    said = names.said(label, attributes)
    return Phrase(words, label, attributes, source, is_name=source == REGISTER, said=said)


def _articles_read(user: User, annotation_set: AnnotationSet) -> dict[uuid.UUID, uuid.UUID]:
    """Set → article of the reader's other readings in the project, those begun last first."""
    begun = Event.objects.filter(chain=OuterRef("chain"), seq=1).values("pk")
    others = own_sets(user).filter(project=annotation_set.project_id).exclude(article=annotation_set.article_id)
    ordered = others.annotate(begun=Subquery(begun)).order_by("-begun")
    return dict(ordered.values_list("pk", "article")[:READINGS])


def _is_used(codebook: Codebook, label: str) -> bool:
    return codebook.has_label(label) and not codebook.label(label).retired


def lasting(label: str, answers: Mapping[str, Value], names: Names) -> dict[str, Value]:
    """The answers that hold wherever the same words stand: which entry of a list they name, if it can be named."""
    asked = ((one.key, one.list) for one in names.codebook.attributes(label).values() if _names_entry(one))
    return {
        key: answers[key]
        for key, list_name in asked
        if list_name and key in answers and answers[key] in names.of(list_name)
    }


def _names_entry(attribute: Attribute) -> bool:
    return attribute.kind == "key" and not attribute.retired


def register_phrases(codebook: Codebook, names: Names) -> list[Phrase]:
    """Names and aliases of actors, under each label that asks for one.

    A name that several actors go by names none of them.
    """
    asked = [(label.key, one.key) for label in codebook.labels if not label.retired for one in _asking(label)]
    if not asked:
        return []
    called: defaultdict[str, set[str]] = defaultdict(set)
    for key, all_names in names.of(ACTORS).items():
        for name in all_names:
            called[name].add(key)
    return [
        _as_phrase(name, label, {question: min(keys)} if len(keys) == 1 else {}, REGISTER, names)
        for label, question in asked
        for name, keys in called.items()
    ]


def _asking(label: Label) -> Iterator[Attribute]:
    return (one for one in label.attributes if _names_entry(one) and one.list == ACTORS)


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
