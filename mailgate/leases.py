"""The lease of a mailbox: 60 s, renewed, with a token, so that two fetchers never work on one mailbox.

Its length is a setting. It saves work; safety comes from the unique identities of what was fetched.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from mailgate.models import Mailbox


class LeaseLost(Exception):
    """Another fetcher has taken the mailbox over, because we were too slow."""


def lease_mailbox(mailbox_id: int) -> Mailbox | None:
    """The active mailbox, leased to the caller; None where another holds it or it is not to be fetched."""
    now, token = timezone.now(), uuid.uuid4()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    wanted = Mailbox.objects.filter(free, pk=mailbox_id, is_active=True)
    if not wanted.update(lease=token, leased_until=now + settings.MAILBOX_LEASE):
        return None
    return Mailbox.objects.select_related("queue").get(pk=mailbox_id)


def renew(mailbox: Mailbox, *, uid_validity: int, highest_uid: int) -> None:
    """Keep the lease for as long again and record how far we have come; raises `LeaseLost`."""
    _write(
        mailbox,
        leased_until=timezone.now() + settings.MAILBOX_LEASE,
        uid_validity=uid_validity,
        highest_uid=highest_uid,
    )


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
