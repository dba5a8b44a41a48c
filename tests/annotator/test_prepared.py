import uuid

from django.db import connection
from django.db.models import CharField, IntegerField, UUIDField
from django.db.models.functions import Substr
from django.test.utils import CaptureQueriesContext

from annotator.annotation.models import AnnotationSet
from annotator.annotation.queries import own_sets, set_for_writing
from annotator.prepared import Given, Prepared
from tests.builders import Cast, at_once, make_project, started_set


def sets() -> Prepared[AnnotationSet]:
    return Prepared(
        lambda: (
            AnnotationSet.objects.select_related("article", "chain")
            .filter(pk=Given("pk", UUIDField()), voice=Given("voice", CharField()))
            .annotate(words=Substr("article__text", Given("first", IntegerField()), Given("length", IntegerField())))
        )
    )


def test_a_prepared_query_finds_what_the_plain_one_finds(cast: Cast) -> None:
    project, query = make_project(cast), sets()
    for user in (cast.ada, cast.ben):
        annotation_set = started_set(project, user)
        found = query.first(pk=annotation_set.pk, voice=str(user.pk), first=5, length=8)
        plain = AnnotationSet.objects.select_related("article", "chain").get(pk=annotation_set.pk)
        assert found is not None
        for field in AnnotationSet._meta.concrete_fields:
            assert getattr(found, field.attname) == getattr(plain, field.attname)
        assert found.words == "minister"  # type: ignore[attr-defined]
        with CaptureQueriesContext(connection) as context:
            assert found.article.text == plain.article.text
            assert found.chain.head == plain.chain.head
        assert len(context) == 0
    assert query.first(pk=annotation_set.pk, voice="nobody", first=1, length=1) is None
    assert query.first(pk=uuid.uuid4(), voice=str(cast.ada.pk), first=1, length=1) is None


def test_the_values_of_one_run_do_not_reach_another(live_database: object, cast: Cast) -> None:
    project, query = make_project(cast), sets()
    annotation_set = started_set(project, cast.ada)
    calls = [
        lambda first=first: [
            query.first(pk=annotation_set.pk, voice=str(cast.ada.pk), first=first, length=3).words for _ in range(20)
        ]
        for first in range(1, 6)
    ]
    text = annotation_set.article.text
    assert at_once(*calls) == [[text[first - 1 : first + 2]] * 20 for first in range(1, 6)]


def test_the_door_for_writing_opens_to_the_same_as_the_door_for_reading(cast: Cast) -> None:
    project = make_project(cast)
    own, other = started_set(project, cast.ada), started_set(project, cast.ben)
    found = set_for_writing(cast.ada, own.pk)
    assert (found.pk, found.chain.length) == (own.pk, own.chain.length)
    assert list(own_sets(cast.ada)) == [own]
    assert other not in own_sets(cast.ada)
