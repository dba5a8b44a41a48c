"""The events behind gold: which line of which log says that a reading was made, handed in, decided on."""

import datetime
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.annotation.models import Submission
from annotator.log.models import Event
from annotator.log.words import deed
from annotator.schema.models import LabelSet
from annotator.workflow.cases import Case
from annotator.workflow.comparison import Group
from annotator.workflow.models import Decision

YOU = "You"
HASH = 8
"""Hexadecimal digits of an event's hash that are shown: enough to find it in an export."""


@dataclass(frozen=True)
class Happening:
    """An event as people read it. `log`: gold, or whose reading it is; `number`: its place in that log, counted
    from 1; `seal`: the beginning of its hash; `version`: of the codebook, None where it says nothing."""

    at: datetime.datetime
    who: str
    what: str
    log: str
    chain: str
    number: int
    seal: str
    version: int | None = None


@dataclass(frozen=True)
class _Told:
    """What of an event is needed here. `rows`: ids of what it wrote; `label_set`: where it set the set's version."""

    at: datetime.datetime
    seal: str
    rows: frozenset[str]
    label_set: str | None


class Trail:
    """The logs of a case's gold and of the readings that it speaks of: four queries, however many events."""

    def __init__(self, case: Case) -> None:
        self.case = case
        named = Submission.objects.filter(pk__in=case.readings.voices).select_related("annotation_set")
        self.submissions = {str(one.pk): one for one in named.defer("content")}
        self.chains = {key: one.annotation_set.chain_id for key, one in self.submissions.items()}
        self.events = _events([case.gold_set.chain_id, *self.chains.values()])
        label_sets = {told.label_set for log in self.events.values() for told in log.values() if told.label_set}
        used = {str(one.label_set_id) for one in self.submissions.values()} | label_sets
        numbers = LabelSet.objects.filter(pk__in=used).values_list("pk", "number")
        self.numbers = {str(pk): number for pk, number in numbers}
        self.decisions = {one.pk: one for one in Decision.objects.filter(gold_set=case.gold_set).select_related("by")}

    def readings(self, group: Group, called: Mapping[str, str], what: str) -> Iterator[Happening]:
        """When each reading in `called`, by its name, said this for the last time before it was handed in, and when
        it was. `what`: in words, what it said."""
        for voice, who in called.items():
            item = group.members.get(voice)
            if item is not None:
                yield from self._reading(voice, item.id, who, what)

    def _reading(self, voice: str, item: str, who: str, what: str) -> Iterator[Happening]:
        chain, submission = self.chains[voice], self.submissions[voice]
        events = self.events[chain]
        wrote = [seq for seq, told in events.items() if seq <= submission.seq and item in told.rows]
        if wrote:
            yield _happening(events, chain, wrote[-1], who, what, log=_reading_of(who))
        version = self.numbers[str(submission.label_set_id)]
        yield _happening(
            events, chain, submission.seq + 1, who, deed("submit").verb, log=_reading_of(who), version=version
        )

    def decided(self, decision: Decision, who: str, what: str) -> Happening:
        chain = self.case.gold_set.chain_id
        return _happening(self.events[chain], chain, decision.version, who, what, version=self._version(decision))

    def superseded(self, decision: Decision) -> Iterator[Decision]:
        """Earlier decisions on the same thing, the newest first."""
        while decision.supersedes_id is not None:
            decision = self.decisions[decision.supersedes_id]
            yield decision

    def _version(self, decision: Decision) -> int:
        """Of the codebook, when it was decided."""
        events = self.events[self.case.gold_set.chain_id]
        until = [told.label_set for seq, told in events.items() if seq <= decision.version and told.label_set]
        return self.numbers[until[-1]]


def _happening(
    events: Mapping[int, _Told], chain: uuid.UUID, number: int, who: str, what: str, *, log: str = "gold",
    version: int | None = None,
) -> Happening:  # fmt: skip
    told = events[number]
    return Happening(told.at, who, what, log, str(chain), number, told.seal, version)


def _reading_of(who: str) -> str:
    return "your reading" if who == YOU else f"{who}’s reading"


def _events(chains: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Mapping[int, _Told]]:
    """By chain and place in it, in order."""
    found: dict[uuid.UUID, dict[int, _Told]] = defaultdict(dict)
    rows = Event.objects.filter(chain__in=set(chains)).order_by("chain", "seq")
    for chain, seq, hash, body in rows.values_list("chain_id", "seq", "hash", "body").iterator():
        found[chain][seq] = _told(hash, json.loads(body))
    return found


def _told(hash: str, body: Mapping[str, Any]) -> _Told:
    changes = body["changes"]
    label_set = next((one["after"]["label_set"] for one in changes if one["kind"] == "set" and one["after"]), None)
    at = datetime.datetime.fromisoformat(body["at"])
    return _Told(at, hash[:HASH], frozenset(one["id"] for one in changes), label_set)
