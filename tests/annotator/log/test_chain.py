import hashlib

import pytest

from annotator.log.chain import MerkleTree, canonical, event_hash, genesis, salted

LEAVES = [bytes.fromhex(leaf) for leaf in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Roots of the first 1 to 8 leaves, as the tests of Certificate Transparency (RFC 6962, RFC 9162) publish them."""


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_that_of_the_published_trees(size: int) -> None:
    assert MerkleTree().grown(LEAVES[:size]).root == ROOTS[size - 1]


def test_a_tree_without_leaves_has_the_root_of_the_empty_text() -> None:
    assert MerkleTree().root == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("first", range(9))
def test_a_tree_grown_in_two_steps_is_the_tree_grown_in_one(first: int) -> None:
    assert MerkleTree().grown(LEAVES[:first]).grown(LEAVES[first:]) == MerkleTree().grown(LEAVES)


def test_a_tree_keeps_one_hash_for_each_full_subtree() -> None:
    assert [len(MerkleTree().grown(b"x" for _ in range(size)).peaks) for size in (1, 2, 3, 7, 8, 100)] == [
        1,
        1,
        2,
        3,
        1,
        3,
    ]


def test_equal_values_have_one_canonical_text() -> None:
    assert canonical({"b": [1, None, True], "a": "é"}) == '{"a":"é","b":[1,null,true]}'


def test_what_is_no_number_has_no_canonical_text() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical(float("nan"))


def test_the_first_hash_binds_the_chain() -> None:
    assert genesis("one") != genesis("another")


def test_a_hash_covers_the_hash_before_it() -> None:
    one, other = genesis("one"), genesis("another")
    expected = hashlib.sha256(b"\x00" + bytes.fromhex(one) + "é".encode()).hexdigest()
    assert event_hash(one, "é") == expected != event_hash(other, "é")


def test_equal_remarks_have_different_digests_under_different_salts() -> None:
    assert salted("aa", "text") != salted("bb", "text")
