"""How an entry shows where it is chosen: its name, what kind of thing it is, and what it means. Pure."""

from collections.abc import Mapping

from annotator.schema.codebook import Actor, Entry, Listed

Shown = dict[str, str]
"""`key`, `title`, `hint` (kind · what it belongs to · other names), `more` (what it means), `mark` (how it stands)."""

MARKS = {"proposed": "proposed", "declined": "not taken in", "retired": "retired"}


def shown(entry: Entry, others: Mapping[str, Entry]) -> Shown:
    """others: entries by key, as far as they are known, for the name of what this one belongs to."""
    plain = entry.entry if isinstance(entry, Listed) else entry
    hint, more = _of_actor(plain, others) if isinstance(plain, Actor) else (plain.group, plain.definition)
    return {"key": entry.key, "title": entry.title, "hint": hint, "more": more, "mark": mark(entry)}


def mark(entry: Entry) -> str:
    """How an entry stands, where that needs saying."""
    if not isinstance(entry, Listed):
        return "" if entry.is_active else "retired"
    if entry.is_own and entry.status == "proposed":
        return "your proposal"
    return MARKS.get(entry.status, "")


def _of_actor(actor: Actor, others: Mapping[str, Entry]) -> tuple[str, str]:
    other = others.get(actor.affiliation or "")
    belongs = other.title if other else actor.affiliation
    kind = "unnamed source" if actor.kind == "unnamed" else actor.kind
    return " · ".join(filter(None, [kind, belongs, ", ".join(actor.aliases)])), actor.note
