import json
from collections import defaultdict

from annotator.log.chain import event_hash, genesis
from annotator.log.models import Event
from annotator.workflow.actions import claim_next, decline
from annotator.workflow.models import Assignment
from tests.annotator.exchange.stories import tell
from tests.api import Program, problem
from tests.builders import Cast, make_article, make_project, mark, secret, started_set


def events(cast: Cast, user, project, **query: object):
    program = Program(secret(user, project, "audit:read"))
    return program.results(f"projects/{project.slug}/events/", **query)


def test_the_exported_log_proves_itself(cast: Cast) -> None:
    story = tell(cast)
    chains = defaultdict(list)
    for event in events(cast, cast.dora, story.project):
        chains[event["chain"]].append(event)
    assert set(chains) == {str(one.chain_id) for one in (story.project, story.ada, story.ben, story.gold)}
    for chain, found in chains.items():
        head = genesis(chain)
        assert [event["seq"] for event in found] == list(range(1, len(found) + 1))
        for event in found:
            assert event["previous"] == head
            head = event_hash(head, event["body"])
            assert event["hash"] == head
            assert json.loads(event["body"])["seq"] == event["seq"]
    assert sum(len(found) for found in chains.values()) == Event.objects.exclude(chain__kind="site").count()


def test_events_name_the_set_and_the_article(cast: Cast) -> None:
    story = tell(cast)
    found = events(cast, cast.dora, story.project, chain=story.ada.chain_id)
    assert {(one["kind"], one["set"], one["article"]) for one in found} == {
        ("set", str(story.ada.pk), str(story.article.pk))
    }
    found = events(cast, cast.dora, story.project, chain=story.project.chain_id)
    assert {(one["kind"], one["set"]) for one in found} == {("project", None)}


def test_reviewers_do_not_read_the_log(cast: Cast) -> None:
    story = tell(cast)
    program = Program(secret(cast.ada, story.project, "gold:read"))
    assert problem(program.get(f"projects/{story.project.slug}/events/"))[0] == 403


def test_who_reads_an_article_learns_nothing_of_others_from_the_log(cast: Cast) -> None:
    """Not a hash and not a count: both would differ with what the other reader does."""
    members = [*cast.members, (cast.ada, "manager")]
    project = make_project(cast, make_article(), make_article("The union agreed to it."), members=members)
    own, other = started_set(project, cast.ada), started_set(project, cast.ben)
    while other.article_id != own.article_id:
        decline(Assignment.objects.get(annotation_set=other), by=cast.ben, reason="later")
        claim_next(project, by=cast.ben)
        other = started_set(project, cast.ben)
    before = events(cast, cast.ada, project)
    assert {one["set"] for one in before if one["article"] == str(own.article_id)} == {str(own.pk)}
    assert not [one for one in before if one["kind"] == "project"]
    mark(other, cast.ben, other.article.text.split()[0], "ACTOR")
    assert events(cast, cast.ada, project) == before
    assert len(events(cast, cast.dora, project)) > len(before)


def test_the_answer_says_whether_something_is_withheld(cast: Cast) -> None:
    project = make_project(cast, members=[*cast.members, (cast.ada, "manager")])
    started_set(project, cast.ada)
    for user, withheld in ((cast.ada, True), (cast.dora, False)):
        program = Program(secret(user, project, "audit:read"))
        assert program.get(f"projects/{project.slug}/events/").json()["withheld"] is withheld
