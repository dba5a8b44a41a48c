import json
import uuid
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from annotator.log.chain import MerkleTree, canonical
from annotator.log.checkpoints import (
    NotACheckpoint,
    Sealed,
    copy_of,
    heads_of,
    leaf,
    parsed,
    parsed_copy,
    seal,
    seal_all,
    write_copy,
)
from annotator.log.models import Chain, Checkpoint
from annotator.workflow.verification import verification
from corpus.text import sha256
from tests.annotator.log.conftest import Story
from tests.annotator.log.rewriting import cut_tail, drop, hash_anew, leave_checkpoints, make_checkpoints_anew
from tests.annotator.log.tampering import unguarded
from tests.builders import Cast, at_once, make_cast, make_project, make_user
from tests.databases import Database


def findings(*kept: str) -> str:
    return "\n".join(verification(kept).findings())


def listed(checkpoint: Checkpoint) -> set[str]:
    return {head[0] for head in heads_of(json.loads(checkpoint.body))}


def test_a_checkpoint_lists_the_chains_it_was_asked_for_and_the_sites(cast: Cast) -> None:
    project = make_project(cast)
    make_project(cast)
    site = Chain.objects.get(kind="site")
    made = seal("gold published", {project.chain_id})
    assert listed(made) == {str(project.chain_id), str(site.pk)}
    assert [str(project.chain_id), project.chain.length, project.chain.head] in json.loads(made.body)["heads"]


def test_publishing_seals_what_the_gold_rests_on(story: Story) -> None:
    first = Checkpoint.objects.get(number=1)
    chains = Chain.objects.filter(pk__in=listed(first))
    assert sorted(chains.values_list("kind", flat=True)) == ["project", "set", "set", "set", "site"]
    assert str(story.world.published.pk) in first.reason


def test_the_cost_of_a_checkpoint_does_not_grow_with_the_checkpoints_before(story: Story) -> None:
    chain = story.world.project.chain_id
    sizes = [len(seal("gold published", {chain}).body) for _ in range(20)]
    assert max(sizes) - min(sizes) < 500


def test_sealing_all_lists_only_what_has_moved(cast: Cast) -> None:
    one, other = make_project(cast), make_project(cast)
    first = seal_all("daily")
    assert first is not None and {str(one.chain_id), str(other.chain_id)} <= listed(first)
    make_user("mallory")
    second = seal_all("daily")
    assert second is not None and second.number == 2
    assert listed(second) == {str(Chain.objects.get(kind="site").pk)}


def test_sealing_all_twice_makes_one_checkpoint(cast: Cast) -> None:
    first, second = seal_all("daily"), seal_all("daily")
    assert first == second and Checkpoint.objects.count() == 1


def test_there_is_nothing_to_seal_in_an_empty_database(db: None) -> None:
    assert seal_all("daily") is None


def test_the_root_covers_every_head_ever_listed(cast: Cast) -> None:
    bodies = []
    for name in ("eve", "mallory", "trent"):
        make_user(name)
        made = seal_all("daily")
        assert made is not None
        bodies.append(json.loads(made.body))
    heads = [head for body in bodies for head in heads_of(body)]
    assert bodies[-1]["root"] == MerkleTree().grown(map(leaf, heads)).root
    assert bodies[-1]["size"] == len(heads) == 3


def test_two_who_publish_at_once_get_two_numbers(live_database: Database) -> None:
    cast = make_cast()
    projects = [make_project(cast), make_project(cast), make_project(cast)]
    made = at_once(*(lambda chain=project.chain_id: seal("gold published", {chain}) for project in projects))
    assert sorted(one.number for one in made) == [1, 2, 3]
    assert findings() == ""


def test_a_copy_has_the_last_sealed_head_of_every_chain(cast: Cast) -> None:
    project = make_project(cast)
    seal("gold published", {project.chain_id})
    project.chain.refresh_from_db()
    make_user("mallory")
    made = seal_all("daily")
    assert made is not None
    first, _, standing = parsed_copy(copy_of(made))
    assert first == made.body
    assert standing["heads"] == [[str(one.pk), one.length, one.head] for one in Chain.objects.order_by("pk")]


def test_only_the_owner_reads_a_copy(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    path.write_text("an older copy")
    path.chmod(0o644)
    made = seal_all("daily")
    assert made is not None
    write_copy(made, path)
    assert path.read_text() == copy_of(made)
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


NO_CHECKPOINTS = (
    "", "{", "[]", "{}", "7", '{"heads":[]}', "[" * 100_000,
    canonical(dict.fromkeys("v number made_at reason previous heads size peaks root".split(), 1)),
    canonical({**dict.fromkeys("v number made_at reason previous heads size peaks root".split(), 1), "heads": [[1]]}),
)  # fmt: skip


@pytest.mark.parametrize("text", NO_CHECKPOINTS)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NotACheckpoint):
        parsed(text)
    with pytest.raises(NotACheckpoint):
        parsed_copy(f'{text}\n{{"heads":[]}}')


@pytest.mark.parametrize("second", ["", "{}", "[]", '{"heads":[[1]]}', '{"heads":7}', "[" * 100_000])
def test_a_copy_without_its_second_line_is_refused(cast: Cast, second: str) -> None:
    made = seal_all("daily")
    assert made is not None
    with pytest.raises(NotACheckpoint):
        parsed_copy(f"{made.body}\n{second}")


# Comparing with a copy


def test_a_kept_copy_accuses_nobody_as_work_goes_on(story: Story) -> None:
    make_user("mallory")
    seal_all("daily")
    assert findings(story.kept) == findings(story.kept + "\n") == ""


def test_a_tail_cut_off_shows_against_the_checkpoints_that_stand_here(story: Story) -> None:
    chain = story.world.project.chain
    with unguarded():
        cut_tail(chain, Random(1))
    assert "the tail was cut off" in findings()


def test_history_hashed_anew_shows_against_the_checkpoints_that_stand_here(story: Story) -> None:
    with unguarded():
        hash_anew(story.world.project.chain, Random(1))
    assert "history was written anew" in findings()


def test_a_chain_dropped_with_all_it_tells_of_shows_against_the_checkpoints_that_stand_here(story: Story) -> None:
    chain = _nobodys()
    with unguarded():
        drop(chain, Random(1))
    assert findings() == f"Chain {chain.pk} is gone, though it was sealed in a checkpoint."


def _nobodys() -> Chain:
    """A chain whose going nothing else in the tables would show: gold in the making."""
    return Chain.objects.get(annotation_set__voice="gold", annotation_set__state="open")


@pytest.mark.parametrize("attack", [hash_anew, cut_tail, drop])
def test_with_the_checkpoints_made_anew_only_a_kept_copy_shows_it(story: Story, attack: object) -> None:
    with unguarded():
        attack(_nobodys(), Random(1))  # type: ignore[operator]
        make_checkpoints_anew(Random(1))
    assert findings() == ""
    assert "Checkpoint 3 is not the one of which a copy was kept: it was made anew." in findings(story.kept)


def test_a_checkpoint_that_is_gone_shows_to_who_kept_a_copy(story: Story) -> None:
    with unguarded():
        Checkpoint.objects.filter(number=3)._raw_delete("default")  # type: ignore[attr-defined]
    assert findings() == ""
    assert findings(story.kept) == "Checkpoint 3, of which a copy was kept, is gone."


def test_events_after_the_last_checkpoint_are_not_vouched_for(story: Story) -> None:
    """The honest limit: whoever owns the database may cut what was never sealed."""
    chain = Chain.objects.get(kind="site")
    length = chain.length
    make_user("mallory")
    chain.refresh_from_db()

    class Last(Random):
        def randint(self, a: int, b: int) -> int:
            return length

    with unguarded():
        cut_tail(chain, Last())
        leave_checkpoints(Random())
    assert findings(story.kept) == ""


def test_what_is_sealed_is_told_apart_by_length(db: None) -> None:
    sealed, chain = Sealed(), str(uuid.uuid4())
    sealed.take({"heads": [[chain, 2, "aa"], [chain, 5, "bb"]]}, "checkpoint 1")
    assert sealed.complaint(chain, 2, "aa") is sealed.complaint(chain, 3, "cc") is sealed.cut(chain, 5) is None
    assert sealed.complaint(chain, 5, "aa") == "checkpoint 1 sealed it with another hash: history was written anew"
    assert sealed.cut(chain, 4) == "checkpoint 1 sealed 5 events, and 4 are left: the tail was cut off"


def test_stored_checkpoints_are_only_ever_added(cast: Cast) -> None:
    made = seal_all("daily")
    assert made is not None
    sql = "UPDATE annotator_checkpoint SET reason = 'x'"
    with pytest.raises(Exception, match="only ever added"), connection.cursor() as cursor:
        cursor.execute(sql)


STORED: dict[str, tuple[dict[str, object], dict[str, object], str]] = {
    "another content": ({}, {"made_at": "2020"}, "its hash does not fit its content"),
    "another reason": ({"reason": "why not"}, {}, "its columns say other things than its content"),
    "another hash": ({"hash": "0" * 64}, {}, "its hash does not fit its content"),
    "another number": ({"number": 9}, {}, "it is missing, the next one is 3"),
    "no form": ({"body": "{}"}, {}, "it has not the form of a checkpoint"),
    "another root": ({"hash": ...}, {"root": "0" * 64}, "it does not follow from those before it"),
    "another size": ({"hash": ...}, {"size": 7}, "it does not follow from those before it"),
    "other peaks": ({"hash": ...}, {"peaks": []}, "it does not follow from those before it"),
    "another one before it": ({"hash": ...}, {"previous": "0" * 64}, "it does not follow from those before it"),
    "fewer heads": ({"hash": ...}, {"heads": []}, "it does not follow from those before it"),
}
"""Columns written over (`...`: the hash, so that it fits), parts of the content written over, and what is said."""


@pytest.mark.parametrize("case", STORED)
def test_a_stored_checkpoint_that_was_changed_is_found(story: Story, case: str) -> None:
    columns, parts, why = STORED[case]
    body = Checkpoint.objects.get(number=2).body
    changed = canonical({**json.loads(body), **parts})
    columns = {"body": changed, **columns}
    if columns.get("hash") is ...:
        columns["hash"] = sha256(changed)
    with unguarded():
        Checkpoint.objects.filter(number=2).update(**columns)
    assert findings() == f"Checkpoint 2: {why}."


def test_a_copy_names_a_chain_that_was_sealed_long_before_and_rewritten_since(story: Story) -> None:
    last = listed(Checkpoint.objects.get(number=3))
    chain = Chain.objects.filter(kind="set", pk__in=listed(Checkpoint.objects.get(number=1))).exclude(pk__in=last)[0]
    with unguarded():
        hash_anew(chain, Random(1))
        Checkpoint.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    said = "the kept copy of checkpoint 3 sealed it with another hash: history was written anew"
    assert f"set chain {chain.pk}, event {chain.length}: {said}." in findings(story.kept)
