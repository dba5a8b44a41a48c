#!/usr/bin/env python
"""The one entry point: every task of the project is a command of this file."""

import os
import sys


def main() -> None:
    os.umask(0o077)  # the database and the keys are nobody else's to read
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
