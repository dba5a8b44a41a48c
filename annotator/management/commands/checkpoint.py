"""manage.py checkpoint [--out FILE]: seal the log as it stands, and write a copy to be kept elsewhere."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.log.checkpoints import seal_all, write_copy


class Command(BaseCommand):
    help = (
        "Seal every chain of the log that has moved since the last time. A copy kept on another machine shows later "
        "whether history was rewritten or cut here: manage.py verify_log --checkpoint FILE."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", metavar="FILE", type=Path, help="write the copy here, readable by its owner only")

    def handle(self, *, out: Path | None, **options: Any) -> None:
        made = seal_all("by command")
        if made is None:
            raise CommandError("There is nothing to seal yet.")
        body = json.loads(made.body)
        self.stdout.write(f"Checkpoint {made.number}: {body['size']} heads sealed, root {body['root']}.")
        if out is not None:
            try:
                write_copy(made, out)
            except OSError as error:
                raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
            self.stdout.write(f"Its copy is in {out}. Keep it where nobody who can write here can write.")
