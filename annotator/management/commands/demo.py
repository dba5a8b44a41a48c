"""The first run: `manage.py demo [--serve]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from annotator import demo


class Command(BaseCommand):
    help = "Set up the demo project with its texts, people and readings. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new-passwords", action="store_true", help="give the demo's people new passwords")
        parser.add_argument("--serve", action="store_true", help="then serve, as manage.py serve does")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_passwords"]:
            demo.renew_passwords(self.stdout.write)
        else:
            demo.set_up(self.stdout.write)
        if options["serve"]:
            call_command("serve", port=options["port"])
