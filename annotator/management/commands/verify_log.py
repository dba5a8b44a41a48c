"""manage.py verify_log [--checkpoint FILE]…: is the log whole, and do the tables say what it says?"""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.exchange.snapshots import snapshot
from annotator.log.checkpoints import NotACheckpoint
from annotator.workflow.verification import verification

SECONDS = 2
"""Between two lines of progress."""


class Command(BaseCommand):
    help = (
        "Walk every chain of the log, rebuild the tables from it and compare. Ends with 0 when all is in order, "
        "with 1 when something is wrong: then each line says what."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoint", metavar="FILE", type=Path, action="append", default=[],
            help="a copy of a checkpoint, kept elsewhere, to compare with; may be given more than once",
        )  # fmt: skip

    def handle(self, *, checkpoint: list[Path], **options: Any) -> None:
        run = verification(kept=[_text(path) for path in checkpoint], told=self._progress())
        try:
            with snapshot():
                found = sum(self._say(finding) for finding in run.findings())
        except NotACheckpoint as error:
            raise CommandError(f"One of the files is not a checkpoint: {error}.") from error
        seen = f"{run.events} events in {run.chains} chains"
        if found:
            raise CommandError(f"The log is not in order: {found} findings. {seen} were walked.")
        self.stdout.write(f"All in order: {seen}.")

    def _say(self, finding: str) -> int:
        self.stdout.write(finding)
        return 1

    def _progress(self) -> Any:
        said = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal said
            if time.monotonic() - said >= SECONDS:
                said = time.monotonic()
                self.stderr.write(f"{done} of {total} events")

        return tell


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
