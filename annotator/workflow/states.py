"""The states of an assignment and the allowed moves between them. Pure."""

STATES = ("free", "offered", "started", "submitted", "sent_back", "lapsed", "declined", "withdrawn", "released")
"""`lapsed`: given back to the pool because it lay untouched too long; its reader may take it again."""

MOVES: dict[str, tuple[str, ...]] = {
    "free": ("offered", "started", "withdrawn"),
    "offered": ("started", "lapsed", "declined", "withdrawn"),
    "started": ("submitted", "lapsed", "declined", "withdrawn"),
    "submitted": ("sent_back", "released"),
    "sent_back": ("submitted", "lapsed", "withdrawn"),
    "lapsed": ("started", "withdrawn"),
    "declined": (),
    "withdrawn": (),
    "released": (),
}

WRITING = ("started", "sent_back")
"""The reader is at work: their set is open."""

UNFINISHED = ("offered", *WRITING)
"""Work in a reader's hands, which goes to others when the reader leaves."""

FINISHED = ("submitted", "released")

PLACED = ("offered", "started", "submitted", "sent_back", "released")
"""The reader takes up a place among the wanted number of readers."""

BLINDING = ("offered", "started", "submitted", "sent_back", "lapsed")
"""While an assignment stands here its reader may learn nothing of another's work on the article."""

COUNTING = (*BLINDING, "released")
"""The reader's word on the article counts, or may yet: they do not settle it."""


def may_move(before: str, after: str) -> bool:
    """Whether an assignment may go from one state to the other. Raises KeyError for an unknown state."""
    return after in MOVES[before]
