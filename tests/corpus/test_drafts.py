import json

import pytest

from corpus.drafts import ArticleDraft, Fact, Region, as_json, covering, from_json
from corpus.text import sha256

DRAFT = ArticleDraft(
    text="Talks\n\nThey go on.",
    source_start=3,
    source_end=21,
    title=Fact("Talks", 0, 5),
    deck=None,
    byline=Fact("Ada"),
    published_on=None,
    outlet=None,
    language="en",
    direction="ltr",
    regions=(Region(0, 5, "title"), Region(7, 18, "body")),
    notes=("The language is not evident.",),
)


def test_a_draft_is_the_same_after_json_and_back() -> None:
    assert from_json(json.loads(json.dumps(as_json(DRAFT)))) == DRAFT


@pytest.mark.parametrize("missing", ["text", "title", "regions", "notes"])
def test_json_that_is_no_draft_is_refused(missing: str) -> None:
    data = {key: value for key, value in as_json(DRAFT).items() if key != missing}
    with pytest.raises((KeyError, TypeError)):
        from_json(data)


def test_the_hash_of_a_draft_is_that_of_its_text() -> None:
    assert DRAFT.sha256 == sha256("Talks\n\nThey go on.")


def test_what_no_region_covers_is_body_line_by_line() -> None:
    text = " date A b \n\n cap\nrest "
    given = [Region(13, 16, "caption"), Region(1, 5, "dateline")]
    assert covering(text, given) == (
        Region(1, 5, "dateline"),
        Region(6, 9, "body"),
        Region(13, 16, "caption"),
        Region(17, 21, "body"),
    )
