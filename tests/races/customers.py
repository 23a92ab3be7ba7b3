"""What a customer does by their own page, as one side of a race."""

import uuid
from contextlib import suppress

from accounts.models import Agent
from tests.factories import NOW
from tickets.actions.customer_close import close_by_customer
from tickets.actions.customer_reopen import reopen_by_customer
from tickets.actions.rate import rate_ticket
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.errors import TicketClosed
from tickets.kinds import Rating
from tickets.models import Ticket

KARIN = "karin@post.example"


def customer_closes(agent: Agent, ticket: Ticket) -> object:
    form = Form(submission=uuid.uuid4())
    return close_by_customer(actor=Actor.customer(), ticket=ticket, address=KARIN, form=form, now=NOW)


def customer_reopens(agent: Agent, ticket: Ticket) -> object:
    """What they have closed themselves, if it is not closed."""
    with suppress(TicketClosed):
        customer_closes(agent, ticket)
    form = Form(submission=uuid.uuid4())
    return reopen_by_customer(actor=Actor.customer(), ticket=ticket, address=KARIN, form=form, now=NOW)


def customer_rates(agent: Agent, ticket: Ticket) -> object:
    return rate_ticket(
        actor=Actor.customer(),
        ticket=ticket,
        address=KARIN,
        rating=Rating.FAIR,
        words="Gaat wel",
        form=Form(submission=uuid.uuid4()),
        now=NOW,
    )
