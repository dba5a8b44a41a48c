"""Words that entries are sought by: pure, and the same for a codebook's list and for a project's rows."""

import pytest

from annotator.registers.finding import Index
from annotator.registers.resolving import Merges, would_circle
from annotator.registers.words import ELSE, NAMED, fold, sought_by, typed_words, words
from annotator.schema.codebook import Actor, Concept, parse_entry


def actor(key: str, label: str, *aliases: str, affiliation: str | None = None) -> Actor:
    found = parse_entry(
        "actors",
        {
            "key": key,
            "label": label,
            "kind": "person",
            "sector": "civil",
            "aliases": aliases,
            "affiliation": affiliation,
        },
    )
    assert isinstance(found, Actor)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Türkiye", "turkiye"), ("ÉCOLE", "ecole"), ("Straße", "strasse"), ("قال", "قال"), ("𝒩ews", "𝒩ews"), ("", "")],
)
def test_case_and_accents_do_not_count(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_words_are_letters_and_digits_of_any_script() -> None:
    assert words("Channel-12’s “الوزير” 北京") == ["channel", "12", "s", "الوزير", "北京"]
    assert typed_words("a  a b") == ["a", "b"]


def test_an_entry_is_sought_by_name_alias_key_and_what_it_belongs_to() -> None:
    sought = sought_by(actor("bob-lee", "Robert Lee", "Bobby", affiliation="union"))
    assert sought == {"robert": NAMED, "lee": ELSE, "bobby": ELSE, "bob": ELSE, "union": ELSE, "boblee": NAMED}


def test_what_the_first_word_names_comes_first_and_each_word_must_fit() -> None:
    entries = [actor("x", "Second Union"), actor("u", "Union of Bakers"), actor("b", "Bakers")]
    index = Index(entries)
    assert [one.key for _, one in index.beginning(["un"])] == ["u", "x"]
    assert [one.key for _, one in index.beginning(["un", "ba"])] == ["u"]
    assert index.beginning(["zz"]) == [] and index.beginning([]) == []


def test_entries_with_most_of_the_words_heard_come_first_then_the_others_in_order() -> None:
    index = Index([actor("a", "One"), actor("b", "Two Three"), actor("c", "Three")])
    assert [(times, one.key) for times, one in index.heard(["two", "three"])] == [(2, "b"), (1, "c"), (0, "a")]


def test_entries_that_are_not_in_use_are_not_found() -> None:
    concepts = [parse_entry("concepts", {"key": key, "statement": "A truce.", "status": status})
                for key, status in (("A", "active"), ("B", "retired"), ("C", "merged_into:A"))]  # fmt: skip
    assert [one.key for _, one in Index(concepts).beginning(["truce"])] == ["A"]
    assert all(isinstance(one, Concept) for one in concepts)


def test_merges_are_followed_and_a_circle_ends() -> None:
    merges = Merges({("l", "a"): "b", ("l", "b"): "c", ("l", "x"): "y", ("l", "y"): "x"})
    assert [merges.resolved("l", key) for key in "abcz"] == ["c", "c", "c", "z"]
    assert merges.resolved("other", "a") == "a"
    assert merges.resolved("l", "x") in ("x", "y")
    assert would_circle(merges, "l", "c", "a") and would_circle(merges, "l", "q", "q")
    assert not would_circle(merges, "l", "z", "a")


def test_the_same_merges_have_the_same_fingerprint() -> None:
    one, other = Merges({("l", "a"): "b", ("l", "c"): "d"}), Merges({("l", "c"): "d", ("l", "a"): "b"})
    assert one.fingerprint == other.fingerprint != Merges({("l", "a"): "d"}).fingerprint
