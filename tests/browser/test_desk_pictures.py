"""Pictures of the desk with a real reading, to look at and for the README.

`make pictures` keeps them; else they go with the run.
"""

import json
import os
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.accounts.models import User
from annotator.annotation.actions import add_span, relate
from annotator.projects.models import Project
from annotator.settings import BASE_DIR
from corpus.readers import plain
from tests.browser.conftest import DESKTOP, PHONE, SignIn
from tests.browser.desk import Desk
from tests.builders import LARGE, Cast, import_drafts, make_project, make_user, started_set
from tests.settings import RUN_FOLDER

PICTURES = Path(os.environ.get("PICTURES", RUN_FOLDER / "pictures"))
READING = json.loads((BASE_DIR / "seeds" / "readings" / "reviewer-a.json").read_text(encoding="utf-8"))


def demo_desk(page: Page, cast: Cast, reader: User, entry: dict[str, object]) -> Desk:
    """The desk of a reader with a demo reading on it, not handed in yet."""
    name = str(entry["source"])
    data = (BASE_DIR / "seeds" / name).read_bytes()
    new, known = import_drafts(name, data, plain.read(data, name), by=None)
    project = make_project(cast, *[*new, *known], codebook=LARGE, members=[(reader, "reviewer")])
    Project.objects.filter(pk=project.pk).update(suggestions=False)  # they have a picture of their own
    desk = Desk(page, project, started_set(project, reader))
    ids = {span["id"]: uuid.uuid4() for span in entry["spans"]}  # type: ignore[attr-defined]
    for span in entry["spans"]:  # type: ignore[attr-defined]
        add_span(desk.reading.pk, by=reader, gesture=uuid.uuid4(), **{**span, "id": ids[span["id"]]})
    for relation in entry["relations"]:  # type: ignore[attr-defined]
        relate(
            desk.reading.pk, by=reader, gesture=uuid.uuid4(), id=uuid.uuid4(), type=relation["type"],
            source=ids[relation["from"]], target=ids[relation["to"]], attributes=relation["attributes"],
        )  # fmt: skip
    desk.open()
    return desk


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_is_pictured_with_a_real_reading(
    page: Page, cast: Cast, sign_in: SignIn, size: tuple[int, int], scheme: str
) -> None:
    reader = make_user("reviewer-a")
    sign_in(reader)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    desk = demo_desk(page, cast, reader, READING["articles"][0])
    desk.press(*["ArrowDown"] * 9)
    expect(page.locator("#inspector .quote")).not_to_be_empty()
    desk.press("v")
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"desk-{size[0]}-{scheme}.png"
    page.screenshot(path=path)
    assert path.stat().st_size > 10_000
    desk.check()
