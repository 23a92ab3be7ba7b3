"""Waiting until nothing is left to do, after the last kill."""

import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.db.models import F
from django.utils import timezone

from mailgate.models import InboundMessage, Mailbox
from notify.models import Notification, NotificationMail
from notify.send import WINDOW
from outbox.models import OutboundMessage
from search.models import UnreadFiles
from tests.dovecot import Dovecot
from tickets.models import BulkTicket, EventTask
from work.rows import WorkRow

DEADLINE_SECONDS = 300
HURRY_SECONDS = 3.0
UNDER_WAY = (WorkRow.QUEUED, WorkRow.CLAIMED, OutboundMessage.SENDING)


def wait_until_quiet(*, busy: Callable[[], None], dovecot: Dovecot | None, mails: int) -> str:
    """'' once all is done, else what still waits after five minutes.

    What was put off for minutes or hours is put off no longer: the waiting itself needs no proof.
    """
    end, hurried, left = time.monotonic() + DEADLINE_SECONDS, 0.0, "nobody looked"
    has_taken = False
    while time.monotonic() < end:
        busy()
        try:
            close_old_connections()
            if not has_taken:
                _take_from_the_dead()
                has_taken = True
            if time.monotonic() - hurried > HURRY_SECONDS:
                hurried = time.monotonic()
                _hurry()
            left = _left(dovecot, mails=mails)
        except (DatabaseError, InterfaceError, OSError) as error:
            left = str(error).strip()
        if not left:
            return ""
        time.sleep(0.2)
    return left


def let_summaries_leave() -> None:
    """As if ten minutes had passed for who was told of something."""
    now = timezone.now()
    NotificationMail.objects.filter(at__gt=now - WINDOW).update(at=F("at") - WINDOW)
    Notification.objects.filter(state=WorkRow.QUEUED, waits=True, not_before__gt=now).update(not_before=now)


def _hurry() -> None:
    now = timezone.now()
    let_summaries_leave()
    for model in (InboundMessage, OutboundMessage, BulkTicket, EventTask, Notification, UnreadFiles):
        late = {f"{model.BACK_OFF}__gt": now}
        model.objects.filter(state=WorkRow.QUEUED, **late).update(**{model.BACK_OFF: now})
    Mailbox.objects.filter(next_poll__gt=now).update(next_poll=now)


def _take_from_the_dead() -> None:
    """As if the ten minutes had passed that who reads ten files has for it: they may have been killed."""
    UnreadFiles.objects.filter(state=WorkRow.CLAIMED).update(leased_until=timezone.now())


def _left(dovecot: Dovecot | None, *, mails: int) -> str:
    incoming = InboundMessage.objects.filter(state__in=UNDER_WAY).count()
    outgoing = OutboundMessage.objects.filter(state__in=UNDER_WAY).count()
    together = BulkTicket.objects.filter(state__in=UNDER_WAY).count()
    reactions = EventTask.objects.filter(state__in=UNDER_WAY).count()
    reading = UnreadFiles.objects.filter(state__in=UNDER_WAY).count()
    telling = Notification.objects.filter(state__in=UNDER_WAY).count()
    missing = mails - InboundMessage.objects.values("message_id").distinct().count()
    unread = 0
    if dovecot is not None:
        unread = sum(1 for _mail in (dovecot.folder / "mail" / "demo" / "new").glob("*"))
    left = {
        "incoming": incoming,
        "outgoing": outgoing,
        "of bulk actions": together,
        "events to react to": reactions,
        "to be told": telling,
        "files to be read": reading,
        "not fetched": missing,
        "in the mailbox": unread,
    }
    return ", ".join(f"{figure} {name}" for name, figure in left.items() if figure)
