"""`manage.py migrate`: Django's own, which first looks whether this database can be migrated at all."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from kvv.too_old import TOO_OLD, is_too_old


class Command(Migrate):
    """Where the database is of before today's first migrations it ends with 1 and one sentence.

    Django would speak of an inconsistent history, or make tables that are there already.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, or say why not."""
        if is_too_old(connections[options["database"]]):
            raise CommandError(TOO_OLD)
        super().handle(*args, **options)
