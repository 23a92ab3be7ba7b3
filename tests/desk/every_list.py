"""Every list of tickets that the desk has, and tickets that stand in each."""

from datetime import timedelta

from django.db.models import F

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.factories import NOW, actor, make_ticket
from tickets.actions.watch import watch_ticket
from tickets.models import Asked, Ticket
from tickets.states import state_by_key

LISTS = (
    "/wachtrijen/",
    "/wachtrijen/{queue}/",
    "/status/open/",
    "/status/gesloten/",
    "/escalatie/",
    "/escalatie/te-laat/",
    "/dashboard/nieuw/wachtrijen/",
    "/dashboard/geescaleerd/alle/",
    "/mijn/vergrendeld/",
    "/mijn/eigenaar/",
    "/mijn/gevraagd/",
    "/mijn/gevolgd/",
    "/klanten/{customer}/tickets/open/",
    "/klanten/{customer}/tickets/gesloten/",
)


def addresses_of_lists(queue: Queue, customer: Customer) -> list[str]:
    return [path.format(queue=queue.pk, customer=customer.pk) for path in LISTS]


def make_for_every_list(n: int, *, queue: Queue, customer: Customer, owner: Agent) -> None:
    """So many tickets for each list that shows open ones, and as many closed ones.

    The open ones are owned, locked, followed and asked about by `owner`, of the customer, and late.
    """
    for _n in range(n):
        ticket = make_ticket(queue, customer=customer, owner=owner, locked=True)
        watch_ticket(actor=actor(owner), ticket=ticket, now=NOW)
        asked = {"ticket": ticket, "agent": owner, "asked_by": owner}
        Asked.objects.create(**asked, event=ticket.events.latest("pk"))
        make_ticket(queue, customer=customer, state=state_by_key("closed_successful"))
    Ticket.objects.open().update(escalates_at=F("created") - timedelta(days=3650))
