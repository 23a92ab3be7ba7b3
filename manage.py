#!/usr/bin/env python3
"""Django's command line for KVV."""

import os
import sys


def main() -> None:
    """Run one management command, with KVV's settings unless others are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvv.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
