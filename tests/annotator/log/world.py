"""A small world in which every kind of row was written, changed and taken away, all through the app's own verbs."""

import uuid
from dataclasses import dataclass

from annotator.annotation.actions import (
    add_spans,
    change_relation,
    change_span,
    comment,
    redo,
    remove_comment,
    remove_span,
    undo,
    unrelate,
)
from annotator.annotation.models import AnnotationSet
from annotator.log.checkpoints import seal_all
from annotator.log.erasure import erase_remark
from annotator.log.models import Remark
from annotator.projects.actions import correct_article, correct_regions, give_role
from annotator.projects.models import Membership, Project
from annotator.projects.people import make_token, reactivate, revoke_token
from annotator.workflow import adjudication
from annotator.workflow.actions import assign, decline, send_back
from annotator.workflow.campaign import dismiss, end_role, withdraw_article
from annotator.workflow.cases import Choice
from annotator.workflow.models import Assignment
from corpus.models import Article, Region
from tests.builders import (
    LARGE,
    TEXT_MIXED,
    Cast,
    link,
    make_article,
    make_cast,
    make_project,
    make_user,
    mark,
    place,
    started_set,
    submitted,
)

TALK = (
    "Talks end\n"
    "The minister of trade rejected the plan.\n"
    "“It costs too much,” she said in Geneva.\n"
    "The union called the plan a first step, and the plan stands."
)


@dataclass(frozen=True)
class World:
    cast: Cast
    project: Project
    published: Article
    settling: Article
    returned: Article
    withdrawn: Article


def rich_world() -> World:
    cast = make_cast()
    texts = [f"{TALK}\nNumber {number}." for number in range(4)]
    articles = [make_article(text, title="Talks end", outlet="The Paper", published_on="2024-11-10") for text in texts]
    project = make_project(cast, *articles)
    world = World(cast, project, *articles)
    _hand_out(world)
    _read(world)
    _settle(world)
    _look_again(world)
    _change_people(world)
    _annotate_with_notes(world)
    _change_texts(world)
    seal_all("at the end of the story")
    return world


def _hand_out(world: World) -> None:
    """Each article to both, so that the story does not depend on who draws what."""
    for article in (world.published, world.settling, world.returned, world.withdrawn):
        for reader in (world.cast.ada, world.cast.ben):
            assign(world.project, article, by=world.cast.dora, reviewer=reader)


def _set_of(world: World, article: Article, reader: str) -> AnnotationSet:
    from annotator.annotation.queries import annotation_set_for
    from annotator.workflow.actions import start

    user = getattr(world.cast, reader)
    assignment = Assignment.objects.get(project=world.project, article=article, reviewer=user)
    assignment = start(assignment, by=user)
    assert assignment.annotation_set_id is not None
    return annotation_set_for(user, assignment.annotation_set_id)


def _read(world: World) -> None:
    for article in (world.published, world.settling):
        _read_as_ada(world, _set_of(world, article, "ada"))
        _read_as_ben(world, _set_of(world, article, "ben"))
    returned = _set_of(world, world.returned, "ada")
    mark(returned, world.cast.ada, "The union", "ACTOR")
    submitted(returned, world.cast.ada)
    assignment = Assignment.objects.get(annotation_set=returned)
    send_back(assignment, by=world.cast.dora, reason="Please look for claims too.")
    mark(returned, world.cast.ada, "the plan stands", "CLAIM")
    submitted(returned, world.cast.ada)
    declined = Assignment.objects.get(project=world.project, article=world.returned, reviewer=world.cast.ben)
    decline(declined, by=world.cast.ben, reason="I know the author.")
    mark(_set_of(world, world.withdrawn, "ada"), world.cast.ada, "The union", "ACTOR")


def _read_as_ada(world: World, reading: AnnotationSet) -> None:
    ada, new = world.cast.ada, uuid.uuid4
    minister = mark(reading, ada, "The minister", "ACTOR")
    plan = mark(reading, ada, "the plan", "CLAIM")
    stance = mark(reading, ada, "rejected", "STANCE", polarity="oppose")
    held = link(reading, ada, "held_by", stance, minister)
    link(reading, ada, "toward", stance, plan)
    change_span(
        reading.pk, by=ada, gesture=new(), id=minister.pk, version=minister.version, end=minister.end + 9,
        quote="The minister of trade",
    )  # fmt: skip
    unrelate(reading.pk, by=ada, gesture=new(), id=held.pk, version=held.version)
    undo(reading.pk, by=ada, gesture=new())
    places = [
        {"id": new(), "start": start, "end": end, "quote": "plan"}
        for start, end in (place(reading, "plan", nth) for nth in range(3))
    ]
    add_spans(reading.pk, by=ada, gesture=new(), places=places, label="CLAIM")
    undo(reading.pk, by=ada, gesture=new())
    redo(reading.pk, by=ada, gesture=new())
    undo(reading.pk, by=ada, gesture=new())
    wrong, doubt = mark(reading, ada, "Geneva", "ACTOR"), "A city, or its government?"
    comment(reading.pk, by=ada, gesture=new(), id=new(), text=doubt, flag="unsure", span=wrong.pk)
    gone = new()
    comment(reading.pk, by=ada, gesture=new(), id=gone, text="Never mind.")
    remove_comment(reading.pk, by=ada, gesture=new(), id=gone)
    remove_span(reading.pk, by=ada, gesture=new(), id=wrong.pk, version=wrong.version)
    submitted(reading, ada)


def _read_as_ben(world: World, reading: AnnotationSet) -> None:
    ben = world.cast.ben
    minister = mark(reading, ben, "minister", "ACTOR")
    plan = mark(reading, ben, "the plan", "CLAIM")
    stance = mark(reading, ben, "rejected", "STANCE", polarity="mixed")
    link(reading, ben, "held_by", stance, minister)
    link(reading, ben, "toward", stance, plan)
    mark(reading, ben, "a first step", "CLAIM")
    submitted(reading, ben)


def _settle(world: World) -> None:
    cleo, project = world.cast.cleo, world.project
    for article in (world.settling, world.published):
        case = adjudication.open_case(cleo, project, article.pk)
        first = case.open_differences[0]
        voice = min(case.comparison.groups[first.group].members)
        took = Choice("took", voice=voice, rule="1", note="The whole name.")
        adjudication.decide(cleo, project, article.pk, gesture=uuid.uuid4(), key=first.key, choice=took)
        adjudication.undo_decision(cleo, project, article.pk, gesture=uuid.uuid4())
        adjudication.redo_decision(cleo, project, article.pk, gesture=uuid.uuid4())
    _settle_rest(world)
    adjudication.publish(cleo, project, world.published.pk)
    adjudication.reopen(cleo, project, world.published.pk)
    case = adjudication.case_for(cleo, project, world.published.pk)
    again = next(difference for difference in case.differences if difference.kind == "attribute")
    voice = max(case.comparison.groups[again.group].members)
    choice = Choice("took", voice=voice, note="On second thoughts.")
    adjudication.decide(cleo, project, world.published.pk, gesture=uuid.uuid4(), key=again.key, choice=choice)
    adjudication.publish(cleo, project, world.published.pk)
    adjudication.release_to_readers(world.cast.dora, project, world.published.pk)


def _settle_rest(world: World) -> None:
    cleo, project, article = world.cast.cleo, world.project, world.published.pk
    case = adjudication.case_for(cleo, project, article)
    while case.open_differences:
        difference = case.open_differences[0]
        voice = max(case.comparison.groups[difference.group].members)
        choice = Choice("took", voice=voice)
        case = adjudication.decide(cleo, project, article, gesture=uuid.uuid4(), key=difference.key, choice=choice)


def _look_again(world: World) -> None:
    """What may be erased was erased: a reason of the project's chain, a comment in a set's."""
    for text in ("I know the author.", "A city, or its government?"):
        erase_remark(Remark.objects.filter(text=text).latest("id"), by=world.cast.root)


def _change_people(world: World) -> None:
    eve, dora, project = make_user("eve"), world.cast.dora, world.project
    give_role(project, by=dora, user=eve, role="reviewer")
    give_role(project, by=dora, user=eve, role="adjudicator")
    started_set(project, eve)
    token, _ = make_token(dora, name="export", scopes=["gold:read"], projects=[project], by=dora)
    make_token(eve, name="laptop", scopes=["gold:read"], projects=[project], by=eve)
    revoke_token(token, by=dora)
    end_role(Membership.objects.get(project=project, user=eve, role="adjudicator"), by=dora)
    dismiss(eve, by=world.cast.root)
    reactivate(eve, by=world.cast.root)


def _annotate_with_notes(world: World) -> None:
    """The large codebook: texts in attributes, defaults, answers “not in the text”, attributes of relations."""
    ada, project = world.cast.ada, make_project(world.cast, make_article(TEXT_MIXED), codebook=LARGE)
    reading = started_set(project, ada)
    claim = mark(reading, ada, "families want talks", "CLAIM", kind="proposal", note="Is this a demand?")
    actor = mark(reading, ada, "families", "ACTOR")
    told_by = link(reading, ada, "reported_by", claim, actor)
    change_span(
        reading.pk, by=ada, gesture=uuid.uuid4(), id=claim.pk, version=claim.version, attributes={"note": "It is."}
    )
    change_relation(
        reading.pk, by=ada, gesture=uuid.uuid4(), id=told_by.pk, version=told_by.version, attributes={"order": 2}
    )


def _change_texts(world: World) -> None:
    root = world.cast.root
    correct_article(world.settling, by=root, facts={"title": "Talks end without a result", "language": "en-GB"})
    caption = Region.objects.filter(article=world.settling).latest("start")
    correct_regions(world.settling, by=root, kinds={caption.pk: (caption.kind, "caption")})
    withdraw_article(world.withdrawn, by=root)
