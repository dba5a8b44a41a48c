"""What a reader is told when the project has moved to another version of its codebook."""

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.annotation.models import AnnotationSet
from annotator.projects.moves import last_move
from annotator.schema.difference import Change, by_section, differences
from annotator.schema.mapping import from_json, told


@dataclass(frozen=True)
class Moved:
    """How the project came to the set's version of the codebook. `becomes`: what retired, in words."""

    number: int
    was_carried: bool
    sections: Mapping[str, list[Change]]
    becomes: list[str]


def moved_of(annotation_set: AnnotationSet) -> Moved | None:
    """None for a set under the version that the project began with. One query."""
    move = last_move(annotation_set.project_id, annotation_set.label_set_id)
    if move is None:
        return None
    changes = differences(move.before.codebook, move.after.codebook)
    becomes = [told(thing, fate) for thing, fate in from_json(move.mapping).items()]
    return Moved(move.after.number, annotation_set.carried > 0, by_section(changes), becomes)
