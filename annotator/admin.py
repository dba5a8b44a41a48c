"""The support desk: people, projects, texts and the log to look at. Whatever the log covers is read-only here.

It is no way round blindness: an administrator who reads an article sees nothing of others' work on it.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import Group
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet, Span
from annotator.log.models import Event
from annotator.projects.models import Membership, Project
from annotator.workflow.queries import blinding, open_to, settling_blind
from corpus.models import Article
from corpus.queries import listed


class ReadOnly(ModelAdmin):  # type: ignore[type-arg]
    """Rows to look at. Their changes go through the screens, which keep the log."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnly):
    """A name can be put right here; inviting, passwords and leaving are on the page "People"."""

    list_display = ("username", "is_active", "is_superuser", "date_joined")
    search_fields = ("username",)
    fields = ("username", "is_active", "is_superuser", "date_joined")
    readonly_fields = ("is_active", "is_superuser", "date_joined")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(Project)
class ProjectAdmin(ReadOnly):
    list_display = ("name", "slug", "label_set", "redundancy")
    list_select_related = ("label_set",)
    search_fields = ("name", "slug")
    fields = ("name", "slug", "label_set", "redundancy", "single_is_gold", "closed_at")


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("user", "role", "project")
    list_select_related = ("user", "project")
    search_fields = ("user__username", "project__name")
    fields = ("user", "role", "project")


@admin.register(Article)
class ArticleAdmin(ReadOnly):
    """The list has a button to import articles (`templates/admin/corpus/article/change_list.html`)."""

    list_display = ("heading", "outlet", "published_on", "language", "length", "withdrawn_at")
    search_fields = ("title", "outlet", "source__name")
    fields = (
        "title", "deck", "byline", "outlet", "published_on", "language", "direction", "source", "source_start",
        "source_end", "revision", "length", "sha256", "created_at", "withdrawn_at", "text",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return listed().select_related("source").defer("text", "source__content")


@admin.register(Span)
class SpanAdmin(ReadOnly):
    list_display = ("id", "label", "start", "end", "annotation_set")
    fields = ("annotation_set", "start", "end", "label", "attributes", "absent", "version")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Span]:
        spans = Span.objects.annotate(project=F("annotation_set__project"), article=F("annotation_set__article"))
        return spans.filter(open_to(_user(request)) | Q(annotation_set__owner=_user(request)))


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("id", "chain", "seq", "hash")
    fields = ("chain", "seq", "gesture", "previous", "hash", "body")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Events of the site, of sets open to the person, and of projects in which they read nothing now."""
        user = _user(request)
        sets = AnnotationSet.objects.filter(open_to(user) | Q(owner=user))
        projects = Project.objects.exclude(pk__in=blinding(user).values("project"))
        projects = projects.exclude(pk__in=settling_blind(user).values("project"))
        return Event.objects.filter(
            Q(chain__kind="site") | Q(chain__annotation_set__in=sets) | Q(chain__project__in=projects)
        )


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


admin.site.unregister(Group)
