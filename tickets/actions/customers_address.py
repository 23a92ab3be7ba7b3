"""'This address belongs to this customer, too': who wrote was known only under another address."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max, Min, Q

from accounts.models import CustomerAddress
from outbox.addresses import compared
from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.changes import NOTHING, Changes, Side
from tickets.changing.frame import begin, write_down
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done
from tickets.errors import AddressTaken, NothingToAdd
from tickets.facts import Wrote
from tickets.kinds import EventKind
from tickets.models import Article, Ticket
from tickets.models.article import UNKNOWN_SENDER


@atomic_action
def add_customers_address(*, actor: Actor, ticket: Ticket, article: Article, now: datetime) -> Done:
    """Let the address that this article came from count as one of the customer's, here and everywhere.

    What came from it into this ticket is the customer's own by that: they see it, and it can be answered;
    but for what a machine wrote. Raises `NotAllowed`, `TicketBusy`, `AddressTaken` where it is another
    customer's, and `NothingToAdd` where the ticket has no customer, or the article came from an address that
    it knew.
    """
    changes = begin(ticket, actor=actor, right=QueuePermission.Right.ALL, now=now, needs_lock=False)
    customer, address = changes.ticket.customer, compared(article.from_address)
    if customer is None or not address or article.warning != UNKNOWN_SENDER:
        raise NothingToAdd
    row, is_new = CustomerAddress.objects.get_or_create(address=address, defaults={"customer": customer})
    if row.customer_id != customer.pk:
        raise AddressTaken(address)
    shown = show_what_came_from([address], changes=changes)
    if not is_new and not shown:
        raise NothingToAdd
    changes.sides["customers_address"] = [NOTHING, Side(id=customer.pk, label=address)]
    return write_down(changes, kind=EventKind.ADDRESS_ADDED)


def show_what_came_from(addresses: Sequence[str], *, changes: Changes) -> int:
    """Show the customer what came from these, theirs now; they wait if no answer was given since."""
    unseen = Article.objects.filter(
        ticket=changes.ticket, from_address__in=addresses, warning=UNKNOWN_SENDER, is_automatic=False
    )
    answered = changes.ticket.last_answer_at
    since = Q(created__gt=answered) if answered is not None else Q()
    when = unseen.aggregate(newest=Max("created"), oldest=Min("created", filter=since))
    shown = unseen.update(is_visible=True, warning="")
    if when["newest"] is not None:
        changes.set(last_contact=max(when["newest"], changes.ticket.last_contact or when["newest"]))
    if when["oldest"] is not None:
        wrote = Wrote(sender_type=Article.SenderType.CUSTOMER, is_visible=True, at=when["oldest"])
        changes.happened.append(wrote)
    return shown
