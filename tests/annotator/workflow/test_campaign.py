"""Projects that start, people and texts that leave in the middle: what becomes of the work in hand."""

import pytest

from annotator.errors import Conflict, Forbidden, Problem, Unknown
from annotator.log.models import Event
from annotator.projects.models import Membership, Project, ProjectArticle
from annotator.projects.people import create_user
from annotator.workflow.actions import assign, claim_next, send_back, start
from annotator.workflow.campaign import dismiss, end_role, start_project, take_articles, take_back, withdraw_article
from annotator.workflow.models import Assignment
from corpus.models import Article, Source
from tests.builders import Cast, make_article, make_codebook, make_project, mark, settled, started_set, submitted

pytestmark = pytest.mark.django_db


def places(project: Project) -> list[str]:
    return sorted(Assignment.objects.filter(project=project).values_list("state", flat=True))


def membership(project: Project, user: object, role: str = "reviewer") -> Membership:
    return Membership.objects.select_related("project__chain", "user").get(project=project, user=user, role=role)


def test_a_project_starts_with_its_people_and_with_places_for_readers(cast: Cast) -> None:
    project = make_project(cast, make_article(), make_article("Another text."), redundancy=3)
    assert places(project) == ["free"] * 6
    assert project.memberships.count() == 4
    assert ProjectArticle.objects.filter(project=project).count() == 2


def test_a_project_that_cannot_start_leaves_nothing_behind(cast: Cast) -> None:
    with pytest.raises(Problem):
        start_project(by=cast.root, name="Talks", label_set=make_codebook(), members=[(cast.ada, "reader")])
    assert not Project.objects.exists()


@pytest.mark.parametrize("name", ["", "   "])
def test_a_project_needs_a_name(cast: Cast, name: str) -> None:
    with pytest.raises(Problem):
        start_project(by=cast.root, name=name, label_set=make_codebook())


def test_a_name_in_any_script_gives_an_address(cast: Cast) -> None:
    project = start_project(by=cast.root, name="محادثات", label_set=make_codebook())
    assert project.slug.startswith("project-")


@pytest.mark.parametrize("name", ["New", "Talks"])
def test_an_address_that_is_taken_is_refused(cast: Cast, name: str) -> None:
    start_project(by=cast.root, name="Talks", label_set=make_codebook())
    with pytest.raises(Conflict) as refusal:
        start_project(by=cast.root, name=name, label_set=make_codebook())
    assert refusal.value.code == "slug_taken"


def test_articles_that_the_project_has_are_left_alone(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    assert take_articles(project, [article], by=cast.dora) == []
    added = take_articles(project, [article, make_article("Another text.")], by=cast.dora)
    assert [row.position for row in added] == [2]
    assert places(project) == ["free"] * 4


def test_many_articles_come_in_several_gestures(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.workflow.campaign.BATCH", 2)
    project = make_project(cast)
    added = take_articles(project, [make_article(f"Text {number}.") for number in range(5)], by=cast.dora)
    assert [row.position for row in added] == [2, 3, 4, 5, 6]
    assert Event.objects.filter(chain=project.chain_id, body__contains='"action":"add_articles"').count() == 4


def test_a_reviewer_who_goes_leaves_work_in_hand_to_others_and_what_was_handed_in_stays(cast: Cast) -> None:
    project = make_project(cast, make_article(), make_article("The union rejected the offer."))
    submitted(started_set(project, cast.ada), cast.ada)
    at_work = started_set(project, cast.ada)
    assert end_role(membership(project, cast.ada), by=cast.dora) == 1
    assert places(project) == ["free", "free", "free", "submitted", "withdrawn"]
    at_work.refresh_from_db()
    assert at_work.state == "closed"
    with pytest.raises(Unknown):
        mark(at_work, cast.ada, "The", "ACTOR")
    claimed = [claim_next(project, by=cast.ben), claim_next(project, by=cast.ben)]
    assert all(claimed), "Ben can take what Ada left"


def test_another_role_than_reviewer_releases_nothing(cast: Cast) -> None:
    project = make_project(cast)
    started_set(project, cast.ada)
    assert end_role(membership(project, cast.dora, "manager"), by=cast.root) == 0
    assert places(project) == ["free", "started"]


def test_a_dismissed_person_leaves_work_in_every_project_to_others(cast: Cast) -> None:
    projects = [make_project(cast, make_article()), make_project(cast, make_article())]
    for project in projects:
        started_set(project, cast.ada)
    assert dismiss(cast.ada, by=cast.root) == 2
    assert [places(project) for project in projects] == [["free", "free", "withdrawn"]] * 2
    cast.ada.refresh_from_db()
    assert not cast.ada.is_active


def test_a_refused_dismissal_releases_nothing(cast: Cast) -> None:
    project = make_project(cast, members=[(cast.root, "reviewer")])
    started_set(project, cast.root)
    with pytest.raises(Conflict):
        dismiss(cast.root, by=cast.root)
    assert places(project) == ["free", "started"]


def test_an_offer_can_be_taken_back_and_a_finished_reading_cannot(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    offered = assign(project, article, by=cast.dora, reviewer=cast.ada)
    take_back(offered, by=cast.dora, reason="You are away next week")
    offered.refresh_from_db()
    assert (offered.state, offered.reason.text) == ("withdrawn", "You are away next week")
    done = started_set(project, cast.ben)
    submitted(done, cast.ben)
    with pytest.raises(Conflict):
        take_back(Assignment.objects.get(annotation_set=done), by=cast.dora)


def test_nobody_is_given_an_article_twice(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    take_back(assign(project, article, by=cast.dora, reviewer=cast.ada), by=cast.dora)
    with pytest.raises(Conflict) as refusal:
        assign(project, article, by=cast.dora, reviewer=cast.ada)
    assert refusal.value.code == "assigned_already"


def test_a_further_reader_makes_the_article_wait_again(cast: Cast) -> None:
    article = make_article()
    eve = create_user("eve", by=cast.root)
    project = make_project(cast, article, members=[*cast.members, (eve, "reviewer")])
    for user in (cast.ada, cast.ben):
        submitted(started_set(project, user), user)
    row = ProjectArticle.objects.get(project=project)
    assert row.stage == "settling"
    third = assign(project, article, by=cast.dora, reviewer=eve)
    row.refresh_from_db()
    assert row.stage == "reading"
    submitted(start(third, by=eve).annotation_set, eve)
    row.refresh_from_db()
    assert row.stage == "settling"


def test_published_gold_is_not_disturbed_by_sending_a_reading_back(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    for user in (cast.ada, cast.ben):
        submitted(started_set(project, user), user)
    settled(project, article, cast.cleo)
    with pytest.raises(Conflict) as refusal:
        send_back(Assignment.objects.filter(project=project).first(), by=cast.dora, reason="Look again")
    assert refusal.value.code == "published"
    assert ProjectArticle.objects.get(project=project).stage == "gold"


def test_a_withdrawn_text_is_gone_everywhere_and_its_hash_and_offsets_stay(cast: Cast) -> None:
    article = make_article(title="A title")
    project = make_project(cast, article)
    done = started_set(project, cast.ada)
    span = mark(done, cast.ada, "The minister", "ACTOR")
    submitted(done, cast.ada)
    at_work = started_set(project, cast.ben)
    withdraw_article(article, by=cast.dora)
    gone = Article.objects.get(pk=article.pk)
    assert (gone.text, gone.title, gone.sha256, gone.length) == ("", "", article.sha256, article.length)
    assert Source.objects.get(pk=article.source_id).content is None
    assert places(project) == ["submitted", "withdrawn"], "no place is left that somebody could take"
    at_work.refresh_from_db()
    span.refresh_from_db()
    assert (at_work.state, span.start, span.end) == ("closed", 0, 12)
    assert claim_next(project, by=cast.ben) is None


def test_withdrawing_a_second_time_changes_nothing(cast: Cast) -> None:
    article = make_article()
    project = make_project(cast, article)
    withdraw_article(article, by=cast.dora)
    project.chain.refresh_from_db()
    length = project.chain.length
    withdraw_article(article, by=cast.dora)
    project.chain.refresh_from_db()
    assert project.chain.length == length


def test_a_text_that_another_project_reads_is_for_an_administrator_to_withdraw(cast: Cast) -> None:
    article = make_article()
    make_project(cast, article)
    make_project(cast, article, members=[(cast.otto, "manager")])
    with pytest.raises(Forbidden):
        withdraw_article(article, by=cast.dora)
    assert Article.objects.get(pk=article.pk).text
    withdraw_article(article, by=cast.root)
    assert not Article.objects.get(pk=article.pk).text
