"""Working off bulk actions: each ticket a transaction of its own, in which its row ends, too."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.preferences import preferences_of
from queues.access import rights_of
from tickets.actions.bulk import Change, change_ticket
from tickets.actions.link import link_tickets
from tickets.actions.merge import merge_tickets
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.changing.locking import savepoint_of_action
from tickets.changing.once import Done, one_of_bulk
from tickets.changing.written import Written
from tickets.errors import BadInput, NothingToChange, Refusal, TicketBusy, TicketMerged
from tickets.models import Bulk, BulkTicket, Ticket, TicketLink, Upload
from tickets.queries.others import ticket_named
from work.away import AWAY, put_back
from work.claim import fail, give_back, held, postpone
from work.drain import drain
from work.trace import traced

logger = logging.getLogger(__name__)

Kind = TicketLink.Kind

BATCH = 20
TRIES = 3
LEASE_MOST = timedelta(minutes=1)
"""Somebody looks at it: what a dead worker had in hand goes on soon."""
BUSY_DELAY = timedelta(seconds=1)


def work_off() -> int:
    """Do what is asked for, ticket by ticket; gives the number of rows taken up.

    A ticket that somebody is changing at this moment waits a little. What fails three times by an error of
    ours is kept as failed, and the admin can have it tried again.
    """
    return drain(BulkTicket, work=_work, batch=BATCH, lease=min(settings.CLAIM_LEASE, LEASE_MOST))


def _work(rows: Sequence[BulkTicket]) -> None:
    for row in rows:
        if row.attempts > TRIES:
            fail(row, error=row.last_error or "Its worker stopped three times.", now=timezone.now())
            continue
        with traced(row.trace):
            try:
                _work_one(row)
            except AWAY:
                put_back(BulkTicket, rows=rows)
                raise
            except Exception as error:  # noqa: BLE001  (recorded on its row; the others are safe)
                _put_aside(row, error)


@transaction.atomic
def _work_one(row: BulkTicket) -> None:
    """Nothing happens to a row whose lease is another's by now."""
    (mine,) = held(BulkTicket, rows=[row], now=timezone.now()) or (None,)
    if mine is None:
        return
    related = ("agent__preferences", "queue", "new_owner", "state")
    bulk = Bulk.objects.select_related(*related).get(pk=mine.bulk_id)
    actor = Actor.of(bulk.agent, rights_of(bulk.agent))
    into = _into(bulk, actor=actor)
    with override(preferences_of(bulk.agent).language):
        try:
            with savepoint_of_action():
                done = (
                    _join(mine, bulk=bulk, actor=actor, into=into)
                    if bulk.together
                    else _change(mine, bulk=bulk, actor=actor)
                )
        except TicketBusy:
            raise
        except Refusal as refusal:
            if isinstance(refusal, TicketMerged) and into != _into(bulk, actor=actor):
                raise TicketBusy from refusal  # the other one was merged at this moment: look again where to
            mine.state = BulkTicket.REFUSED
            mine.refusal = "" if isinstance(refusal, NothingToChange) else refusal.message
        else:
            mine.state, mine.event = BulkTicket.DONE, done.event
    mine.lease = mine.leased_until = None
    mine.save(update_fields=["state", "refusal", "event", "lease", "leased_until"])


def _into(bulk: Bulk, *, actor: Actor) -> Ticket | None:
    """What the tickets become together with, or what that was merged into; None if it may not be seen."""
    return ticket_named(bulk.into, rights=actor.agent_rights) if bulk.together else None


def _join(row: BulkTicket, *, bulk: Bulk, actor: Actor, into: Ticket | None) -> Done:
    """Merge the ticket with the other one, or link it; by what the agent may at this moment."""
    if into is None:
        raise BadInput("ticket", _("The other ticket is not there for you any more."))
    form = Form(
        submission=one_of_bulk(bulk.submission, ticket=row.seen),
        digest=bulk.form_digest,
        seen_event=row.seen_event,
        anyway=bulk.anyway,
    )
    ticket, now = row.seen, timezone.now()
    if bulk.together == Bulk.Together.MERGED:
        return merge_tickets(actor=actor, ticket=ticket, into=into, form=form, now=now)
    kind = Kind.PARENT if bulk.together == Bulk.Together.PARTS else Kind.NORMAL
    return link_tickets(
        actor=actor, source=into, target=ticket, kind=kind, form=form, asked_in=ticket, now=now
    )


def _change(row: BulkTicket, *, bulk: Bulk, actor: Actor) -> Done:
    """By what the agent may at this moment."""
    change = Change(
        queue=bulk.queue,
        new_owner=bulk.new_owner,
        priority=bulk.priority,
        state=bulk.state,
        pending_until=bulk.pending_until,
        lock=bulk.lock,
    )
    uploads = Upload.objects.select_related("draft__writer", "blob").filter(pk__in=bulk.uploads)
    note = Written(
        submission=one_of_bulk(bulk.submission, ticket=row.seen),
        draft=bulk.submission,
        digest=bulk.form_digest,
        seen_event=row.seen_event,
        subject=bulk.subject,
        html=bulk.html,
        is_visible=bulk.is_visible,
        time_units=bulk.time_units,
        uploads=tuple(uploads.order_by("pk")) if bulk.uploads else (),
    )
    return change_ticket(actor=actor, ticket=row.seen, change=change, note=note, now=timezone.now())


def _put_aside(row: BulkTicket, error: Exception) -> None:
    now = timezone.now()
    if isinstance(error, TicketBusy):
        postpone(BulkTicket, rows=[row], until=now + BUSY_DELAY)
        return
    logger.error("bulk action %s failed in ticket %s", row.bulk_id, row.ticket_id, exc_info=error)
    sentence = f"{type(error).__name__}: {error}".replace("\0", "")
    if row.attempts >= TRIES:
        fail(row, error=sentence, now=now)
    else:
        give_back(row, error=sentence, now=now)
