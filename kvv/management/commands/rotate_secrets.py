"""`manage.py rotate_secrets`: every secret that the database keeps is sealed with the first key."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from kvv.stored_secrets import by_sealing, stored_secrets
from vault.keys import Sealing


class Command(BaseCommand):
    """Safe to be run twice, and beside everything else; ends with 1 where a secret can't be read."""

    help = "Seals all kept secrets with the first of KVV_SECRET_KEYS; the other keys may go then."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rewrite what is plain or sealed with another key, and name what can't be read."""
        with translation.override("en"):
            secrets = by_sealing(stored_secrets())
            written = sum(
                secret.rotate() for how in (Sealing.PLAIN, Sealing.FORMER) for secret in secrets[how]
            )
            self.stdout.write(f"{written} sealed anew, {len(secrets[Sealing.FIRST])} were already.")
            for secret in secrets[Sealing.UNREADABLE]:
                self.stderr.write(f"None of the keys in KVV_SECRET_KEYS fits: {secret.name}.")
        if secrets[Sealing.UNREADABLE]:
            sys.exit(1)
