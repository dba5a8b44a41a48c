"""The payloads of the API, for its description only: nothing is read or written with these.

What they say is held against real answers by the tests.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    DictField,
    Field,
    FloatField,
    IntegerField,
    ListField,
    Serializer,
    URLField,
    UUIDField,
)

from annotator.annotation.models import AnnotationSet, Span
from annotator.exchange.disagreement import KINDS
from annotator.log.models import Chain
from annotator.projects.models import Membership
from annotator.schema.mapping import GRAVEST
from annotator.workflow.models import Assignment, Decision
from corpus.models import Article as ArticleRow
from corpus.models import Region as RegionRow

UNTIL_GOLD = "none while gold is not out, null if not wanted."
OFFSET = "Unicode code points from the start of the text"


@extend_schema_field({"type": ["string", "number", "boolean", "null"]})
class Answer(Field):  # type: ignore[type-arg]
    """A text, a number, true or false; null where there is no answer."""


class Attributes(DictField):
    child = Answer()


@extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
class Anything(Field):  # type: ignore[type-arg]
    """An object whose keys depend on the case."""


class ProblemShape(Serializer[Any]):
    """RFC 9457."""

    type = CharField()
    title = CharField()
    status = IntegerField()
    detail = CharField(help_text="Plain words, with what to do.")
    code = CharField(help_text="A name that stays the same.")
    field = CharField(allow_null=True, help_text="What was sent wrongly.")
    state = Anything(help_text="What stands now, for work that came too late.")

    class Meta:
        ref_name = "Problem"


class Codebook(Serializer[Any]):
    slug = CharField()
    version = IntegerField()
    digest = CharField(help_text="SHA-256 of the codebook's canonical JSON.")


class WholeCodebook(Codebook):
    frozen_at = DateTimeField(allow_null=True)
    content = Anything(help_text="The codebook itself.")


class Project(Serializer[Any]):
    id = UUIDField()
    slug = CharField()
    name = CharField()
    codebook = Codebook()
    roles = ListField(child=ChoiceField(choices=Membership.ROLES), help_text="The token's owner's.")


class ArticleIdentity(Serializer[Any]):
    id = UUIDField()
    key = CharField(help_text="The same for the same slice of the same file, in every database.")
    sha256 = CharField(help_text="Of the text's UTF-8.")
    length = IntegerField(help_text="Of the text, in code points.")
    language = CharField(help_text="BCP 47; `und` where it is not known.")
    direction = ChoiceField(choices=["ltr", "rtl"])
    withdrawn_at = DateTimeField(allow_null=True)
    text = CharField(allow_null=True, help_text="Null where it is not wanted, or was withdrawn.")


class ArticleOfReading(ArticleIdentity):
    title = CharField(allow_null=True)
    deck = CharField(allow_null=True)
    byline = CharField(allow_null=True)
    outlet = CharField(allow_null=True)
    published_on = DateField(allow_null=True)


class Source(Serializer[Any]):
    name = CharField()
    sha256 = CharField(help_text="Of the file's bytes.")
    start = IntegerField(help_text="Where the article begins in the file's text, in code points.")
    end = IntegerField()


class Fact(Serializer[Any]):
    value = CharField()
    start = IntegerField(allow_null=True, help_text=f"Where the text states it, in {OFFSET}; null if given by hand.")
    end = IntegerField(allow_null=True)


Facts = inline_serializer("Facts", {name: Fact(allow_null=True) for name in ArticleRow.FACTS})


class Region(Serializer[Any]):
    start = IntegerField(help_text=OFFSET)
    end = IntegerField(help_text=f"{OFFSET}; the character at `end` is outside.")
    kind = ChoiceField(choices=RegionRow.KINDS)
    paragraph = IntegerField(help_text="The line of the text, from 0.")


class Article(ArticleIdentity):
    unit = ChoiceField(choices=["codepoint"])
    source = Source()  # type: ignore[assignment]
    facts = Facts
    regions = Region(many=True)


class SetOfReading(Serializer[Any]):
    id = UUIDField()
    voice = CharField(help_text="A reader's pseudonym, or `gold`.")
    round = IntegerField(help_text="Above 1: a further try at a training article, or a second reading of one's own.")
    purpose = ChoiceField(
        choices=[*Assignment.PURPOSES, "gold"],
        help_text="Only what was for `reading` counts for gold and in agreement between readers.",
    )


class Submission(Serializer[Any]):
    id = UUIDField()
    number = IntegerField()
    digest = CharField(help_text="SHA-256 of what was handed in, or published.")
    seq = IntegerField(help_text="Length of the set's chain then.")
    head = CharField(help_text="Hash of the chain's last event then.")
    at = DateTimeField()


class Judgement(Serializer[Any]):
    submission = UUIDField()
    judgement = UUIDField(help_text="Id of the span or relation inside the submission.")
    voice = CharField(allow_null=True)


class Decided(Serializer[Any]):
    """A decision that stands."""

    subject = ChoiceField(choices=Decision.SUBJECTS)
    name = CharField(allow_null=True, help_text="Of the attribute.")
    decision = UUIDField()
    outcome = ChoiceField(choices=Decision.OUTCOMES)
    rule = CharField(allow_null=True, help_text="A rule of the codebook.")
    note = CharField(allow_null=True)
    by = UUIDField(allow_null=True, help_text="Pseudonym of the adjudicator; null where all agreed.")
    seq = IntegerField(help_text="The event in the set's chain that records the decision.")


class Provenance(Decided):
    """Where an item of gold, or one of its attributes, came from."""

    sources = Judgement(many=True, help_text="What it was taken from; if edited or dropped, what it is about.")


class CameOf(Decided):
    """What came of judgements by one decision."""

    gold = ListField(child=UUIDField(), help_text="Spans or relations of gold that follow it; none if it was not.")


class Became(CameOf):
    """What became of a judgement."""

    judgement = UUIDField(help_text="Id of the span or relation.")


class SpanOfReading(Serializer[Any]):
    id = UUIDField()
    start = IntegerField(help_text=OFFSET)
    end = IntegerField(help_text=f"{OFFSET}; the character at `end` is outside.")
    label = CharField()  # type: ignore[assignment]
    text = CharField(allow_null=True)
    attributes = Attributes(help_text="Every attribute of the codebook; null where there is no answer.")
    absent = ListField(child=CharField(), help_text="Attributes and relations answered with “not in the text”.")
    provenance = Provenance(many=True, allow_null=True, help_text="Of gold.")


class SpanOfReader(SpanOfReading):
    suggestion = ChoiceField(
        choices=Span.EXPOSURES,
        help_text="What the reader saw of a suggestion when drawing the span: nothing (empty), one was `shown` there, "
        "it was `accepted`, or taken up and `changed`.",
    )


class RelationOfReading(Serializer[Any]):
    id = UUIDField()
    type = CharField()
    attributes = Attributes()
    provenance = Provenance(many=True, allow_null=True, help_text="Of gold.")

    def get_fields(self) -> dict[str, Field]:  # type: ignore[type-arg]
        return with_ends(super().get_fields())


class Reading(Serializer[Any]):
    """What one voice says about one article."""

    unit = ChoiceField(choices=["codepoint"])
    project = CharField()
    article = ArticleOfReading()
    codebook = Codebook()
    set = SetOfReading()
    submission = Submission()
    spans = SpanOfReading(many=True, help_text="By start, the longest first, then by label and id.")
    relations = RelationOfReading(many=True, help_text="By type, from, to.")
    nothing_here = Provenance(
        many=True, allow_null=True, help_text="Of gold: what was marked, and dropped by a decision."
    )


class ReadingOfReader(Reading):
    """What one reader handed in."""

    became = Became(
        many=True,
        allow_null=True,
        help_text=f"The decisions about each judgement; {UNTIL_GOLD}",
    )

    active_seconds = IntegerField(
        allow_null=True,
        help_text="In which the reader did something at the desk; null for adjudicators before the release, and "
        "where nothing was told.",
    )
    spans = SpanOfReader(many=True, help_text="By start, the longest first, then by label and id.")


class Share(Serializer[Any]):
    label = CharField(allow_null=True, help_text="Null: nothing marked here.")  # type: ignore[assignment]
    share = FloatField(help_text="Of all readers of the article, from 0 to 1.")
    voices = ListField(child=CharField(), help_text="Pseudonyms.")


class ReplyOfSome(Serializer[Any]):
    answer = Answer(allow_null=True)
    not_in_text = BooleanField(help_text="Whether the answer is “not in the text”.")
    share = FloatField(help_text="Of the readers who were asked, from 0 to 1.")
    voices = ListField(child=CharField(), help_text="Pseudonyms.")


class Replies(Serializer[Any]):
    name = CharField(help_text="Of the attribute.")
    replies = ReplyOfSome(many=True)


class JudgementRead(Judgement):
    codebook_version = IntegerField(help_text="That it was made under; it is compared as it reads under `codebook`.")
    judged_as = CharField(help_text="The label or type of relation that was given.")
    fate = ChoiceField(
        choices=GRAVEST,
        allow_null=True,
        help_text="What became of it in a later version: `person` and `retired` stand as they were judged.",
    )


class PlacedJudgement(JudgementRead):
    start = IntegerField(help_text=OFFSET)
    end = IntegerField(help_text=f"{OFFSET}; the character at `end` is outside.")
    label = CharField()  # type: ignore[assignment]


WAYS = ListField(
    child=ChoiceField(choices=KINDS),
    help_text="In which ways readers differ; none where all say the same. `missing`: not all have it; `otherwise`: "
    "the same two spans are also joined by another relation.",
)


class SpansSideBySide(Serializer[Any]):
    """Spans of several readers that mean the same thing."""

    start = IntegerField(help_text=f"Of the first of them, in {OFFSET}.")
    end = IntegerField(help_text=f"Of the last of them, in {OFFSET}.")
    text = CharField(allow_null=True)
    kinds = WAYS
    labels = Share(many=True, help_text="The soft label, the largest share first.")
    answers = Replies(many=True)
    judgements = PlacedJudgement(many=True)
    became = CameOf(
        many=True,
        allow_null=True,
        help_text=f"The decisions about them; {UNTIL_GOLD}",
    )


class RelationsSideBySide(Serializer[Any]):
    type = CharField()
    kinds = WAYS
    share = FloatField(help_text="Of all readers of the article, from 0 to 1.")
    answers = Replies(many=True)
    judgements = JudgementRead(many=True)
    became = CameOf(
        many=True,
        allow_null=True,
        help_text=f"The decisions about them; {UNTIL_GOLD}",
    )

    def get_fields(self) -> dict[str, Field]:  # type: ignore[type-arg]
        place = "The place of a span among `spans`, from 0."
        return {**super().get_fields(), "from": IntegerField(help_text=place), "to": IntegerField(help_text=place)}


class Disagreement(Serializer[Any]):
    """What all readers of one article say, side by side."""

    unit = ChoiceField(choices=["codepoint"])
    project = CharField()
    article = ArticleOfReading()
    codebook = Codebook(help_text="The newest version that one of the readings was made under.")
    voices = ListField(child=CharField(), help_text="Pseudonyms of the readers.")
    spans = SpansSideBySide(many=True, help_text="In reading order.")
    relations = RelationsSideBySide(many=True)


class Event(Serializer[Any]):
    chain = UUIDField()
    kind = ChoiceField(choices=Chain.KINDS)
    set = UUIDField(allow_null=True)
    article = UUIDField(allow_null=True)
    seq = IntegerField(help_text="From 1, without a hole.")
    previous = CharField(help_text="Hash of the event before.")
    hash = CharField(help_text="SHA-256 over a zero byte, the bytes of `previous`, and `body` in UTF-8.")
    body = CharField(help_text="Canonical JSON as it is stored: hash these very characters.")


class WorkingSpan(Serializer[Any]):
    id = UUIDField()
    start = IntegerField(help_text=OFFSET)
    end = IntegerField(help_text=f"{OFFSET}; the character at `end` is outside.")
    label = CharField()  # type: ignore[assignment]
    attributes = Attributes()
    absent = ListField(child=CharField())
    version = IntegerField(help_text="For If-Match.")


class WorkingRelation(Serializer[Any]):
    id = UUIDField()
    type = CharField()
    attributes = Attributes()
    version = IntegerField(help_text="For If-Match.")

    def get_fields(self) -> dict[str, Field]:  # type: ignore[type-arg]
        return with_ends(super().get_fields())


class WorkingSet(Serializer[Any]):
    unit = ChoiceField(choices=["codepoint"])
    id = UUIDField()
    project = CharField()
    state = ChoiceField(choices=AnnotationSet.STATES)
    version = IntegerField(help_text="For If-Match, when handing in.")
    codebook = Codebook()
    article = Article()
    spans = WorkingSpan(many=True)
    relations = WorkingRelation(many=True)


class WrittenSpan(WorkingSpan):
    set_version = IntegerField()


class WrittenRelation(WorkingRelation):
    set_version = IntegerField()


class Outcome(Serializer[Any]):
    """What a gesture left behind."""

    set_version = IntegerField()
    spans = WorkingSpan(many=True)
    relations = WorkingRelation(many=True)
    removed = ListField(child=UUIDField())


class Gap(Serializer[Any]):
    severity = ChoiceField(choices=["error", "warning"])
    check = CharField()
    span = UUIDField()
    name = CharField(help_text="The attribute or relation it is about, or empty.")
    message = CharField()


class HandedIn(Serializer[Any]):
    id = UUIDField()
    state = ChoiceField(choices=AnnotationSet.STATES)
    version = IntegerField()
    gaps = Gap(many=True)


class NewSpan(Serializer[Any]):
    start = IntegerField(help_text=OFFSET)
    end = IntegerField(help_text=f"{OFFSET}; the character at `end` is outside.")
    quote = CharField(help_text="Must be `text[start:end]`.")
    label = CharField()  # type: ignore[assignment]
    attributes = Attributes(required=False)
    absent = ListField(child=CharField(), required=False)


class SpanChange(Serializer[Any]):
    start = IntegerField(required=False)
    end = IntegerField(required=False)
    quote = CharField(required=False, help_text="Goes with a changed edge.")
    label = CharField(required=False)  # type: ignore[assignment]
    attributes = Attributes(required=False, help_text="Those to change; null takes an answer away.")
    absent = ListField(child=CharField(), required=False)


class NewRelation(Serializer[Any]):
    type = CharField()
    attributes = Attributes(required=False)

    def get_fields(self) -> dict[str, Field]:  # type: ignore[type-arg]
        return with_ends(super().get_fields())


class RelationChange(Serializer[Any]):
    attributes = Attributes(help_text="Those to change; null takes an answer away.")


def with_ends(fields: dict[str, Field]) -> dict[str, Field]:  # type: ignore[type-arg]
    """`from` is a word of Python's own, so that it cannot be declared as a field."""
    return {**fields, "from": UUIDField(help_text="Id of a span."), "to": UUIDField(help_text="Id of a span.")}


def page_of(shape: type[Serializer[Any]], **more: Field) -> Serializer[Any]:  # type: ignore[type-arg]
    fields = {
        "results": shape(many=True),
        "next": URLField(allow_null=True, help_text="The next page; null on the last."),
        **more,
    }
    page: Serializer[Any] = inline_serializer(f"PageOf{shape.__name__}s", fields)
    return page


class Entry(Serializer[Any]):
    list = CharField(help_text="`actors`, or a list of concepts.")
    key = CharField(help_text="As spans name it.")
    title = CharField(help_text="Name of an actor, statement of a concept.")
    aliases = ListField(child=CharField())
    status = ChoiceField(choices=["active", "merged", "retired", "proposed", "declined"])
    stands_for_it = CharField(
        help_text="Key of the entry that stands for this one now; its own where nothing was merged."
    )
    merged_into = CharField(allow_null=True, help_text="The next step on the way there.")
    origin = ChoiceField(choices=["codebook", "project", "proposal"])
    details = Anything(help_text="The rest of the entry, as in a codebook.")


PROJECTS, READINGS, ARTICLES = page_of(Project), page_of(Reading), page_of(Article)
READINGS_OF_READERS = page_of(ReadingOfReader)
ENTRIES = page_of(Entry)
DISAGREEMENTS = page_of(Disagreement)
EVENTS = page_of(
    Event,
    withheld=BooleanField(
        help_text="Whether chains are left out, since the token's owner reads articles, or settles one again."
    ),
)
