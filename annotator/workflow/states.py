"""The states of an assignment and the allowed moves between them. Pure."""

STATES = ("free", "offered", "started", "submitted", "sent_back", "declined", "withdrawn", "released")

MOVES: dict[str, tuple[str, ...]] = {
    "free": ("offered", "started", "withdrawn"),
    "offered": ("started", "declined", "withdrawn"),
    "started": ("submitted", "declined", "withdrawn"),
    "submitted": ("sent_back", "released"),
    "sent_back": ("submitted", "withdrawn"),
    "declined": (),
    "withdrawn": (),
    "released": (),
}

WRITING = ("started", "sent_back")
"""The reader is at work: their set is open."""

UNFINISHED = ("offered", *WRITING)
"""Work in a reader's hands, which goes to others when the reader leaves."""

FINISHED = ("submitted", "released")

BLINDING = ("offered", "started", "submitted", "sent_back")
"""While an assignment stands here its reader may learn nothing of another's work on the article."""

COUNTING = (*BLINDING, "released")
"""The reader takes up a place among the wanted number of readers."""


def may_move(before: str, after: str) -> bool:
    """Whether an assignment may go from one state to the other. Raises KeyError for an unknown state."""
    return after in MOVES[before]
