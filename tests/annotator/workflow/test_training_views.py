"""The pages of training: the score and gold, what is left of it, and what a manager sees of everybody's."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from annotator.annotation.models import AnnotationSet
from annotator.annotation.queries import annotation_set_for
from annotator.errors import Unknown
from annotator.projects.actions import give_role
from annotator.projects.models import Membership
from annotator.workflow.adjudication import release_to_readers
from annotator.workflow.models import Assignment, Exercise
from tests.annotator.workflow.school import School, client_of, read_badly, read_well
from tests.builders import Cast, mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(cast: Cast) -> School:
    return School(cast)


def hand_in(client: Client, reading: AnnotationSet) -> Any:
    fresh = AnnotationSet.objects.select_related("chain").get(pk=reading.pk)
    sent = {"gesture": uuid.uuid4(), "version": fresh.chain.length}
    return client.post(f"/sets/{reading.pk}/submit/", sent, follow=True)


def test_handing_in_leads_to_the_score_and_the_spans_of_gold(school: School) -> None:
    client, reading = client_of(school.zoe), school.begin(school.zoe)
    mark(reading, school.zoe, "The minister", "ACTOR")
    answer = hand_in(client, reading)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/sets/{reading.pk}/gold/"
    assert "Not there yet" in page and "67 %" in page
    assert "only in gold" in page and "Next training article" in page
    assert "ada" not in page.replace("data", "").lower().split() and "All of gold" not in page


def test_the_queue_says_what_training_is_left(school: School) -> None:
    client, path = client_of(school.zoe), f"/projects/{school.project.slug}/queue/"
    assert "These articles come first" in client.get(path).content.decode()
    read_badly(school.begin(school.zoe), school.zoe)
    assert "once more" in client.get(path).content.decode()
    read_well(school.begin(school.zoe), school.zoe)
    read_well(school.begin(school.zoe), school.zoe)
    assert "You have passed it" in client.get(path).content.decode()


def test_a_manager_chooses_articles_and_sees_everybodys_results(school: School, cast: Cast) -> None:
    client, path = client_of(cast.dora), f"/projects/{school.older.slug}/training/"
    assert "gold of this project" in client.get(path).content.decode()
    answer = client.post(path, {"articles": [str(school.texts[0].pk)], "words": ""}, follow=True)
    assert "1 article trains readers from now on." in answer.content.decode()
    assert "read it" in answer.content.decode()
    answer = client.post(f"{path}{school.texts[0].pk}/end/", follow=True)
    assert "trains nobody any more" in answer.content.decode()
    assert not Exercise.objects.filter(project=school.older).exists()

    reading = read_badly(school.begin(school.zoe), school.zoe)
    path = f"/projects/{school.project.slug}/training/"
    page = client.get(path).content.decode()
    assert "in training" in page and "0 %" in page
    assignment = Assignment.objects.get(annotation_set=reading)
    seen = client.get(f"/assignments/{assignment.pk}/training/").content.decode()
    assert "zoe" in seen and "Not there yet" in seen and "Next training article" not in seen
    member = Membership.objects.get(project=school.project, user=school.zoe)
    answer = client.post(f"{path}readers/{member.pk}/", {"without": "1"}, follow=True)
    assert "zoe reads without training from now on." in answer.content.decode()
    answer = client.post(f"{path}readers/{member.pk}/", follow=True)
    assert "zoe reads the training articles first." in answer.content.decode()


def test_a_manager_who_is_trained_too_sees_nothing_of_others_on_the_article(school: School, cast: Cast) -> None:
    give_role(school.project, by=cast.root, user=cast.dora, role="reviewer")
    path = f"/projects/{school.project.slug}/training/"
    reading = school.begin(cast.dora)
    before = client_of(cast.dora).get(path).content.decode()
    other = read_badly(school.begin(school.zoe), school.zoe)
    assert other.article_id == reading.article_id
    after = client_of(cast.dora).get(path).content.decode()
    assert without_tokens(before) == without_tokens(after)
    assignment = Assignment.objects.get(annotation_set=other)
    assert client_of(cast.dora).get(f"/assignments/{assignment.pk}/training/").status_code == 404


def without_tokens(page: str) -> str:
    return re.sub(r'csrf[a-z-]*token" (value|content)="\w+"', "", page)


def test_who_reads_the_article_for_its_gold_is_shown_no_feedback_on_it(school: School, cast: Cast) -> None:
    """Gold of the older project reaches a manager of the newer one who reads there, only after the release."""
    reading = read_badly(school.begin(school.zoe), school.zoe)
    give_role(school.project, by=cast.root, user=cast.ada, role="manager")
    assignment = Assignment.objects.get(annotation_set=reading)
    path = f"/assignments/{assignment.pk}/training/"
    assert client_of(cast.ada).get(path).status_code == 404
    release_to_readers(cast.dora, school.older, reading.article_id)
    assert client_of(cast.ada).get(path).status_code == 200


def test_strangers_and_others_are_told_nothing(school: School) -> None:
    reading = read_badly(school.begin(school.zoe), school.zoe)
    with pytest.raises(Unknown):
        annotation_set_for(school.yan, reading.pk)
    assert client_of(school.yan).get(f"/sets/{reading.pk}/gold/").status_code == 404
