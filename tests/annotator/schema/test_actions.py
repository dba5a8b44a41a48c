"""Drafts of codebooks: begun, written at each edit, published as the next version, frozen."""

import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from annotator.errors import Conflict, Problem, Stale
from annotator.log.actions import site_chain
from annotator.log.models import Event
from annotator.schema.actions import change_draft, discard_draft, publish_draft, start_codebook, start_draft
from annotator.schema.codebook import CodebookError
from annotator.schema.models import CodebookDraft, LabelSet
from annotator.workflow.verification import verification
from tests.annotator.schema.books import label, retire, seed
from tests.builders import Cast, make_codebook


def last_change() -> dict[str, Any]:
    event = Event.objects.filter(chain=site_chain()).latest("seq")
    body: dict[str, Any] = json.loads(event.body)
    return body


def recoloured(draft: CodebookDraft, colour: str = "teal") -> dict[str, Any]:
    data = draft.data
    label(data, "CLAIM")["colour"] = colour
    return data


def test_a_draft_begins_as_the_version_it_goes_on_from(cast: Cast) -> None:
    one = make_codebook()
    draft = start_draft(one, by=cast.dora)
    assert (draft.slug, draft.base, draft.data["version"]) == (one.slug, one, 2)
    assert {**draft.data, "version": 1} == json.loads(one.body)
    assert last_change()["action"] == "start_draft"


def test_there_is_one_draft_of_a_codebook(cast: Cast) -> None:
    one = make_codebook()
    assert start_draft(one, by=cast.dora).pk == start_draft(one, by=cast.root).pk


def test_an_edit_is_kept_with_its_event_but_not_its_words(cast: Cast) -> None:
    draft = start_draft(make_codebook(), by=cast.dora)
    fresh = change_draft(draft, by=cast.dora, version=draft.version, data=recoloured(draft))
    assert label(fresh.data, "CLAIM")["colour"] == "teal"
    assert fresh.version > draft.version
    (change,) = last_change()["changes"]
    assert (change["kind"], change["after"]["digest"]) == ("codebook_draft", fresh.digest)
    assert "teal" not in json.dumps(change)


def test_the_same_again_writes_nothing(cast: Cast) -> None:
    draft = start_draft(make_codebook(), by=cast.dora)
    before = site_chain().length
    assert change_draft(draft, by=cast.dora, version=draft.version, data=draft.data).version == draft.version
    assert site_chain().length == before


def test_two_people_at_one_draft_do_not_overwrite_each_other(cast: Cast) -> None:
    draft = start_draft(make_codebook(), by=cast.dora)
    change_draft(draft, by=cast.root, version=draft.version, data=recoloured(draft, "rose"))
    with pytest.raises(Stale):
        change_draft(draft, by=cast.dora, version=draft.version, data=recoloured(draft))
    assert label(CodebookDraft.objects.get().data, "CLAIM")["colour"] == "rose"


def test_a_draft_cannot_give_itself_another_name_or_number(cast: Cast) -> None:
    draft = start_draft(make_codebook(), by=cast.dora)
    data = {**recoloured(draft), "slug": "other", "version": 9}
    fresh = change_draft(draft, by=cast.dora, version=draft.version, data=data)
    assert (fresh.data["slug"], fresh.data["version"]) == (draft.slug, 2)


def test_publishing_gives_the_next_number_and_freezes(cast: Cast) -> None:
    one = make_codebook()
    draft = start_draft(one, by=cast.dora)
    draft = change_draft(draft, by=cast.dora, version=draft.version, data=recoloured(draft))
    two = publish_draft(draft, by=cast.dora, version=draft.version)
    assert (two.slug, two.number, two.made_by) == (one.slug, 2, cast.dora)
    assert two.codebook.label("CLAIM").colour == "teal"
    assert two.frozen_at is not None
    assert not CodebookDraft.objects.exists()
    one.refresh_from_db()
    assert one.codebook.label("CLAIM").colour == "blue"
    with pytest.raises(DatabaseError), transaction.atomic():
        LabelSet.objects.filter(pk=two.pk).update(body=one.body)


def test_a_draft_that_says_nothing_new_is_not_published(cast: Cast) -> None:
    draft = start_draft(make_codebook(), by=cast.dora)
    with pytest.raises(Conflict, match="Nothing is different"):
        publish_draft(draft, by=cast.dora, version=draft.version)


def test_a_draft_that_lacks_what_was_there_is_not_published(cast: Cast) -> None:
    draft = start_draft(make_codebook(), by=cast.dora)
    data = recoloured(draft)
    data["relations"].pop()
    draft = change_draft(draft, by=cast.dora, version=draft.version, data=data)
    with pytest.raises(Problem, match="Relation made_by is gone: keep it as retired"):
        publish_draft(draft, by=cast.dora, version=draft.version)


def test_a_draft_that_does_not_hold_together_is_kept_but_not_published(cast: Cast) -> None:
    draft = start_draft(make_codebook(), by=cast.dora)
    data = draft.data
    label(data, "CLAIM")["letter"] = "A"
    draft = change_draft(draft, by=cast.dora, version=draft.version, data=data)
    with pytest.raises(CodebookError, match="occurs twice"):
        publish_draft(draft, by=cast.dora, version=draft.version)
    assert LabelSet.objects.count() == 1


def test_a_draft_is_published_once(cast: Cast) -> None:
    draft = start_draft(make_codebook(), by=cast.dora)
    draft = change_draft(draft, by=cast.dora, version=draft.version, data=recoloured(draft))
    publish_draft(draft, by=cast.dora, version=draft.version)
    with pytest.raises(Conflict, match="published or thrown away"):
        publish_draft(draft, by=cast.dora, version=draft.version)


def test_what_is_retired_may_be_published(cast: Cast) -> None:
    draft = start_draft(make_codebook(), by=cast.dora)
    data = draft.data
    retire("STANCE")(data)
    draft = change_draft(draft, by=cast.dora, version=draft.version, data=data)
    assert publish_draft(draft, by=cast.dora, version=draft.version).codebook.label("STANCE").retired


def test_a_codebook_of_ones_own_begins_from_another(cast: Cast) -> None:
    make_codebook()
    draft = start_codebook(seed(), slug="our-claims", title="Our claims", by=cast.dora)
    published = publish_draft(draft, by=cast.dora, version=draft.version)
    assert (published.slug, published.number, published.title) == ("our-claims", 1, "Our claims")
    for taken in ("our-claims", "new", make_codebook().slug):
        with pytest.raises(Conflict):
            start_codebook(seed(), slug=taken, title="Again", by=cast.dora)


def test_a_draft_can_be_thrown_away(cast: Cast) -> None:
    draft = start_draft(make_codebook(), by=cast.dora)
    discard_draft(draft, by=cast.dora, version=draft.version)
    assert not CodebookDraft.objects.exists()


def test_the_log_stands_after_all_this_and_notices_a_draft_changed_behind_its_back(cast: Cast) -> None:
    draft = start_draft(make_codebook(), by=cast.dora)
    draft = change_draft(draft, by=cast.dora, version=draft.version, data=recoloured(draft))
    publish_draft(draft, by=cast.dora, version=draft.version)
    start_draft(LabelSet.objects.get(number=2), by=cast.dora)
    assert list(verification().findings()) == []
    CodebookDraft.objects.update(body="{}")
    assert any("not what was written" in str(one) for one in verification().findings())
