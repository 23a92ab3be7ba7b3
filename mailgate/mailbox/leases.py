"""The lease of a mailbox: 60 s, renewed, with a token, so that two fetchers never work on one mailbox.

Its length is a setting. It saves work; safety comes from the unique identities of what was fetched.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from mailgate.models import Mailbox

WISHES = (
    "protocol",
    "host",
    "port",
    "security",
    "check_certificate",
    "username",
    "password",
    "folder",
    "interval_seconds",
    "after",
    "move_to",
    "queue_id",
    "is_active",
    "is_confirmed",
    "generation",
)


class LeaseLost(Exception):
    """Another fetcher has taken the mailbox over, because we were too slow."""


def due_mailboxes(*, now: datetime) -> QuerySet[Mailbox]:
    """Those whose time has come and that nobody holds."""
    return free_mailboxes(now=now).filter(next_poll__lte=now)


def free_mailboxes(*, now: datetime) -> QuerySet[Mailbox]:
    """Those that are to be fetched and that nobody holds."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return Mailbox.objects.filter(free, is_active=True, is_confirmed=True)


def lease_mailbox(mailbox_id: int) -> Mailbox | None:
    """The active mailbox, leased to the caller; None where another holds it or it is not to be fetched."""
    now, token = timezone.now(), uuid.uuid4()
    if (
        not free_mailboxes(now=now)
        .filter(pk=mailbox_id)
        .update(lease=token, leased_until=now + settings.MAILBOX_LEASE)
    ):
        return None
    return Mailbox.objects.select_related("queue").get(pk=mailbox_id)


def renew(mailbox: Mailbox, **mark: object) -> None:
    """Keep the lease for as long again and record how far we have come; raises `LeaseLost`."""
    _write(mailbox, leased_until=timezone.now() + settings.MAILBOX_LEASE, **mark)


def worked(mailbox: Mailbox) -> None:
    """Keep the lease after a fetch that worked: the server will tell when there is more."""
    now = timezone.now()
    _write(
        mailbox,
        leased_until=now + settings.MAILBOX_LEASE,
        last_success=now,
        last_error="",
        failing_since=None,
    )


def is_unchanged(mailbox: Mailbox) -> bool:
    """Whether an administrator has left all as it was when the mailbox was leased."""
    now = Mailbox.objects.filter(pk=mailbox.pk).first()
    return now is not None and all(getattr(now, name) == getattr(mailbox, name) for name in WISHES)


def finish(mailbox: Mailbox, *, next_poll: datetime) -> None:
    """Give the lease back after a poll that worked."""
    _write(
        mailbox,
        lease=None,
        leased_until=None,
        next_poll=next_poll,
        last_success=timezone.now(),
        last_error="",
        failing_since=None,
    )


def finish_failed(mailbox: Mailbox, *, error: str, next_poll: datetime, failing_since: datetime) -> None:
    """Give the lease back after a poll that did not work, with the sentence that says why."""
    _write(
        mailbox,
        lease=None,
        leased_until=None,
        next_poll=next_poll,
        last_error=error,
        failing_since=failing_since,
    )


def _write(mailbox: Mailbox, **values: object) -> None:
    if not Mailbox.objects.filter(pk=mailbox.pk, lease=mailbox.lease).update(**values):
        raise LeaseLost
    for name, value in values.items():
        if name != "lease":
            setattr(mailbox, name, value)
