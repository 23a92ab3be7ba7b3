"""Which Chromium the tests drive."""

import shutil

PROGRAMS = ("chromium-headless-shell", "chromium")
"""By preference: the first is the same browser without the windows, menus and sync that nobody looks at, and
takes a third less of the processor's time."""


def find() -> str | None:
    """Where it is on this machine, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
