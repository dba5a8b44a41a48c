"""The only way in: which projects a person may see, and as what.

Roles are read from the database on every request, so that a change of role works at once.
"""

from django.db.models import Exists, OuterRef, QuerySet

from annotator.accounts.models import User
from annotator.errors import Forbidden, Unknown
from annotator.projects.models import Membership, Project

SCOPES: dict[str, tuple[str, ...]] = {
    "reviewer": ("gold:read", "annotations:write"),
    "adjudicator": ("gold:read", "audit:read"),
    "manager": ("gold:read", "audit:read", "import:write"),
}
"""What a token may do at most for its owner in each role; a token's own scopes narrow it."""


def projects_for(user: User) -> QuerySet[Project]:
    """Projects in which the person has any role; an administrator sees all. A token sees those it is bound to."""
    found = Project.objects.all() if user.bound_to is None else Project.objects.filter(pk__in=user.bound_to)
    if user.is_superuser:
        return found
    return found.filter(Exists(Membership.objects.filter(project=OuterRef("pk"), user=user)))


def roles_in(user: User, project: Project) -> frozenset[str]:
    """The person's roles; an administrator is a manager everywhere. None where a token does not reach."""
    if user.bound_to is not None and project.pk not in user.bound_to:
        return frozenset()
    roles = set(Membership.objects.filter(project=project, user=user).values_list("role", flat=True))
    return frozenset(roles | {"manager"} if user.is_superuser else roles)


def scopes_in(user: User, project: Project) -> frozenset[str]:
    """What a token of the person may do in the project."""
    return frozenset(scope for role in roles_in(user, project) for scope in SCOPES[role])


def project_for(user: User, slug: str, *roles: str) -> Project:
    """The project if the person may see it in one of `roles` (in any, when none is named).

    Raises Unknown to strangers, Forbidden to members without the role.
    """
    project = Project.objects.select_related("chain", "label_set").defer("label_set__body").filter(slug=slug).first()
    if project is None:
        raise Unknown()
    held = roles_in(user, project)
    if not held:
        raise Unknown()
    if roles and not held & set(roles):
        raise Forbidden(f"This is for the {' or the '.join(roles)} of the project.")
    return project


def administrators_only(user: User) -> None:
    """The pages of the whole site. Raises Unknown to everybody else."""
    if not user.is_superuser:
        raise Unknown()
