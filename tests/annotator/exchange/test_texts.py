from annotator.projects.actions import withdraw_article
from corpus.drafts import Region
from tests.api import Program
from tests.builders import Cast, make_article, make_project, secret


def articles(cast: Cast, project, **query: object):
    program = Program(secret(cast.ada, project, "gold:read"))
    found = program.results(f"projects/{project.slug}/articles/", **query)
    assert program.lines(f"projects/{project.slug}/articles/", **query) == found
    return found


def test_articles_come_with_text_regions_and_stated_facts(cast: Cast) -> None:
    text = "The plan\nThe minister rejected it."
    article = make_article(text, regions=[Region(0, 8, "title")], title="The plan", published_on="2024-11-10")
    [record] = articles(cast, make_project(cast, article))
    assert record["text"] == text
    assert (record["sha256"], record["length"]) == (article.sha256, len(text))
    assert record["facts"]["title"]["value"] == "The plan"
    assert record["facts"]["published_on"] == {"value": "2024-11-10", "start": None, "end": None}
    assert record["facts"]["outlet"] is None
    assert [(one["start"], one["end"], one["kind"]) for one in record["regions"]] == [(0, 8, "title"), (9, 34, "body")]
    assert record["source"] == {
        "name": article.source.name, "sha256": article.source.sha256, "start": 0, "end": len(text),
    }  # fmt: skip


def test_a_withdrawn_article_keeps_its_line_without_its_text(cast: Cast) -> None:
    article = make_article("The minister rejected it.", title="The plan", byline="a reporter")
    project = make_project(cast, article)
    withdraw_article(article, by=cast.root)
    [record] = articles(cast, project)
    assert record["text"] is None
    assert record["withdrawn_at"] is not None
    assert (record["facts"]["title"], record["facts"]["byline"]) == (None, None)
    assert (record["sha256"], record["length"]) == (article.sha256, 25)
    assert record["regions"]


def test_one_article_can_be_asked_for(cast: Cast) -> None:
    first, second = make_article("One."), make_article("Two.")
    project = make_project(cast, first, second)
    assert [one["text"] for one in articles(cast, project)] == ["One.", "Two."]
    assert [one["text"] for one in articles(cast, project, article=second.pk)] == ["Two."]
