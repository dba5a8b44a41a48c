"""Import files as articles: `manage.py import_articles PATH… [--project SLUG]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.exchange.imports import Outcome, import_path
from annotator.projects.models import Project
from corpus.readers import ENDINGS


class Command(BaseCommand):
    help = "Import files, or all readable files of folders, as articles. Importing again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--project", metavar="SLUG", help="put the articles into this project too")

    def handle(self, *args: Any, **options: Any) -> None:
        project = self._project(options["project"])
        total = Outcome()
        for path in [file for given in options["paths"] for file in self._files(given)]:
            outcome = import_path(path, by=None, project=project)
            self.stdout.write(f"{path.name}: {outcome.in_words}")
            for refusal in outcome.refusals:
                line = f", line {refusal.line}" if refusal.line else ""
                self.stderr.write(f"{refusal.name}{line}: {refusal.message} ({refusal.code})")
            total.new += outcome.new
            total.known += outcome.known
            total.refusals += outcome.refusals
        if not total.new and not total.refusals:
            self.stdout.write("Nothing new: every article was here before. Nothing was changed.")
        if total.refusals and not total.new and not total.known:
            raise CommandError("Nothing could be read.")

    def _project(self, slug: str | None) -> Project | None:
        if slug is None:
            return None
        project = Project.objects.filter(slug=slug).select_related("chain").first()
        if project is None:
            raise CommandError(f"There is no project “{slug}”.")
        return project

    def _files(self, path: Path) -> list[Path]:
        if path.is_dir():
            found = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS and file.is_file())
            return [file for file in found if file.name.lower() != "readme.md"]
        if not path.exists():
            raise CommandError(f"There is no file {path}.")
        return [path]
