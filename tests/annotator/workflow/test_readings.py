"""Readings and decisions as files: they load through the actions of the screens, and only once."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest

from annotator.accounts.models import User
from annotator.annotation.models import GOLD, AnnotationSet
from annotator.errors import Problem
from annotator.log.models import Event, Remark
from annotator.projects.models import Project, ProjectArticle
from annotator.settings import BASE_DIR
from annotator.workflow.models import Assignment, Decision, GoldSource
from annotator.workflow.readings import article_of, load_decisions, load_reading
from corpus.models import Article
from tests.builders import LARGE, Cast, make_project, seed_article

READINGS = BASE_DIR / "seeds" / "readings"
NOT_GOLD = ("confidence", "note")
TALKS, TRUCE = "003_a7db058095d2d2c4.txt", "004_71fbc38e340e2622.txt"

pytestmark = pytest.mark.django_db

Data: TypeAlias = Mapping[str, Any]
Shape: TypeAlias = tuple[int, int, str]


def seed(name: str) -> Any:
    return json.loads((READINGS / f"{name}.json").read_text(encoding="utf-8"))


@dataclass
class Campaign:
    """The demo's project with its two readers, before anything is loaded."""

    project: Project
    readers: dict[str, User]
    adjudicator: User
    manager: User

    def read(self) -> int:
        return sum(
            load_reading(self.project, seed(name), reader=reader, by=self.manager)
            for name, reader in self.readers.items()
        )

    def settle(self) -> int:
        return load_decisions(self.project, seed("adjudicator"), readers=self.readers, by=self.adjudicator)

    def stage(self, name: str) -> str:
        return ProjectArticle.objects.get(project=self.project, article__source__name=name).stage

    def gold(self, name: str) -> AnnotationSet:
        return AnnotationSet.objects.get(project=self.project, article__source__name=name, voice=GOLD)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    project = make_project(cast, seed_article(TALKS), seed_article(TRUCE), codebook=LARGE)
    return Campaign(project, {"reviewer-a": cast.ada, "reviewer-b": cast.ben}, cast.cleo, cast.dora)


def test_the_demo_readings_bring_one_article_to_gold_and_leave_one_on_the_desk(campaign: Campaign) -> None:
    assert campaign.read() == 4
    assert {campaign.stage(TALKS), campaign.stage(TRUCE)} == {"settling"}
    assert set(Assignment.objects.filter(reviewer__isnull=False).values_list("state", flat=True)) == {"submitted"}
    with pytest.raises(Problem, match="No difference is about"):
        load_decisions(campaign.project, misled(), readers=campaign.readers, by=campaign.adjudicator)
    assert campaign.settle() == 1
    assert (campaign.stage(TALKS), campaign.stage(TRUCE)) == ("gold", "settling")
    assert AnnotationSet.objects.filter(voice=GOLD).count() == 1

    gold = campaign.gold(TALKS)
    check_graph(gold)
    check_provenance(gold)
    events = Event.objects.count()
    assert (campaign.read(), campaign.settle()) == (0, 0), "loading again changes nothing"
    assert Event.objects.count() == events


def misled() -> Any:
    """Decisions that begin with one about a judgement that only half of what differs consists of."""
    data = seed("adjudicator")
    data["articles"][0]["decisions"][0]["members"] = {"reviewer-a": "c1"}
    return data


def check_graph(gold: AnnotationSet) -> None:
    """Gold is what comes out here a second time, from the files alone, without any of the code under test."""
    texts = {str(pk): text for pk, text in Remark.objects.filter(chain=gold.chain).values_list("pk", "text")}
    spans = {
        _shape(span): {name: texts.get(str(value), value) for name, value in span.attributes.items()}
        for span in gold.spans.all()
    }
    expected = Expected()
    assert spans == expected.spans
    lines = {
        (relation.type, _shape(relation.source), _shape(relation.target))
        for relation in gold.relations.select_related("source", "target")
    }
    assert lines == expected.lines
    assert Counter(label for _, _, label in spans) == {"CLAIM": 40, "ACTOR": 19, "STANCE": 7}
    counts = {"made_by": 16, "held_by": 8, "toward": 8, "reported_by": 2, "supports": 1}
    assert Counter(type for type, _, _ in lines) == counts


def check_provenance(gold: AnnotationSet) -> None:
    items = {row.pk for row in [*gold.spans.all(), *gold.relations.all()]}
    assert items == {source.item for source in GoldSource.objects.filter(gold_set=gold, attribute="")}
    outcomes = Counter(Decision.objects.filter(gold_set=gold).values_list("outcome", flat=True))
    assert outcomes == {"agreed": 82, "took": 37, "neither": 4, "edited": 1}
    assert Decision.objects.filter(gold_set=gold, outcome="agreed", by=None).count() == 82
    edited = Decision.objects.select_related("note").get(outcome="edited")
    assert edited.note is not None
    assert (edited.rule, edited.note.text) == ("span 1", "“It as” belongs to the verb of viewing.")
    assert "quote" not in json.dumps(edited.choice), "the log must not keep words of the article"


def _shape(span: Any) -> Shape:
    return span.start, span.end, span.label


class Expected:
    """What both say stays; each decision then takes, changes or drops one thing."""

    def __init__(self) -> None:
        self.voices = {name: _entry(seed(name)) for name in ("reviewer-a", "reviewer-b")}
        one, other = ({_key(span): span for span in voice["spans"]} for voice in self.voices.values())
        self.spans: dict[Shape, dict[str, Any]] = {}
        for shape in one.keys() & other.keys():
            both = one[shape]["attributes"].items() & other[shape]["attributes"].items()
            self.spans[shape] = {name: value for name, value in both if name not in NOT_GOLD}
        self.end_of = {(name, span["id"]): _key(span) for name, voice in self.voices.items() for span in voice["spans"]}
        decisions = _entry(seed("adjudicator"))["decisions"]
        for decision in decisions:
            getattr(self, f"_{decision['subject']}")(decision)
        agreed = set.intersection(
            *({self._line(name, item) for item in voice["relations"]} for name, voice in self.voices.items())
        )
        self.lines = agreed | {
            self._line(decision["take"], self._item(decision, "relations"))
            for decision in decisions
            if decision["subject"] == "relation" and decision["outcome"] == "took"
        }

    def _item(self, decision: Data, kind: str) -> Data:
        wanted = decision["members"][decision["take"]]
        return next(item for item in self.voices[decision["take"]][kind] if item["id"] == wanted)

    def _line(self, name: str, item: Data) -> tuple[str, Shape | None, Shape | None]:
        return item["type"], self.end_of[name, item["from"]], self.end_of[name, item["to"]]

    def _span(self, decision: Data) -> None:
        shape, attributes = None, {}
        if decision["outcome"] == "took":
            item = self._item(decision, "spans")
            shape, attributes = _key(item), item["attributes"]
        elif decision["outcome"] == "edited":
            shape, attributes = _key(decision["values"]), decision["values"]["attributes"]
        if shape:
            self.spans[shape] = {name: value for name, value in attributes.items() if name not in NOT_GOLD}
        for member in decision["members"].items():
            self.end_of[member] = shape

    def _attribute(self, decision: Data) -> None:
        item = self._item(decision, "spans")
        value = item["attributes"].get(decision["name"])
        if value is not None:
            self.spans[_key(item)][decision["name"]] = value

    def _relation(self, decision: Data) -> None:
        """Relations are drawn when all ends are known."""


def _entry(data: Data) -> Any:
    return next(entry for entry in data["articles"] if entry["source"] == TALKS)


def _key(item: Data) -> Shape:
    return item["start"], item["end"], item["label"]


def test_a_reading_of_a_text_that_the_project_does_not_have_is_refused(campaign: Campaign) -> None:
    entry = {**_entry(seed("reviewer-a")), "sha256": "0" * 64}
    with pytest.raises(Problem, match="no article"):
        article_of(campaign.project, entry)


def test_a_reading_with_gaps_is_refused_with_the_gaps_in_words(campaign: Campaign) -> None:
    data = seed("reviewer-a")
    data["articles"][0]["relations"] = []
    with pytest.raises(Problem, match="The reading has gaps"):
        load_reading(campaign.project, data, reader=campaign.readers["reviewer-a"], by=campaign.manager)


def test_an_article_that_has_no_readings_yet_cannot_be_settled_from_a_file(campaign: Campaign) -> None:
    with pytest.raises(Problem, match="Not all readings"):
        campaign.settle()
    assert Article.objects.count() == 2
