"""Telling agents by mail: the first few at once, what follows within ten minutes in one summary.

All that waits for one agent is decided in one transaction, by one worker at a time: the mails, and what
becomes of each row, are one commit. Killed anywhere, nothing of it happened, and the rows are taken up again
when their lease runs out.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.absence import away_until
from accounts.models import Agent
from notify.hours import tellable_from
from notify.letters import write_notification, write_summary
from notify.models import Notification, NotificationMail
from notify.reach import Reach
from notify.reasons import IN_WORKING_TIME, right_for
from notify.texts import Texts, kept_texts
from outbox.queueing import Outgoing, enqueue_many
from queues.access import rights_of
from queues.calendars import calendar_of
from tickets.reactions import BusyError
from work.away import AWAY, put_back
from work.claim import give_back, postpone
from work.drain import drain
from work.locks import Lock, try_lock
from work.trace import traced

logger = logging.getLogger(__name__)

BATCH = 50
AT_ONCE, WINDOW = 5, timedelta(minutes=10)
KEPT_FOR = timedelta(hours=6)
"""What was not sent by then is of no use any more."""
BUSY_DELAY = timedelta(seconds=1)


def send_waiting() -> int:
    """Tell what waits, until nothing is due or 20 s have passed; gives the number of rows taken up."""
    return drain(Notification, work=_work, batch=BATCH, lease=settings.CLAIM_LEASE)


def _work(rows: Sequence[Notification]) -> None:
    try:
        texts = kept_texts()
        for agent_id in sorted({row.agent_id for row in rows}):
            _try([row for row in rows if row.agent_id == agent_id], texts=texts)
    except AWAY:
        put_back(Notification, rows=rows)
        raise


def _try(rows: Sequence[Notification], *, texts: Texts) -> None:
    """These rows of one agent, and all else that waits for them."""
    now, agent_id = timezone.now(), rows[0].agent_id
    try:
        _tell(agent_id, has_waited=any(row.waits for row in rows), texts=texts, now=now)
    except BusyError:
        postpone(Notification, rows=rows, until=now + BUSY_DELAY)
    except AWAY:
        raise
    except Exception as error:
        logger.exception("agent %s could not be told what happened", agent_id)
        for row in rows:
            give_back(row, error=f"{type(error).__name__}: {error}", now=now)


@transaction.atomic
def _tell(agent_id: int, *, has_waited: bool, texts: Texts, now: datetime) -> None:
    """`has_waited`: what had to wait is due now, so that it is told in a summary with all that is new."""
    if not try_lock(Lock.MAIL_AGENT, agent_id):
        raise BusyError
    reach = Reach([agent_id], now=now)
    agent = reach.agents.get(agent_id)
    is_away = agent is not None and reach.is_away(agent)
    rows = _handed_back(_open_rows(agent_id, with_waiting=has_waited or is_away, now=now), now=now)
    tellable = _sorted_out(rows, agent=agent, now=now)
    if agent is None or not tellable:
        return
    if is_away:
        _hand_over(tellable, to=reach.to_tell(agent), now=now)
        return
    if has_waited and len(tellable) > 1:
        summary = write_summary(tellable, agent=agent, texts=texts, now=now)
        _mail([_Letter(summary, tellable)], agent=agent, now=now)
        return
    recent = _recent(agent, now=now)
    free = max(AT_ONCE - len(recent), 0)
    at_once, later = tellable[:free], tellable[free:]
    written = (_letter(row, agent=agent, texts=texts, now=now) for row in at_once)
    _mail([letter for letter in written if letter], agent=agent, now=now)
    _queue(later, until=min(recent, default=now) + WINDOW, waits=True)


@dataclass(frozen=True, slots=True)
class _Letter:
    """A mail, and what it tells."""

    mail: Outgoing
    rows: Sequence[Notification]


def _letter(row: Notification, *, agent: Agent, texts: Texts, now: datetime) -> _Letter | None:
    """The mail about one thing; None where it can't be written, which keeps no other mail from the agent."""
    try:
        with traced(row.trace):
            return _Letter(write_notification(row, agent=agent, texts=texts, now=now), [row])
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("agent %s can't be told of event %s", agent.pk, row.event_id)
        give_back(row, error=f"{type(error).__name__}: {error}", now=now)
        return None


def _open_rows(agent_id: int, *, with_waiting: bool, now: datetime) -> QuerySet[Notification]:
    """What is to be told by now, by anybody's claim: who has the agent's lock settles it."""
    rows = Notification.objects.filter(agent=agent_id, state__in=Notification.OPEN, created__lte=now)
    if not with_waiting:
        rows = rows.filter(waits=False)
    related = ("event__ticket__queue", "event__article", "event__agent", "instead_of__preferences")
    return (
        rows.select_related(*related)
        .defer("event__article__html", "event__article__text")  # of which few are quoted
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )


def _sorted_out(rows: Iterable[Notification], *, agent: Agent | None, now: datetime) -> list[Notification]:
    """What the agent may still know; the rest is settled, or waits until work begins.

    The right is asked again, for the queue that the ticket is in now.
    """
    rights = rights_of(agent) if agent is not None else None
    late, lost, tellable = [], [], []
    for row in rows:
        ticket = row.event.ticket
        if now - row.created > KEPT_FOR:
            late.append(row)
        elif rights is None or not rights.may(right_for(row.reason), ticket.queue_id):
            lost.append(row)
        elif row.reason not in IN_WORKING_TIME:
            tellable.append(row)
        elif not ticket.is_open:
            lost.append(row)
        elif (begins := tellable_from(calendar_of(ticket.queue), now=now)) > now:
            _queue([row], until=begins, created=begins, waits=False)
        else:
            tellable.append(row)
    _settle(late, state=Notification.LATE)
    _settle(lost, state=Notification.CANCELLED)
    return tellable


def _recent(agent: Agent, *, now: datetime) -> list[datetime]:
    """When the mails about one ticket each left that count for now."""
    mails = NotificationMail.objects.filter(agent=agent, at__gt=now - WINDOW, ticket__isnull=False)
    return list(mails.values_list("at", flat=True))


def _mail(letters: Sequence[_Letter], *, agent: Agent, now: datetime) -> None:
    queued = enqueue_many([letter.mail for letter in letters]) if letters else []
    mails = NotificationMail.objects.bulk_create(
        NotificationMail(
            agent=agent,
            address=agent.email,
            ticket=letter.rows[0].event.ticket if len(letter.rows) == 1 else None,
            outbound=outbound,
            at=now,
        )
        for letter, outbound in zip(letters, queued, strict=True)
    )
    for letter, mail in zip(letters, mails, strict=True):
        _settle(letter.rows, state=Notification.SENT, mail=mail)


def _settle(rows: Sequence[Notification], *, state: str, mail: NotificationMail | None = None) -> None:
    if rows:
        mine = Notification.objects.filter(pk__in=[row.pk for row in rows])
        mine.update(state=state, mail=mail, waits=False, lease=None, leased_until=None, last_error="")


def _hand_over(rows: Sequence[Notification], *, to: Agent | None, now: datetime) -> None:
    """What an agent was to be told who has gone away meanwhile becomes their stand-in's, by one step.

    Who stands in is asked for their own right when it is their turn. Nothing is told twice of an event.
    """
    mine = [row for row in rows if to and row.instead_of_id is None and row.event.agent_id != to.pk]
    told = _told(mine, to=[to.pk]) if to else set()
    handed = {row.pk: row for row in mine if to and (row.event_id, to.pk) not in told}
    _queue([*handed.values()], until=now, waits=False, agent=to, instead_of=F("agent"))
    _settle([row for row in rows if row.pk not in handed], state=Notification.CANCELLED)


def _handed_back(rows: Iterable[Notification], *, now: datetime) -> list[Notification]:
    """Gives all but what was meant for one who is not away any more: that becomes theirs again."""
    others: list[Notification] = []
    back: list[Notification] = []
    for row in rows:
        is_back = row.instead_of is not None and away_until(row.instead_of, now=now) is None
        (back if is_back else others).append(row)
    if back:
        told = _told(back, to=[row.instead_of_id for row in back])
        theirs = [row for row in back if (row.event_id, row.instead_of_id) not in told]
        _queue(theirs, until=now, waits=False, agent=F("instead_of"), instead_of=None)
        known = [row for row in back if (row.event_id, row.instead_of_id) in told]
        _settle(known, state=Notification.CANCELLED)
    return others


def _told(rows: Sequence[Notification], *, to: Collection[int | None]) -> set[tuple[int, int]]:
    """Who of these agents has a row of their own already for what; by the ids of event and agent."""
    theirs = Notification.objects.filter(agent__in=to, event__in=[row.event_id for row in rows])
    return set(theirs.values_list("event", "agent"))


def _queue(rows: Sequence[Notification], *, until: datetime, **changed: object) -> None:
    """Let them wait until then, with what is changed of them."""
    if rows:
        back = {"state": Notification.QUEUED, "not_before": until, "attempts": 0}
        mine = Notification.objects.filter(pk__in=[row.pk for row in rows])
        mine.update(lease=None, leased_until=None, **back, **changed)
