"""A bulk action from the first tick to its end: tickets are chosen, it is asked for, a week later forgotten.

What is done in between, `bulk_work.py` does.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tickets.actions.bulk import Change, check_change
from tickets.actions.merge import has_another_customer, key_of_customers
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.changing.written import Written
from tickets.errors import Ask, BadInput
from tickets.kinds import EventKind
from tickets.models import Bulk, BulkTicket, Event, Ticket
from work.ring import ring
from work.trace import current_trace

TICKETS_MOST = 1000
NAMED_MOST = 10
"""So many customers are named, of tickets that are to be one."""
KEEP = timedelta(days=7)
BATCH = 50
TASK = "tickets.bulk"
LOOKED_AT = frozenset({"queue", "owner", "priority"})
"""Of what is changed only where it is still what one saw."""


@transaction.atomic
def choose(*, actor: Actor, chosen: Mapping[str, int], bulk: Bulk | None, leads_to: str) -> Bulk:
    """Note down which tickets an agent chose: number → the newest event that their list had shown of it.

    What they can't see is passed over. With a `bulk` that was not asked for yet, its tickets stay, too.
    Raises `BadInput` for no ticket, and for more than 1,000.
    """
    numbers = list(chosen)[: TICKETS_MOST + 1]
    if bulk is not None:
        bulk = _locked(bulk.submission, actor=actor)
    if bulk is None or bulk.asked is not None:
        bulk = Bulk(submission=uuid4(), agent=actor.agent, leads_to=leads_to)
    known = set(bulk.rows.values_list("ticket_id", flat=True)) if bulk.pk else set()
    visible = Ticket.objects.visible_to(actor.agent_rights)
    tickets = [ticket for ticket in visible.filter(number__in=numbers) if ticket.pk not in known]
    if not tickets and not known:
        raise BadInput("t", _("Choose tickets first."))
    if len(numbers) > TICKETS_MOST or len(tickets) + len(known) > TICKETS_MOST:
        raise BadInput("t", _("At most %(n)s tickets can be changed at once.") % {"n": TICKETS_MOST})
    bulk.save()
    rows = [_row(bulk, ticket, seen_event=chosen[ticket.number]) for ticket in tickets]
    _look_back(rows, actor=actor)
    BulkTicket.objects.bulk_create(rows)
    return bulk


def _row(bulk: Bulk, ticket: Ticket, *, seen_event: int) -> BulkTicket:
    return BulkTicket(
        bulk=bulk,
        ticket=ticket,
        state=BulkTicket.CHOSEN,
        seen_event=seen_event,
        seen_queue=ticket.queue_id,
        seen_owner=ticket.owner_id,
        seen_priority=ticket.priority,
    )


def _look_back(rows: Sequence[BulkTicket], *, actor: Actor) -> None:
    """What colleagues changed after the list was shown was still another when it was ticked."""
    seen = {row.ticket_id: row for row in rows}
    later = Event.objects.filter(ticket__in=seen, pk__gt=min((row.seen_event for row in rows), default=0))
    told = later.filter(changes__has_any_keys=list(LOOKED_AT)).exclude(kind=EventKind.CREATED)
    theirs = told.exclude(agent=actor.agent)
    for event in theirs.order_by("-pk"):  # so that the first of them has the last word
        row = seen[event.ticket_id]
        if event.pk > row.seen_event:
            for field in LOOKED_AT & event.changes.keys():
                setattr(row, f"seen_{field}", event.changes[field][0]["id"])


def find_bulk(submission: UUID, *, actor: Actor) -> Bulk:
    """The agent's own; raises `Bulk.DoesNotExist` for all others."""
    return Bulk.objects.get(submission=submission, agent=actor.agent)


def tickets_of(bulk: Bulk, *, actor: Actor) -> list[Ticket]:
    """Its tickets that the agent may see, in the order in which they were made."""
    visible = Ticket.objects.visible_to(actor.agent_rights).filter(pk__in=bulk.rows.values("ticket"))
    return list(visible.select_related("owner", "state", "customer").order_by("pk"))


def rows_of(bulk: Bulk) -> list[BulkTicket]:
    """What came of each of its tickets that work was asked for in, in the same order.

    The agent may not see all of them any more.
    """
    asked = bulk.rows.exclude(state=BulkTicket.CHOSEN)
    return list(asked.select_related("ticket", "event").order_by("ticket"))


@transaction.atomic
def ask(*, actor: Actor, bulk: Bulk, change: Change, note: Written, now: datetime) -> Bulk:
    """Have it done to each of its tickets, once: what was asked for already, is.

    Raises `BadInput` for what can't be done, and where its form has said something else before.
    """
    check_change(change, note=note, now=now)
    locked = _locked(bulk.submission, actor=actor)
    if _was_asked(locked, form=note):
        return locked
    locked.queue, locked.new_owner, locked.priority = change.queue, change.new_owner, change.priority
    locked.state, locked.pending_until, locked.lock = change.state, change.pending_until, change.lock
    locked.subject, locked.html = note.subject, note.html
    locked.is_visible, locked.time_units = note.is_visible, note.time_units
    locked.uploads = [upload.pk for upload in note.uploads]
    return _begin(locked, form=note, now=now)


@transaction.atomic
def ask_together(*, actor: Actor, bulk: Bulk, kind: str, into: Ticket, form: Form, now: datetime) -> Bulk:
    """Have each of its tickets merged with another one, or linked to it (`kind`, of `Bulk.Together`), once.

    `into`, which the actor may see, is passed over where it was chosen, too. Raises `BadInput` where nothing
    is left then, or its form has said something else before, and `Ask`, once about all of them, where tickets
    of several customers would be one.
    """
    locked = _locked(bulk.submission, actor=actor)
    if _was_asked(locked, form=form):
        return locked
    others = [ticket for ticket in tickets_of(locked, actor=actor) if ticket != into]
    if not others:
        raise BadInput("ticket", _("Choose another ticket: only this one is among the chosen."))
    locked.together, locked.into = kind, into.number
    if kind == Bulk.Together.MERGED:
        locked.anyway = _agreed(others, into=into, form=form)
    return _begin(locked, form=form, now=now, but=into)


def _agreed(tickets: Sequence[Ticket], *, into: Ticket, form: Form) -> list[str]:
    """The keys of what each merge would ask about its customers; raises `Ask` unless all of it was asked."""
    strangers = [ticket for ticket in tickets if has_another_customer(ticket, into)]
    keys = sorted({key_of_customers(ticket, into) for ticket in strangers})
    asked = f"customers:{blake2b(','.join(keys).encode(), digest_size=8).hexdigest()}"
    if keys and asked not in form.anyway:
        names = list(dict.fromkeys(str(ticket.customer) for ticket in [into, *strangers]))
        shown = ", ".join(names[:NAMED_MOST]) + (" …" if len(names) > NAMED_MOST else "")
        sentence = _(
            "These are tickets of several customers: %(customers)s. "
            "Merge them only if all of them may know of each other's questions."
        )
        raise Ask(asked, sentence % {"customers": shown})
    return keys


def _was_asked(bulk: Bulk, *, form: Form) -> bool:
    """Whether this form has come before; raises `BadInput` where it said something else then."""
    if bulk.asked is not None and bulk.form_digest != form.digest:
        raise BadInput(
            "submission",
            _("This form was sent already, and something else stood in it. Choose the tickets again."),
        )
    return bulk.asked is not None


def _begin(bulk: Bulk, *, form: Form, now: datetime, but: Ticket | None = None) -> Bulk:
    """Let work begin in each ticket but this one, whose row stays what was chosen."""
    bulk.asked, bulk.form_digest = now, form.digest
    bulk.save()
    bulk.rows.exclude(ticket=but).update(state=BulkTicket.QUEUED, not_before=now, trace=current_trace())
    ring(TASK)
    return bulk


def forget_old(*, now: datetime) -> int:
    """Drop those that are a week old, but for what is still to be done; gives how many."""
    dropped = 0
    while some := _forget_some(now=now):
        dropped += some
    return dropped


@transaction.atomic
def _forget_some(*, now: datetime) -> int:
    unfinished = BulkTicket.objects.filter(state__in=BulkTicket.UNFINISHED).values("bulk")
    old = Bulk.objects.filter(~Q(pk__in=unfinished), created__lt=now - KEEP).order_by("created")
    locked = old.select_for_update(no_key=True, skip_locked=True, of=("self",))
    ids = list(locked.values_list("pk", flat=True)[:BATCH])
    Bulk.objects.filter(pk__in=ids).delete()
    return len(ids)


def _locked(submission: UUID, *, actor: Actor) -> Bulk:
    mine = Bulk.objects.filter(agent=actor.agent)
    return mine.select_for_update(no_key=True, of=("self",)).get(submission=submission)
