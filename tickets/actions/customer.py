"""Changing the customer of a ticket ('Klant'): answers go to the new one from then on."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Customer
from queues.models import QueuePermission
from tickets.actions.customers_address import show_what_came_from
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.changing.frame import begin, last_agent, write_down
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.errors import BadInput, CustomerMeanwhile
from tickets.kinds import EventKind
from tickets.models import Ticket
from tickets.queries.customers import NewCustomer

Right = QueuePermission.Right
ADDRESSES_MOST = 100


@same_form_once
@atomic_action
def change_customer(
    *, actor: Actor, ticket: Ticket, customer: Customer | NewCustomer, form: Form, now: datetime
) -> Done:
    """Give the ticket to another customer, who is made if they are new; it needs no lock (OTRS 7.44).

    What was said stays as it is, but that what the new one wrote as a stranger is theirs now. It is taken
    from whom the caller saw: raises `CustomerMeanwhile` if it is somebody else's by now; `NotAllowed`,
    `BadInput`, `TicketBusy`.
    """
    changes = begin(ticket, actor=actor, right=Right.ALL, now=now, form=form, needs_lock=False)
    if changes.ticket.customer_id != ticket.customer_id:
        raise CustomerMeanwhile(by=last_agent(changes.ticket), customer=changes.ticket.customer)
    new = customer.keep() if isinstance(customer, NewCustomer) else customer
    if new.pk == changes.ticket.customer_id:
        raise BadInput("customer", _("This is the ticket's customer already. Choose somebody else."))
    changes.customer(new)
    show_what_came_from(
        list(new.addresses.values_list("address", flat=True)[:ADDRESSES_MOST]), changes=changes
    )
    return write_down(changes, kind=EventKind.CUSTOMER_CHANGED)
