"""`manage.py rotate_secrets`: every secret that the database keeps is sealed with the first key."""

import sys
from collections.abc import Mapping
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils import translation

from kvv.stored_secrets import StoredSecret, by_sealing, stored_secrets
from vault.keys import Sealing

ROUNDS_MOST: Final = 5
"""So often what changed while it was to be sealed is looked at again."""


class Command(BaseCommand):
    """Safe to be run twice, and beside everything else.

    Ends with 1 where a secret can't be read, or is not sealed with the first key after all.
    """

    help = "Seals all kept secrets with the first of KVV_SECRET_KEYS; the other keys may go then."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rewrite what is plain or sealed with another key, and name what can't be read."""
        with translation.override("en"):
            already = len(by_sealing(stored_secrets())[Sealing.FIRST])
            written = _rotate()
            self.stdout.write(f"{written} sealed anew, {already} were already.")
            secrets = by_sealing(stored_secrets())
            for secret in secrets[Sealing.UNREADABLE]:
                self.stderr.write(f"None of the keys in KVV_SECRET_KEYS fits: {secret.name}.")
            for secret in _due(secrets):
                self.stderr.write(f"Changed meanwhile, and needs its old key yet: {secret.name}.")
        if secrets[Sealing.UNREADABLE] or _due(secrets):
            sys.exit(1)


def _rotate() -> int:
    """Seal with the first key what is not, and what changed meanwhile again; gives how often one was."""
    written = 0
    for _round in range(ROUNDS_MOST):
        due = _due(by_sealing(stored_secrets()))
        if not due:
            break
        written += sum(secret.rotate() for secret in due)
    return written


def _due(secrets: Mapping[Sealing, list[StoredSecret]]) -> list[StoredSecret]:
    return [secret for how in (Sealing.PLAIN, Sealing.FORMER) for secret in secrets.get(how, ())]
