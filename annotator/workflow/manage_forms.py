"""What the manager's pages send: shape only."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from annotator.accounts.models import User
from annotator.projects.forms import read_uuid
from annotator.projects.models import Membership, Project
from annotator.projects.queries import corpus_outside
from corpus.models import Article


class Assign(forms.Form):
    reviewer = forms.ModelChoiceField(User.objects.none(), label="Reviewer", empty_label=None)

    def __init__(self, *args: Any, reviewers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = reviewers  # type: ignore[attr-defined]


def chosen_articles(sent: QueryDict, project: Project | None) -> list[Article]:
    """The articles ticked in a picker; all that fit its filter when `all` is ticked."""
    found = corpus_outside(project, sent.get("words", ""))
    if "all" in sent:
        return list(found)
    return list(corpus_outside(project).filter(pk__in=[read_uuid(text) for text in sent.getlist("articles")]))


def chosen_members(sent: QueryDict) -> Iterator[tuple[User, str]]:
    """(person, role) from boxes named `roles` with values `<person's id> <role>`."""
    pairs = [value.partition(" ") for value in sent.getlist("roles")]
    people = User.objects.filter(is_active=True).in_bulk([read_uuid(person) for person, _, _ in pairs])
    for person, _, role in pairs:
        if read_uuid(person) in people and role in Membership.ROLES:
            yield people[read_uuid(person)], role
