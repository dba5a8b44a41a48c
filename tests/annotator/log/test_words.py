"""One vocabulary for what was done, and nothing that is done is missing from it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import annotator
from annotator.log.words import DEEDS, a_thing, deed
from annotator.workflow.states import MOVES

PLACES = {"carry_out": 3, "_managing": 2, "_gold_edit": 4, "_set_stage": 4, "_step": 4}
"""Where functions that pass it on to `gesture` take the name of what is done."""

OF_THE_SITE = {
    "change_draft", "correct_article", "correct_regions", "create_user", "deactivate_user", "discard_draft",
    "freeze_codebook", "import_articles", "load_codebook", "make_token", "publish_draft", "reactivate_user",
    "revoke_token", "start_draft", "withdraw_article",
}  # fmt: skip
"""Told in the site's chain alone, which is no project's log."""


def written() -> Iterator[str]:
    """Every name under which the code writes an event."""
    for path in Path(annotator.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                given = [one.value for one in node.keywords if one.arg == "action" and name != "add_argument"]
                given += node.args[PLACES[name] : PLACES[name] + 1] if name in PLACES else []
                yield from (one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_there_are_words_for_everything_that_a_project_tells() -> None:
    made = {"begin_training", "begin_repeat", "declined", "withdrawn", "lapsed"}
    assert made - {"begin_training", "begin_repeat"} <= MOVES.keys()
    assert sorted({*written(), *made} - OF_THE_SITE) == sorted(DEEDS)


def test_a_name_without_words_stands_for_itself() -> None:
    assert deed("shake_hands").words == "shake hands"


@pytest.mark.parametrize(("name", "words"), [("Claim", "a claim"), ("Actor", "an actor"), ("PR piece", "a PR piece")])
def test_a_label_is_said_in_the_middle_of_a_sentence(name: str, words: str) -> None:
    assert a_thing(name) == words
