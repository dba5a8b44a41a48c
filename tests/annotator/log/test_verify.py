"""What verifying says, in words, of one thing at a time; and what it lets pass."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Comment, Span, Submission
from annotator.log.actions import gesture, site_chain
from annotator.log.models import Chain, Event, Remark
from annotator.log.records import KINDS
from annotator.log.verify import MOST, PROOFS
from annotator.projects.models import Membership, Project, ProjectArticle, StageChange
from annotator.schema.models import LabelSet
from annotator.triggers import ANNOTATOR_TRIGGERS
from annotator.workflow.actions import content_submission
from annotator.workflow.models import Decision, GoldSource
from annotator.workflow.verification import OWN_PROOFS, verification
from corpus.models import Article, Region, Source
from corpus.text import sha256
from tests.annotator.log.conftest import Story
from tests.annotator.log.tampering import unguarded

EMPTY = '{"relations":[],"spans":[]}'
NOT_VOUCHED_FOR = {
    "user": {"username", "first_name", "last_name", "email", "password", "last_login", "date_joined", "shortcuts"},
    "token": {"name", "prefix", "sha256", "created_at", "last_used_on"},
    "source": {"name", "created_at"},
    "article": {"created_at"},
    "membership": {"cursor"},
    "set": {"chain_id"},
    "project": {"chain_id"},
}
"""Names and secrets of people are kept out of the log; moments say nothing that its events do not; the cursor is
where a reader draws next. A chain is found through these columns, and then has to tell of this very row."""


def findings() -> str:
    return "\n".join(verification().findings())


def changed(do: Callable[[], object]) -> str:
    """What is found after somebody got past the guards to do this."""
    with unguarded():
        do()
    return findings()


def test_each_column_of_each_logged_table_is_vouched_for_or_named_here() -> None:
    proofs = {**PROOFS, **OWN_PROOFS}
    for name, kind in KINDS.items():
        columns = {field.attname for field in kind.model._meta.concrete_fields}
        proven = set(proofs[name].columns) if name in proofs else set()
        left = columns - {"id", "version"} - set(kind.columns) - proven
        assert left == NOT_VOUCHED_FOR.get(name, set()), name


def test_getting_past_the_guards_alone_leaves_nothing_to_find(story: Story) -> None:
    assert changed(lambda: None) == ""


def test_the_first_wrong_event_of_a_chain_is_named(story: Story) -> None:
    chain = story.world.project.chain_id
    found = changed(lambda: Event.objects.filter(chain=chain, seq=7).update(body="{}"))
    assert found == f"project chain {chain}, event 7: its hash does not fit its content."


def test_a_changed_row_is_named_with_its_column_and_the_event_that_wrote_it(story: Story) -> None:
    span = Span.objects.order_by("pk")[0]
    found = changed(lambda: Span.objects.filter(pk=span.pk).update(label="ELSE"))
    assert f"span {span.pk}: `label` is not what event {span.version} wrote." in found


def test_many_findings_of_one_sort_are_counted(story: Story) -> None:
    found = changed(lambda: Region.objects.update(end=9999)).splitlines()
    assert len(found) == MOST + 1
    assert found[-1].endswith(f"and {Region.objects.count() - MOST} more of region.")


SAID: dict[str, tuple[Callable[[], object], str]] = {
    "a remark with other words": (
        lambda: Remark.objects.filter(erased_at=None).update(text="Other words."), "its text is not what was written",
    ),
    "a remark that is only empty": (
        lambda: Remark.objects.filter(erased_at=None).update(text="", salt=""), "its text is not what was written",
    ),
    "an erased remark with words": (
        lambda: Remark.objects.exclude(erased_at=None).update(text="Back."), "it was erased, and yet there is text",
    ),
    "an article with another text": (
        lambda: Article.objects.filter(withdrawn_at=None).update(text="Another text."), "not the one that was imported",
    ),
    "a withdrawn article with a text": (
        lambda: Article.objects.exclude(withdrawn_at=None).update(text="Back."), "it was withdrawn, and yet there is",
    ),
    "an article with another outlet": (
        lambda: Article.objects.update(outlet="The Other Paper"), "its facts are not what was recorded",
    ),
    "a file with other bytes": (
        lambda: Source.objects.exclude(content=None).update(content=b"x"), "its bytes are not those",
    ),
    "a file without bytes": (
        lambda: Source.objects.update(content=None), "its bytes are gone, and no article of it was withdrawn",
    ),
    "a file whose withdrawn text is back": (
        lambda: Source.objects.filter(content=None).update(content=b"x"), "and yet its bytes are there",
    ),
    "a codebook with other rules": (
        lambda: LabelSet.objects.update(body="{"), "its codebook is not the one that was loaded",
    ),
    "a codebook with another title": (
        lambda: LabelSet.objects.update(title="Another"), "it is not the codebook that it says it is",
    ),
    "a submission with other content": (
        lambda: Submission.objects.update(content=EMPTY), "its content is not what was handed in",
    ),
    "a person whom nobody let in": (
        lambda: User.objects.create(username="mallory"), "no event tells of this row",
    ),
    "a person with more rights": (
        lambda: User.objects.update(is_staff=True), "`is_staff` is not what event",
    ),
    "a role that nobody gave": (
        lambda: Membership.objects.filter(role="reviewer").update(role="manager"), "`role` is not what event",
    ),
    "a comment that is gone": (
        lambda: Comment.objects.all()._raw_delete("default"), "left is gone",  # type: ignore[attr-defined]
    ),
    "a span of another version": (
        lambda: Span.objects.update(version=999), "its version is 999, and event",
    ),
    "a chain of another kind": (
        lambda: Chain.objects.filter(kind="project").update(kind="set"), "the chain is not that of one set",
    ),
    "a chain that is longer than it is": (
        lambda: Chain.objects.filter(kind="site").update(length=999), "the chain says it has 999",
    ),
    "a chain with another end": (
        lambda: Chain.objects.filter(kind="site").update(head="0" * 64), "its last one has another hash",
    ),
    "a set in the chain of another": (
        lambda: _swapped_chains() is None, "no event tells of this row",
    ),
    "a set whose events are listed elsewhere": (
        lambda: _listed_elsewhere(Event, Chain), "its events are listed in another log than its project's",
    ),
    "a project whose events are listed elsewhere": (
        lambda: _listed_elsewhere(Event, Chain, kind="project"), "the chain is listed in another log than its own",
    ),
    "an event that is listed elsewhere": (
        lambda: _listed_elsewhere(Event), "it is listed in another log than its chain",
    ),
    "an event under another person's name": (
        lambda: Event.objects.filter(seq=1).update(by=uuid.UUID(int=1)), "its column `by` says 0000",
    ),
    "an event of another day": (
        lambda: Event.objects.filter(seq=1).update(day="2020-01-01"), "its column `day` says 2020-01-01",
    ),
    "an event under another verb": (
        lambda: Event.objects.filter(seq=1).update(action="undo"), "its column `action` says undo",
    ),
    "gold that is published and open": (
        lambda: AnnotationSet.objects.filter(voice="gold").update(state="open"), "there is no gold handed in",
    ),
    "gold that came on another day": (
        lambda: StageChange.objects.filter(after="gold").update(day="2020-02-02"), "are not those of the events",
    ),
    "an article that never waited to be settled": (
        lambda: StageChange.objects.filter(after="settling").delete(), "are not those of the events",
    ),
}  # fmt: skip


def _listed_elsewhere(*models: type[Any], kind: str = "set") -> int:
    """Chains of a kind, their events, or both say that they are listed in a log that there is not."""
    chosen = {Chain: {"kind": kind}, Event: {"chain__kind": kind}}
    return sum(model.objects.filter(**chosen[model]).update(log=uuid.UUID(int=1)) for model in models)


def _swapped_chains() -> None:
    one, other = AnnotationSet.objects.order_by("pk")[:2]
    chains = one.chain_id, other.chain_id
    spare = Chain.objects.create(kind="set", head="", log=uuid.UUID(int=1))
    for pk, chain in ((one.pk, spare.pk), (other.pk, chains[0]), (one.pk, chains[1])):
        AnnotationSet.objects.filter(pk=pk).update(chain=chain)
    Chain.objects.filter(pk=spare.pk).delete()


@pytest.mark.parametrize("case", SAID)
def test_what_is_wrong_is_said_in_plain_words(story: Story, case: str) -> None:
    do, said = SAID[case]
    assert said in changed(do)


def test_rows_without_any_chain_are_found_in_a_database_without_events(db: None) -> None:
    User.objects.create(username="mallory")
    assert "no event tells of this row" in findings()


def test_an_empty_database_is_in_order(db: None) -> None:
    assert findings() == ""


def test_a_chain_gone_with_all_its_rows_is_missed_by_those_that_point_to_it(story: Story) -> None:
    found = changed(lambda: Chain.objects.filter(kind="set")._raw_delete("default"))  # type: ignore[attr-defined]
    assert "point to a chain that is not there" in found


# Guards


def _tell(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_guard_that_was_taken_off_is_named(story: Story) -> None:
    on = "" if connection.vendor == "sqlite" else " ON annotator_event"
    _tell(f"DROP TRIGGER event_refuses_update{on}")
    assert findings() == "The guard event_refuses_update of the database is missing or altered."


def test_a_guard_that_lets_everything_pass_is_named(story: Story) -> None:
    if connection.vendor == "sqlite":
        _tell("DROP TRIGGER event_refuses_update")
        _tell("CREATE TRIGGER event_refuses_update BEFORE UPDATE ON annotator_event BEGIN SELECT 1; END")
    else:
        _tell("CREATE OR REPLACE FUNCTION event_refuses_update() RETURNS trigger LANGUAGE plpgsql AS "
              "$$ BEGIN RETURN NEW; END $$")  # fmt: skip
    assert findings() == "The guard event_refuses_update of the database is missing or altered."


@pytest.mark.engines("postgresql")
def test_a_guard_that_was_switched_off_is_named(story: Story) -> None:
    _tell("ALTER TABLE annotator_event DISABLE TRIGGER event_refuses_update")
    assert findings() == "The guard event_refuses_update of the database is missing or altered."


@pytest.mark.engines("postgresql")
def test_a_guard_that_watches_only_sometimes_is_named(story: Story) -> None:
    _tell("DROP TRIGGER event_refuses_update ON annotator_event")
    _tell("CREATE TRIGGER event_refuses_update BEFORE UPDATE ON annotator_event FOR EACH ROW WHEN (false) "
          "EXECUTE FUNCTION event_refuses_update()")  # fmt: skip
    assert findings() == "The guard event_refuses_update of the database is missing or altered."


def test_all_guards_stand(story: Story) -> None:
    assert len({trigger.name for trigger in ANNOTATOR_TRIGGERS}) == len(ANNOTATOR_TRIGGERS)
    assert findings() == ""


# Values that no adapter can read


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE annotator_span SET id = 'not an id' WHERE rowid = 1", "a row of span cannot be read"),
        ("UPDATE annotator_span SET attributes = '{' WHERE rowid = 1", "`attributes` is not what event"),
        ("UPDATE annotator_event SET gesture = '?' WHERE seq = 2", "event 1: it cannot be read"),
        ("UPDATE annotator_event SET body = 7 WHERE seq = 2", "event 2: its hash does not fit its content"),
        ("UPDATE annotator_submission SET content = '[' WHERE number = 1", "its content is not what was handed in"),
    ],
)
def test_what_cannot_be_read_is_a_finding_and_not_a_crash(story: Story, sql: str, said: str) -> None:
    with unguarded():
        _tell("PRAGMA ignore_check_constraints = ON")
        _tell(sql)
        _tell("PRAGMA ignore_check_constraints = OFF")
    assert said in findings()


# Submissions and gold, where the log agrees with itself and yet says what cannot be


def test_gold_without_a_source_is_found(story: Story) -> None:
    gold = AnnotationSet.objects.select_related("chain").filter(voice="gold", state="open")[0]
    with gesture(gold.chain, by=None, action="decide") as current:
        for source in GoldSource.objects.filter(gold_set=gold):
            current.remove(source)
    assert "of gold came from" in findings()


def test_gold_from_a_judgement_that_is_in_no_submission_is_found(story: Story) -> None:
    gold = AnnotationSet.objects.select_related("chain").filter(voice="gold", state="open")[0]
    source = GoldSource.objects.filter(gold_set=gold, attribute="")[0]
    with gesture(gold.chain, by=None, action="decide") as current:
        current.change(source, judgement=uuid.uuid4())
    assert f"gold_source {source.pk}: the judgement it leads to is not one of those decided on" in findings()


def test_a_decision_about_nothing_is_found(story: Story) -> None:
    gold = AnnotationSet.objects.select_related("chain").filter(voice="gold", state="open")[0]
    decision = Decision.objects.filter(gold_set=gold)[0]
    with gesture(gold.chain, by=None, action="decide") as current:
        current.change(decision, members=[[str(uuid.uuid4()), str(uuid.uuid4())]])
    assert f"decision {decision.pk} is about a judgement that is in no submission of the article" in findings()


def test_a_decision_on_a_span_about_a_relation_is_found(story: Story) -> None:
    gold = AnnotationSet.objects.select_related("chain").filter(voice="gold", state="open")[0]
    decision = Decision.objects.filter(gold_set=gold, subject="relation")[0]
    with gesture(gold.chain, by=None, action="decide") as current:
        current.add(Decision(gold_set=gold, key="?", subject="span", outcome="took", members=decision.members))
    assert "is about a judgement that is in no submission of the article" in findings()


def test_a_source_that_leads_to_a_decision_on_something_else_is_found(story: Story) -> None:
    gold = AnnotationSet.objects.select_related("chain").filter(voice="gold", state="open")[0]
    span = GoldSource.objects.filter(gold_set=gold, attribute="", decision__subject="span")[0]
    relation = Decision.objects.exclude(subject="span").filter(gold_set=gold)[0]
    with gesture(gold.chain, by=None, action="decide") as current:
        current.change(span, decision=relation)
    assert "the decision it leads to is about something else" in findings()


UNTRUE: dict[str, tuple[dict[str, Any], str]] = {
    "of another state": ({"content": EMPTY, "digest": sha256(EMPTY)}, "its content is not the set as it stood"),
    "out of turn": ({"number": 9}, "its number is not the next"),
    "of an earlier event": ({"seq": 1}, "it does not name the event before it as the last of the set"),
    "of another history": ({"head": "0" * 64}, "it does not name the event before it as the last of the set"),
}


@pytest.mark.parametrize("case", UNTRUE)
def test_a_submission_that_cannot_be_is_found(story: Story, case: str) -> None:
    values, why = UNTRUE[case]
    reading = AnnotationSet.objects.select_related("chain").filter(owner=story.world.cast.ada, state="closed")[0]
    true = content_submission(reading)
    for name, value in values.items():
        setattr(true, name, value)
    with gesture(reading.chain, by=None, action="submit") as current:
        current.add(true)
    assert f"submission {true.pk}: {why}" in findings()


def test_a_submission_that_is_changed_is_found_though_an_event_tells_of_it(story: Story) -> None:
    submission = Submission.objects.select_related("annotation_set__chain")[0]
    with unguarded(), gesture(submission.annotation_set.chain, by=None, action="submit") as current:
        current.change(submission, submitted_at=timezone.now())
    assert f"submission {submission.pk}: it is changed after it was handed in" in findings()


def test_an_article_said_to_be_gold_without_gold_is_found(story: Story) -> None:
    project = Project.objects.select_related("chain").get(pk=story.world.project.pk)
    row = ProjectArticle.objects.get(project=project, article=story.world.settling)
    with gesture(project.chain, by=None, action="publish") as current:
        current.change(row, stage="gold")
    assert f"gold of article {row.article_id} is published, and there is no gold handed in" in findings()


def test_a_row_told_of_in_the_wrong_chain_is_found(story: Story) -> None:
    world = story.world
    with gesture(site_chain(), by=None, action="give_role") as current:
        current.add(Membership(project=world.project, user=world.cast.otto, role="manager"))
    assert "its events tell of membership, which belongs in a project chain" in findings()


def test_numbers_that_postgresql_writes_out_are_the_same_numbers(story: Story) -> None:
    gold = AnnotationSet.objects.select_related("chain").filter(voice="gold", state="open")[0]
    decision = Decision.objects.filter(gold_set=gold)[0]
    with gesture(gold.chain, by=None, action="decide") as current:
        current.change(decision, choice={"voice": "", "values": {"value": [1e16, -0.0, 1.5e300, 1e-7, 0.1]}})
    assert "1e+16" in json.dumps(decision.choice)
    assert findings() == ""
