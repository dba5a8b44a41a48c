"""manage.py release_stale: give work back that nobody touches. For a timer; it also happens at every claim."""

from typing import Any

from django.core.management.base import BaseCommand

from annotator.projects.models import Project
from annotator.workflow.lapsing import release_stale


class Command(BaseCommand):
    help = (
        "In every project whose settings say so, give articles back to the others that their readers have not touched "
        "for that long."
    )
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        total = 0
        for project in Project.objects.exclude(release_after=None).select_related("chain"):
            total += release_stale(project)
        self.stdout.write(f"{total} {'article' if total == 1 else 'articles'} went back to the others.")
