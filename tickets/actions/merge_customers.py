"""Two customers who are one: tickets and addresses go to the one that stays."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Customer, CustomerAddress
from tickets.actor import Actor
from tickets.changing.changes import Changes, save_all
from tickets.changing.events import NewEvent, record_all
from tickets.changing.locking import atomic_action, lock_tickets, refused_when_busy
from tickets.errors import BadInput, NotAllowed, TicketBusy
from tickets.kinds import EventKind
from tickets.models import Ticket
from tickets.queries.customer_keys import sees_all

TICKETS_MOST = 5_000
"""Of who goes: all of it is one transaction."""


@atomic_action
def merge_customers(*, actor: Actor, gone: Customer, kept: Customer, now: datetime) -> None:
    """Give all that is one customer's to the other; the first one is no more. For administrators.

    Each ticket tells of it. Raises `NotAllowed`, `BadInput` for a customer with too much, or the same one
    twice, and `TicketBusy` where a ticket is held, or was made meanwhile.
    """
    if not sees_all(actor):
        raise NotAllowed
    if gone.pk == kept.pk:
        raise BadInput("customer", _("Choose another customer than this one."))
    tickets = _locked(gone=gone, kept=kept)
    all_changes = [Changes(ticket, actor=actor, now=now) for ticket in tickets]
    for changes in all_changes:
        changes.customer(kept)
    save_all(all_changes)
    told = EventKind.CUSTOMER_CHANGED
    events = [NewEvent(ticket=changes.ticket, kind=told, changes=changes.sides) for changes in all_changes]
    record_all(events, actor=actor, now=now)
    CustomerAddress.objects.filter(customer=gone).update(customer=kept)
    said = dict(Customer.objects.filter(pk__in=(gone.pk, kept.pk)).values_list("pk", "comment"))
    comment = "\n".join(filter(None, (said[kept.pk], said[gone.pk])))
    Customer.objects.filter(pk=kept.pk).update(comment=comment)
    gone.delete()


def _locked(*, gone: Customer, kept: Customer) -> list[Ticket]:
    """The tickets of who goes, and then both customers: nobody makes another ticket of theirs meanwhile."""
    theirs = Ticket.objects.filter(customer=gone).order_by("pk")
    ids = list(theirs.values_list("pk", flat=True)[: TICKETS_MOST + 1])
    if len(ids) > TICKETS_MOST:
        sentence = _("This customer has more than %(n)s tickets. Merge the other one into it instead.")
        raise BadInput("customer", sentence % {"n": TICKETS_MOST})
    tickets = lock_tickets(*ids)
    both = Customer.objects.filter(pk__in=(gone.pk, kept.pk)).order_by("pk")
    with refused_when_busy():
        locked = list(both.select_for_update(no_key=True, of=("self",)))
    if len(locked) != 2 or list(theirs.values_list("pk", flat=True)) != ids:
        raise TicketBusy
    return tickets
