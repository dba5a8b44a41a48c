"""Where each item of gold came from, and what became of each judgement: the decisions between them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from annotator.annotation.models import Submission
from annotator.exchange.records import Record
from annotator.workflow.models import Decision, GoldSource

Judgement = tuple[str, str]
"""Ids of a submission and of the item inside it."""
DECISION = (
    "id", "gold_set", "subject", "name", "outcome", "members", "rule", "note__text", "by", "version", "supersedes",
)  # fmt: skip


class Provenance:
    """The decisions behind some gold sets, read in three queries however many they are."""

    def __init__(self, sets: Collection[uuid.UUID]) -> None:
        self._decisions = {decision["id"]: decision for decision in _standing(sets)}
        self._sources: dict[uuid.UUID, dict[uuid.UUID, list[Judgement]]] = defaultdict(lambda: defaultdict(list))
        for item, decision, submission, judgement in GoldSource.objects.filter(gold_set__in=sets).values_list(
            "item", "decision", "submission", "judgement"
        ):
            self._sources[item][decision].append((str(submission), str(judgement)))
        self._of_attributes: dict[Any, list[Mapping[str, Any]]] = defaultdict(list)
        self._dropped: dict[uuid.UUID, list[Mapping[str, Any]]] = defaultdict(list)
        for standing in self._decisions.values():
            if standing["subject"] == "attribute":
                self._of_attributes[_about(standing)].append(standing)
            elif standing["outcome"] == "neither":
                self._dropped[standing["gold_set"]].append(standing)
        self._voices = _voices(self._decisions.values())
        self._gold = _by_judgement(self._sources)
        self._about_judgement: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for standing in self._decisions.values():
            for _, judgement in standing["members"]:
                self._about_judgement[judgement].append(standing)

    def of(self, item: uuid.UUID) -> list[Record]:
        """The decision on the item itself, then those on single attributes, by name.

        An attribute without a decision of its own came with the item.
        """
        taken = self._sources.get(item, {})
        found = {one: self._decisions[one] for one in taken if one in self._decisions}
        for decision in list(found.values()):
            found.update({one["id"]: one for one in self._of_attributes.get(_about(decision), ())})
        decisions = sorted(found.values(), key=lambda one: (one["name"], one["version"]))
        return [self._entry(decision, taken.get(decision["id"], ())) for decision in decisions]

    def nothing_here(self, set_id: uuid.UUID) -> list[Record]:
        """What readers marked and the decision was that nothing belongs there."""
        dropped = sorted(self._dropped.get(set_id, ()), key=lambda one: (one["version"], str(one["id"])))
        return [self._entry(one, ()) for one in dropped]

    def became(self, judgement: str) -> list[Record]:
        """The decisions about a judgement, and the items of gold that came of it by each: none if it was not followed.

        A judgement keeps its id when its reader hands in again, so that an earlier submission leads here too.
        """
        decisions = sorted(self._about_judgement.get(judgement, ()), key=lambda one: (one["name"], one["version"]))
        return [self._outcome(one, judgement) for one in decisions]

    def _outcome(self, decision: Mapping[str, Any], judgement: str) -> Record:
        entry = self._entry(decision, ())
        del entry["sources"]
        return {"judgement": judgement, **entry, "gold": sorted(self._gold.get((decision["id"], judgement), ()))}

    def _entry(self, decision: Mapping[str, Any], taken: Iterable[Judgement]) -> Record:
        judgements = sorted(taken) or sorted((one[0], one[1]) for one in decision["members"])
        return {
            "subject": decision["subject"],
            "name": decision["name"] or None,
            "decision": str(decision["id"]),
            "outcome": decision["outcome"],
            "rule": decision["rule"] or None,
            "note": decision["note__text"] or None,
            "by": str(decision["by"]) if decision["by"] else None,
            "seq": decision["version"],
            "sources": [
                {"submission": submission, "judgement": judgement, "voice": self._voices.get(submission)}
                for submission, judgement in judgements
            ],
        }


def _standing(sets: Collection[uuid.UUID]) -> list[Mapping[str, Any]]:
    """The decisions that no later one supersedes."""
    found = list(Decision.objects.filter(gold_set__in=sets).values(*DECISION))
    superseded = {decision["supersedes"] for decision in found}
    return [decision for decision in found if decision["id"] not in superseded]


def _by_judgement(sources: Mapping[uuid.UUID, Mapping[uuid.UUID, Iterable[Judgement]]]) -> dict[Any, list[str]]:
    """From a decision and a judgement to the items of gold that followed it."""
    found: dict[Any, list[str]] = defaultdict(list)
    for item, by_decision in sources.items():
        for decision, judgements in by_decision.items():
            for _, judgement in judgements:
                found[decision, judgement].append(str(item))
    return found


def _about(decision: Mapping[str, Any]) -> tuple[uuid.UUID, frozenset[Judgement]]:
    return decision["gold_set"], frozenset((one[0], one[1]) for one in decision["members"])


def _voices(decisions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    wanted = {uuid.UUID(submission) for decision in decisions for submission, _ in decision["members"]}
    found = Submission.objects.filter(pk__in=wanted).values_list("pk", "annotation_set__voice")
    return {str(pk): voice for pk, voice in found}
