#!/usr/bin/env python3
"""Django's command line for KVV."""

import os
import sys
import traceback

# A mail server that hands a mail to `ingest` keeps it and tries again (sysexits.h).
TRY_LATER = 75


def main() -> None:
    """Run one management command, with KVV's settings unless others are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvv.settings")
    try:
        run()
    except Exception:
        if sys.argv[1:2] != ["ingest"]:
            raise
        traceback.print_exc()
        sys.exit(TRY_LATER)


def run() -> None:
    """Hand the command line to Django."""
    from django.core.management import execute_from_command_line

    from kvv.environment import one_sentence

    with one_sentence(exit_code=TRY_LATER):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
