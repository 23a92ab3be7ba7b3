"""How an action begins and ends: the ticket locked, read again and checked; and all of it written down."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import Agent
from outbox.models import OutboundMessage
from queues.models import QueuePermission
from tickets.actor import FOLLOW_UP, Actor
from tickets.changing.article_rows import insert_article, note_in_overview
from tickets.changing.articles import NewArticle
from tickets.changing.asking import ask, end_asking, tell_asked
from tickets.changing.changes import Changes
from tickets.changing.events import record
from tickets.changing.forms import Form, claim_draft
from tickets.changing.locking import lock_tickets
from tickets.changing.once import Done
from tickets.changing.written import Written, note_of
from tickets.errors import LockedByOther, TicketClosed, TicketMerged
from tickets.kinds import EventKind
from tickets.models import Ticket

STILL_POSSIBLE = (QueuePermission.Right.READ, FOLLOW_UP)
"""What may be done to a ticket that was merged: a lock is given back, and who brings mail looks further."""


def begin(
    ticket: Ticket,
    *,
    actor: Actor,
    right: str,
    now: datetime,
    form: Form | None = None,
    needs_lock: bool = True,
    beside: Sequence[int] = (),
) -> Changes:
    """The ticket locked, read again and checked, and the form's draft claimed: how every action begins.

    `needs_lock`: nobody else may hold the ticket's lock (OTRS 3.4); `beside`: ids of tickets that are only
    locked together with it. Raises `TicketBusy`, `NotAllowed`, `LockedByOther`, `TicketMerged`,
    `Ticket.DoesNotExist`, and `BadInput` where the form's draft is not the actor's any more.
    """
    locked = {row.pk: row for row in lock_tickets(ticket.pk, *beside)}
    _check(locked[ticket.pk], actor=actor, right=right, needs_lock=needs_lock)
    draft = claim_draft(form, actor=actor) if form else None
    return Changes(locked[ticket.pk], actor=actor, now=now, form=form, draft=draft)


def begin_all(
    tickets: Sequence[Ticket],
    *,
    actor: Actor,
    right: str,
    now: datetime,
    needs_lock: bool = True,
    whole: bool = True,
) -> list[Changes]:
    """As many tickets, in their order, each locked, read again and checked; the form is for the action.

    Without `whole` they may have been merged into another one.
    """
    locked = {row.pk: row for row in lock_tickets(*(ticket.pk for ticket in tickets))}
    for row in locked.values():
        _check(row, actor=actor, right=right, needs_lock=needs_lock, whole=whole)
    return [Changes(locked[ticket.pk], actor=actor, now=now) for ticket in tickets]


def require_free(actor: Actor, ticket: Ticket) -> None:
    """Raise `LockedByOther` if a colleague holds the lock; having every right does not help (OTRS 3.8)."""
    if ticket.owner is not None and ticket.is_held_by_another(actor.agent):
        raise LockedByOther(ticket.owner)


def require_open(ticket: Ticket) -> None:
    """Raise `TicketClosed`, which names who was first, if the ticket is closed by now."""
    if not ticket.is_open:
        raise TicketClosed(by=last_agent(ticket))


def write_down(
    changes: Changes,
    *,
    kind: EventKind,
    article: NewArticle | None = None,
    outbound: OutboundMessage | None = None,
    waits: bool = True,
    quiet: bool = False,
) -> Done:
    """The end of an action: article, overview columns, one UPDATE and one event; the form's draft is gone.

    Who writes an article has done what they were asked about the ticket.

    `waits`: whether who wrote a customer's article waits for us now; `quiet`: nobody is to react to it.
    """
    ticket, actor, now = changes.ticket, changes.actor, changes.now
    made = None
    if article is not None:
        made = insert_article(ticket=ticket, new=article, now=now, outbound=outbound)
        note_in_overview(changes, new=article, article=made, waits=waits)
        if actor.agent is not None:
            end_asking(ticket, actor.agent, now=now)
    changes.save()
    if changes.draft is not None:
        changes.draft.delete()
    event = record(
        ticket=ticket,
        kind=kind,
        actor=actor,
        now=now,
        article=made,
        changes=changes.sides,
        form=changes.form,
        quiet=quiet,
    )
    return Done(ticket=ticket, event=event, article=made)


def write_note(changes: Changes, *, kind: EventKind, note: Written) -> Done:
    """The end of a deed that an agent may give a note to, and by which they ask colleagues.

    Raises `BadInput` for what can't be used of it.
    """
    article = None if note.is_empty else note_of(note, ticket=changes.ticket, agent=changes.actor.agent)
    tell_asked(changes, note.asked)
    done = write_down(changes, kind=kind, article=article)
    ask(note.asked, done=done)
    return done


def _check(ticket: Ticket, *, actor: Actor, right: str, needs_lock: bool, whole: bool = True) -> None:
    actor.require(right, ticket.queue_id)
    if whole and right not in STILL_POSSIBLE:
        require_whole(ticket)
    if needs_lock:
        require_free(actor, ticket)


def require_whole(ticket: Ticket) -> None:
    """Raise `TicketMerged` for a ticket that was merged into another: nothing is said or done in it."""
    if ticket.merged_into_id is not None:
        raise TicketMerged


def last_agent(ticket: Ticket) -> Agent | None:
    """The agent who did the last thing that an agent did here, to be named to one who came second."""
    last = ticket.events.filter(agent__isnull=False).select_related("agent").order_by("-pk").first()
    return last.agent if last else None
