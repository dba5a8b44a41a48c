"""Files in: by command, and in the browser with a look in between."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotator.errors import Conflict, Unknown
from annotator.exchange import imports
from annotator.exchange.imports import Correction
from annotator.log.models import Event
from annotator.projects.models import Project, ProjectArticle
from annotator.workflow.models import Assignment
from corpus.models import Article, ImportFile, ImportRun, Region, Source
from corpus.readers import read_file
from tests.builders import Cast, make_project

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
GOOD = b"A plain title\n\nThe minister said that talks go on. Nobody left.\n"
BAD = b"caf\xe9 in another encoding"


@pytest.fixture
def project(cast: Cast) -> Project:
    return make_project(cast)


@pytest.fixture
def dora(cast: Cast, project: Project) -> Client:
    client = Client()
    client.force_login(cast.dora)
    return client


def drop(client: Client, project: Project, **files: bytes) -> str:
    """Send files to the import page; returns the address of what was found."""
    sent = [
        SimpleUploadedFile(name.replace("_txt", ".txt").replace("_jsonl", ".jsonl"), data)
        for name, data in files.items()
    ]
    return client.post(reverse("import_start", args=[project.slug]), {"files": sent}).headers["Location"]


@pytest.mark.django_db
def test_the_five_seed_files_become_six_articles_and_a_second_time_changes_nothing() -> None:
    said = StringIO()
    call_command("import_articles", str(SEEDS), stdout=said)
    assert Article.objects.count() == 6
    events = Event.objects.count()
    again = StringIO()
    call_command("import_articles", str(SEEDS), stdout=again)
    assert Article.objects.count() == 6
    assert Event.objects.count() == events
    assert "Nothing new" in again.getvalue()


@pytest.mark.django_db
def test_a_source_keeps_the_bytes_of_its_file() -> None:
    call_command("import_articles", str(SEEDS), stdout=StringIO())
    for source in Source.objects.all():
        assert bytes(source.content) == (SEEDS / source.name).read_bytes()


@pytest.mark.django_db
def test_regions_tile_every_line_that_has_text() -> None:
    call_command("import_articles", str(SEEDS), stdout=StringIO())
    for article in Article.objects.prefetch_related("regions"):
        covered = sum(region.end - region.start for region in article.regions.all())
        assert covered == sum(len(line) for line in article.text.split("\n") if line.strip())


@pytest.mark.django_db
def test_an_undecodable_file_is_refused_with_its_reason_while_the_others_go_in(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_bytes(GOOD)
    (tmp_path / "bad.txt").write_bytes(BAD)
    (tmp_path / "empty.txt").write_bytes(b" \n")
    (tmp_path / "nul.txt").write_bytes(b"A\x00B")
    complaints = StringIO()
    call_command("import_articles", str(tmp_path), stdout=StringIO(), stderr=complaints)
    assert Article.objects.count() == 1
    for name in ("bad.txt", "empty.txt", "nul.txt"):
        assert name in complaints.getvalue()


@pytest.mark.django_db
def test_a_command_with_nothing_readable_fails(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(BAD)
    with pytest.raises(CommandError, match="Nothing could be read"):
        call_command("import_articles", str(tmp_path), stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db
def test_nothing_is_written_before_the_manager_commits(dora: Client, project: Project) -> None:
    before = Article.objects.count()
    address = drop(dora, project, news_txt=GOOD, other_txt=BAD)
    page = dora.get(address).content.decode()
    assert "A plain title" in page
    assert "UTF-8" in page  # the refusal names what was tried
    assert Article.objects.count() == before


@pytest.mark.django_db
def test_a_commit_brings_articles_into_the_project_with_places_for_readers(dora: Client, project: Project) -> None:
    address = drop(dora, project, news_txt=GOOD)
    dora.post(address + "commit/", {"0-0-taken": "yes", "0-0-title": "A plain title", "0-0-language": "en"})
    article = Article.objects.get(source__name="news.txt")
    assert ProjectArticle.objects.filter(project=project, article=article).count() == 1
    assert Assignment.objects.filter(project=project, article=article, state="free").count() == 2


@pytest.mark.django_db
def test_corrections_of_facts_and_regions_reach_the_article(dora: Client, project: Project) -> None:
    address = drop(dora, project, news_txt=GOOD)
    draft = ImportFile.objects.get().drafts[0]
    body = next(region["start"] for region in draft["regions"] if region["kind"] == "body")
    form = {
        "0-0-taken": "yes", "0-0-title": "Another title", "0-0-outlet": "The Daily", "0-0-published_on": "2024-11-10",
        "0-0-language": "fr", f"0-0-kind-{body}": "caption",
    }  # fmt: skip
    dora.post(address + "commit/", form)
    article = Article.objects.get(source__name="news.txt")
    assert (article.title, article.outlet, str(article.published_on), article.language) == (
        "Another title", "The Daily", "2024-11-10", "fr",
    )  # fmt: skip
    assert "title" not in article.stated_at
    assert Region.objects.get(article=article, start=body).kind == "caption"


@pytest.mark.django_db
def test_an_article_that_is_not_ticked_stays_out(dora: Client, project: Project) -> None:
    before = Article.objects.count()
    address = drop(dora, project, news_txt=GOOD)
    dora.post(address + "commit/", {"0-0-title": "A plain title", "0-0-language": "en"})
    assert Article.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [("published_on", "yesterday"), ("language", "not a code!"), ("kind-0", "nonsense"), ("outlet", "x" * 300)],
)
def test_a_correction_that_makes_no_sense_is_refused_and_loses_nothing(
    dora: Client, project: Project, field: str, value: str
) -> None:
    before = Article.objects.count()
    address = drop(dora, project, news_txt=GOOD)
    form = {"0-0-taken": "yes", "0-0-title": "t", "0-0-language": "en", f"0-0-{field}": value}
    assert dora.post(address + "commit/", form).status_code == 422
    assert Article.objects.count() == before
    assert ImportFile.objects.get().drafts


@pytest.mark.django_db
def test_a_second_commit_is_refused(cast: Cast, project: Project) -> None:
    run = imports.start_run(by=cast.dora)
    imports.stage(run, "news.txt", GOOD)
    first = imports.commit(run, {}, by=cast.dora, project=project)
    assert len(first.new) == 1
    with pytest.raises(Conflict):
        imports.commit(run, {}, by=cast.dora, project=project)
    with pytest.raises(Conflict):
        imports.stage(ImportRun.objects.get(pk=run.pk), "late.txt", GOOD)


@pytest.mark.django_db
def test_an_import_is_its_owners_alone(cast: Cast) -> None:
    run = imports.start_run(by=cast.dora)
    with pytest.raises(Unknown):
        imports.run_for(cast.ada, run.pk)


@pytest.mark.django_db
def test_the_same_text_from_another_file_is_reported(dora: Client, project: Project) -> None:
    address = drop(dora, project, news_txt=GOOD)
    dora.post(address + "commit/", {"0-0-taken": "yes", "0-0-title": "A plain title", "0-0-language": "en"})
    line = json.dumps({"text": Article.objects.get(source__name="news.txt").text}).encode()
    assert "The same text is here from another file" in dora.get(drop(dora, project, copy_jsonl=line)).content.decode()


@pytest.mark.django_db
def test_the_preview_asks_as_many_queries_for_one_file_as_for_ten(dora: Client, project: Project) -> None:
    counts = []
    for number in (1, 10):
        files = {f"n{number}{place}_txt": GOOD + str(place).encode() for place in range(number)}
        address = drop(dora, project, **files)
        with CaptureQueriesContext(connection) as queries:
            dora.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_uncorrected_draft_stays_as_it_was_found() -> None:
    draft = read_file(GOOD, "news.txt").drafts[0]
    facts = {name: getattr(draft, name).value for name in ("title", "deck") if getattr(draft, name)}
    assert imports.corrected(draft, Correction(facts, draft.language, {})) == draft
