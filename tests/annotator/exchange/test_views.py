import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from annotator.workflow.adjudication import release_to_readers
from tests.annotator.exchange.stories import tell
from tests.api import Program
from tests.builders import Cast, make_article, make_project, mark, secret, settled, started_set, submitted


def download(user, project, name: str):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(reverse("download", args=[project.slug, name]))


def content(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(answer).decode(), newline="")))


def test_the_download_holds_the_lines_of_the_api(cast: Cast) -> None:
    story = tell(cast)
    answer = download(cast.dora, story.project, "gold.jsonl")
    assert answer["Content-Disposition"] == f'attachment; filename="{story.project.slug}-gold.jsonl"'
    program = Program(secret(cast.dora, story.project, "gold:read"))
    streamed = program.get(f"projects/{story.project.slug}/gold/", format="jsonl")
    assert content(answer) == b"".join(streamed.streaming_content)


def test_the_table_has_a_row_for_each_span(cast: Cast) -> None:
    story = tell(cast)
    found = rows(download(cast.dora, story.project, "gold.csv"))
    assert [(row["label"], row["text"], row["attributes.polarity"]) for row in found] == [
        ("ACTOR", "The minister", ""), ("STANCE", "rejected the plan", "oppose"), ("ACTOR", "The union", ""),
    ]  # fmt: skip
    [relation] = rows(download(cast.dora, story.project, "gold-relations.csv"))
    assert (relation["type"], relation["from"], relation["to"]) == ("held_by", found[1]["span"], found[0]["span"])


def test_an_article_without_spans_has_a_row_of_its_own(cast: Cast) -> None:
    project = make_project(cast, redundancy=1)
    submitted(started_set(project, cast.ada), cast.ada)
    article = project.project_articles.get().article
    settled(project, article, cast.cleo)
    [row] = rows(download(cast.dora, project, "gold.csv"))
    assert (row["sha256"], row["span"], row["label"]) == (article.sha256, "", "")


def test_only_the_spreadsheet_variant_disarms_formulas(cast: Cast) -> None:
    project = make_project(cast, make_article("Yes. =1+1 is the claim."), redundancy=1)
    annotation_set = started_set(project, cast.ada)
    mark(annotation_set, cast.ada, "=1+1 is", "CLAIM")
    submitted(annotation_set, cast.ada)
    settled(project, annotation_set.article, cast.cleo)
    assert rows(download(cast.dora, project, "gold.csv"))[0]["text"] == "=1+1 is"
    assert rows(download(cast.dora, project, "gold-spreadsheet.csv"))[0]["text"] == "'=1+1 is"


def test_a_reader_downloads_what_is_released_to_them(cast: Cast) -> None:
    story = tell(cast)
    assert content(download(cast.ada, story.project, "gold.jsonl")) == b""
    release_to_readers(cast.dora, story.project, story.article.pk)
    assert content(download(cast.ada, story.project, "gold.jsonl")) != b""


@pytest.mark.parametrize("name", ["gold.xml", "gold", "..", "gold.jsonl%00"])
def test_a_file_that_is_not_offered_is_not_found(cast: Cast, name: str) -> None:
    project = make_project(cast)
    client = Client()
    client.force_login(cast.dora)
    assert client.get(f"/projects/{project.slug}/download/{name}/").status_code == 404


def test_strangers_and_passers_by_get_nothing(cast: Cast) -> None:
    project = make_project(cast)
    assert download(cast.otto, project, "gold.jsonl").status_code == 404
    assert download(None, project, "gold.jsonl")["Location"].startswith("/sign-in/")
