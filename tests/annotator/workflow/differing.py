"""Two readings that differ in a polarity and in the edges of a claim, and how they are settled."""

from tests.annotator.workflow.stories import PLAN, REJECTED, Story

ACTOR = ("The minister", "ACTOR")
ADA = {"m": ACTOR, "r": REJECTED, "p": ("rejected the plan", "CLAIM")}
BEN = {"m": ACTOR, "r": ("rejected", "STANCE", {"polarity": "mixed"}), "p": PLAN}
LINKS = [("held_by", "r", "m"), ("toward", "r", "p")]


def settle_all(story: Story) -> None:
    story.open()
    story.decide("rejected", "took", story.cast.ada, name="polarity")
    story.decide("the plan", "took", story.cast.ben)
