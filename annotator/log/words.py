"""What the log says was done, in words: one vocabulary for whatever tells of events. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

READING, SETTLING, PLACES, PEOPLE, REGISTER = (
    "Reading", "Settling", "Giving out articles", "People and rules", "Register",
)  # fmt: skip


@dataclass(frozen=True)
class Deed:
    """“marked” “a span” “in” an article. `area`: under which heading it is found; `joint`: what leads to an article;
    `to`: what leads to the person whom it was about."""

    verb: str
    thing: str
    area: str
    joint: str = "in"
    to: str = "to"

    @property
    def words(self) -> str:
        return f"{self.verb} {self.thing}".strip()


DEEDS: Mapping[str, Deed] = {
    "open_set": Deed("opened", "an article", READING, ":"),
    "add_span": Deed("marked", "a span", READING),
    "add_spans": Deed("marked", "several spans at once", READING),
    "change_span": Deed("changed", "a span", READING),
    "remove_span": Deed("removed", "a span", READING),
    "relate": Deed("drew", "a relation", READING),
    "change_relation": Deed("changed", "a relation", READING),
    "unrelate": Deed("removed", "a relation", READING),
    "comment": Deed("commented", "", READING, "on"),
    "remove_comment": Deed("removed", "a comment", READING, "on"),
    "propose": Deed("proposed", "an entry", READING),
    "reject_suggestions": Deed("rejected", "suggestions", READING),
    "undo": Deed("took back", "a step", READING),
    "redo": Deed("did", "a step again", READING),
    "submit": Deed("handed in", "a reading", READING, "of"),
    "close": Deed("closed", "a reading", READING, "of"),
    "carry_over": Deed("carried over", "a reading to another codebook version", READING, ":"),
    "erase_remark": Deed("erased", "a note", READING, "on"),
    "answer_comment": Deed("answered", "a comment", READING, "on"),
    "begin_training": Deed("began", "a training article", READING, ":"),
    "begin_repeat": Deed("began", "to read an article again", READING, ":"),
    "take_agreed": Deed("took", "what settles itself", SETTLING),
    "decide": Deed("settled", "a difference", SETTLING),
    "publish": Deed("published", "gold", SETTLING, "of"),
    "reopen": Deed("reopened", "an article", SETTLING, ":"),
    "release": Deed("opened", "gold to the readers", SETTLING, "of"),
    "choose_second": Deed("drew lots", "for a second settling", SETTLING, "of", "among others,"),
    "begin_second": Deed("began", "a second settling", SETTLING, "of", "by"),
    "hand_in_second": Deed("handed in", "a second settling", SETTLING, "of", "by"),
    "end_second": Deed("ended", "a second settling", SETTLING, "of", "by"),
    "hand_over": Deed("handed over", "a second settling", SETTLING, "of"),
    "reopen_after_second": Deed("reopened", "gold after a second settling", SETTLING, "of", "by"),
    "add_articles": Deed("added", "articles", PLACES, ":"),
    "open_slots": Deed("opened", "places for readers", PLACES, "of"),
    "close_slots": Deed("closed", "places for readers", PLACES, "of"),
    "fit_places": Deed("fitted", "the places to the rules", PLACES, "of"),
    "assign": Deed("assigned", "an article", PLACES, ":"),
    "assign_batch": Deed("assigned", "articles", PLACES, ":"),
    "claim": Deed("took", "an article from the pool", PLACES, ":", "for"),
    "take_again": Deed("took", "an article again", PLACES, ":", "for"),
    "declined": Deed("declined", "an article", PLACES, ":", "for"),
    "withdrawn": Deed("withdrew", "a place", PLACES, ":", "of"),
    "lapsed": Deed("gave back", "an article to the pool", PLACES, ":", "of"),
    "send_back": Deed("sent back", "a reading", PLACES, "of"),
    "train_with": Deed("chose", "articles for training", PLACES, ":"),
    "end_training_with": Deed("ended", "training", PLACES, "with"),
    "create_project": Deed("created", "the project", PEOPLE),
    "give_role": Deed("gave", "a role", PEOPLE),
    "take_role": Deed("took", "a role", PEOPLE, to="from"),
    "excuse": Deed("excused from", "training", PEOPLE, to=":"),
    "set_allowances": Deed("set", "quotas and days", PEOPLE, to="for"),
    "set_rules": Deed("set", "the rules of settling", PEOPLE),
    "change_conditions": Deed("changed", "the conditions of reading", PEOPLE),
    "move_codebook": Deed("moved", "the project to another codebook version", PEOPLE),
    "take_in": Deed("took in", "a proposed entry", REGISTER),
    "merge_proposal": Deed("merged", "a proposed entry", REGISTER),
    "decline_proposal": Deed("declined", "a proposed entry", REGISTER),
    "put_back_proposal": Deed("put back", "a proposed entry", REGISTER),
    "add_entry": Deed("added", "an entry", REGISTER),
    "change_entry": Deed("changed", "an entry", REGISTER),
    "merge_entries": Deed("merged", "two entries", REGISTER),
    "unmerge_entry": Deed("parted", "merged entries", REGISTER),
    "retire_entry": Deed("retired", "an entry", REGISTER),
    "restore_entry": Deed("restored", "an entry", REGISTER),
}
"""By the names that events have for them. What is told of the site alone is nobody's page."""


def deed(action: str) -> Deed:
    """What an event's action is called; a name that is not known yet stands for itself."""
    return DEEDS.get(action) or Deed(action.replace("_", " "), "", "")


def a_thing(name: str) -> str:
    """“a claim”, “an actor”: a label's name in the middle of a sentence; an abbreviation stays as it is."""
    plain = name if name[:2].isupper() else name[:1].lower() + name[1:]
    return f"{'an' if plain[:1] in 'aeiouAEIOU' else 'a'} {plain}"
