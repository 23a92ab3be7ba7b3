"""What becomes of mails to agents once they are queued: late, of no concern any more, or come back."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.models import Agent
from accounts.preferences import preferences_of, stop_mail
from notify.models import Notification, NotificationMail
from notify.reach import Reach
from notify.reasons import right_for
from notify.send import KEPT_FOR
from outbox.bounced import mark_bounced
from outbox.message_ids import is_ours
from outbox.models import OutboundMessage
from outbox.queueing import cancel
from queues.access import rights_of_all

logger = logging.getLogger(__name__)

IN_A_ROW = 3
LOOKED_BACK = timedelta(days=1)
ROWS_KEPT_FOR, MAILS_KEPT_FOR = timedelta(days=2), timedelta(days=90)
"""Rows tell what was told today; mails tell what comes back, and to what an agent answers."""


def look_after(*, now: datetime) -> None:
    """Take back what should not leave any more, and stop mailing where nothing arrives; every minute.

    Three statements where nothing is to be done. Safe to run twice, and on several hosts at once.
    """
    _take_back(now=now)
    refused = NotificationMail.objects.filter(
        returned_at=None,
        outbound__state=OutboundMessage.REFUSED,
        outbound__created__gt=now - LOOKED_BACK,
    )
    refused.update(returned_at=now)
    _stop(now=now)


def note_returned(mail: NotificationMail, *, failures: Mapping[str, str], now: datetime) -> None:
    """A mail to an agent came back; `failures`: address → why."""
    mark_bounced(mail.outbound, failures=failures)
    NotificationMail.objects.filter(pk=mail.pk, returned_at=None).update(returned_at=now)


def mails_by_ids(message_ids: Collection[str]) -> dict[str, NotificationMail]:
    """Those of these Message-IDs that are mails to agents; one statement, none where none of them is ours."""
    ours = [name for name in message_ids if is_ours(name)]
    if not ours:
        return {}
    mails = NotificationMail.objects.filter(outbound__message_id__in=ours)
    return {mail.outbound.message_id: mail for mail in mails.select_related("outbound", "ticket")}


def forget(*, now: datetime) -> None:
    """Drop what nothing is asked of any more; every hour."""
    settled = Notification.objects.exclude(state__in=Notification.OPEN)
    settled.filter(created__lt=now - ROWS_KEPT_FOR).delete()
    NotificationMail.objects.filter(at__lt=now - MAILS_KEPT_FOR).delete()


def dropped_lately(agent: Agent, *, now: datetime) -> int:
    """Of how many things the agent was not told in the last day, as their mails could not leave in time."""
    mine = Notification.objects.filter(agent=agent, state=Notification.LATE, created__gt=now - LOOKED_BACK)
    return mine.count()


def drop_waiting() -> None:
    """Let nothing that waits ever leave: where the database was before, it may have been told since."""
    Notification.objects.filter(state__in=Notification.OPEN).update(
        state=Notification.LATE, lease=None, leased_until=None
    )
    held = OutboundMessage.objects.filter(state=OutboundMessage.HELD)
    held.filter(pk__in=NotificationMail.objects.values("outbound")).update(
        state=OutboundMessage.CANCELLED, last_error=OutboundMessage.DROPPED
    )


def _take_back(*, now: datetime) -> None:
    """Of the mails that still wait for a mail server: what is late, and what its agent may not know now.

    Nor is who has gone away meanwhile. What else stood in such a mail is told by another one.
    """
    waiting = NotificationMail.objects.filter(outbound__state=OutboundMessage.QUEUED)
    mails = list(
        waiting.select_related("outbound").prefetch_related("notifications__event__ticket").order_by("pk")
    )
    if not mails:
        return
    reach = Reach((mail.agent_id for mail in mails), now=now)
    rights = rights_of_all(reach.agents.values())
    for mail in mails:
        agent = reach.there(mail.agent_id)
        is_late = now - mail.at > KEPT_FOR
        may_leave = agent is not None and agent.email == mail.address
        if may_leave and not is_late:
            may_leave = all(
                rights[mail.agent_id].may(right_for(row.reason), row.event.ticket.queue_id)
                for row in mail.notifications.all()
            )
        if is_late or not may_leave:
            _cancel(mail, state=Notification.LATE if is_late else Notification.QUEUED)


@transaction.atomic
def _cancel(mail: NotificationMail, *, state: str) -> None:
    """Unless it is leaving at this moment; its rows come to this state."""
    if cancel(mail.outbound):
        mail.notifications.update(state=state, mail=None)
        mail.delete()


def _stop(*, now: datetime) -> None:
    """Where the last three to an address came back, or were refused, no more are sent."""
    returned = NotificationMail.objects.filter(
        returned_at__gt=now - LOOKED_BACK, address=F("agent__email")
    ).values("agent")
    for agent in Agent.objects.filter(pk__in=returned).select_related("preferences"):
        preferences = preferences_of(agent)
        if preferences.mail_stopped_for == agent.email:
            continue
        mails = NotificationMail.objects.filter(agent=agent, address=agent.email)
        if preferences.mail_stopped_at is not None:
            mails = mails.filter(at__gt=preferences.mail_stopped_at)
        last = list(mails.order_by("-pk").values_list("returned_at", flat=True)[:IN_A_ROW])
        if len(last) == IN_A_ROW and all(last):
            stop_mail(agent=agent, now=now)
            logger.error("mails to agent %s come back: no more are sent to %s", agent.pk, agent.email)
