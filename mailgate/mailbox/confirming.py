"""Confirming a mailbox: nothing is fetched from a new one until a person has said what of it is wanted.

What is there at that moment is old: it becomes tickets without anybody getting a reaction, if it is wanted.
"""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailgate.mailbox.connect import open_folder
from mailgate.mailbox.folder import MailboxError
from mailgate.models import Mailbox, WasThere

MAKES_IT_ANOTHER = frozenset({"protocol", "host", "username", "folder"})


class Take(models.TextChoices):
    """What of the old is wanted."""

    NONE = "none", gettext_lazy("none of them: only what arrives from now on")
    DAYS = "days", gettext_lazy("those of the last days")
    ALL = "all", gettext_lazy("all of them")


def ask_first(mailbox: Mailbox) -> None:
    """Fetch nothing until `begin`. Whoever is fetching now loses the lease; nothing known so far counts."""
    mailbox.is_confirmed = False
    mailbox.generation += 1
    mailbox.lease = mailbox.leased_until = mailbox.uid_validity = mailbox.begin_validity = None
    mailbox.begin_at = mailbox.take_from = mailbox.failing_since = None
    mailbox.highest_uid = mailbox.begin_uid = mailbox.settled_count = 0
    mailbox.last_error = mailbox.settled_digest = ""


def count_messages(mailbox: Mailbox) -> int:
    """How many messages are there now, asked from the server; raises `MailboxError`."""
    with open_folder(mailbox, just_look=True) as folder:
        return folder.count()


def begin(mailbox: Mailbox, *, take: str, days: int, now: datetime) -> None:
    """Note what is there now as old, and let fetching begin; `days` counts with `Take.DAYS`.

    Raises `MailboxError`, also where the server can't tell old from new.
    """
    with open_folder(mailbox, just_look=True) as folder:
        boundary = folder.boundary()
    if not boundary.is_exact and take != Take.ALL:
        sentence = _("%(host)s gives its messages no names of their own, so that only all can be taken.")
        raise MailboxError(sentence % {"host": mailbox.host})
    since = {Take.NONE.value: now, Take.DAYS.value: now - timedelta(days=days)}.get(take)
    with transaction.atomic():
        waiting = Mailbox.objects.filter(pk=mailbox.pk, is_confirmed=False, generation=mailbox.generation)
        if not waiting.update(
            is_confirmed=True, begin_at=now, take_from=since, next_poll=timezone.now(), **boundary.values
        ):
            return  # somebody else was first
        WasThere.objects.filter(mailbox=mailbox).delete()
        WasThere.objects.bulk_create(
            [
                WasThere(mailbox=mailbox, identity=identity, is_passed=take == Take.NONE)
                for identity in boundary.identities
            ],
            batch_size=1000,
        )
