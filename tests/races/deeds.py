"""What two do to a ticket at the same moment."""

import uuid
from collections.abc import Callable

from accounts.models import Agent
from queues.models import Queue
from tests.factories import NOW, actor
from tickets.actions.close import close_ticket
from tickets.actions.lock import lock_ticket
from tickets.actions.move import move_ticket
from tickets.actions.note import add_note
from tickets.actions.owner import change_owner
from tickets.actions.reply import Answer, reply_to_ticket
from tickets.changing.written import Written
from tickets.models import Ticket
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

Deed = Callable[[Agent, Ticket], object]
Form = Callable[[Agent, Ticket, uuid.UUID], object]


def answer(ticket: Ticket, *, state: str, submission: uuid.UUID) -> Answer:
    """An answer by an agent who has seen the customer's first mail."""
    question = ticket.articles.order_by("pk")[0]
    return Answer(
        submission=submission,
        seen_event=newest_event(ticket).event,
        answered=question,
        to=("karin@post.example",),
        subject="Re: Vraag",
        html="<p>Dat gaat zo.</p>",
        state=state_by_key(state),
    )


def lock(agent: Agent, ticket: Ticket) -> object:
    return lock_ticket(actor=actor(agent), ticket=ticket, now=NOW)


def send_answer(agent: Agent, ticket: Ticket, form: uuid.UUID) -> object:
    filled = answer(ticket, state="closed_successful", submission=form)
    return reply_to_ticket(actor=actor(agent), ticket=ticket, answer=filled, now=NOW)


def send_note(agent: Agent, ticket: Ticket, form: uuid.UUID) -> object:
    note = Written(submission=form, subject="Notitie", html="<p>Eén</p>")
    return add_note(actor=actor(agent), ticket=ticket, note=note, now=NOW)


def send_close(agent: Agent, ticket: Ticket, form: uuid.UUID) -> object:
    return close_ticket(
        actor=actor(agent),
        ticket=ticket,
        note=Written(submission=form, subject="Klaar", html="<p>Klaar</p>"),
        state=state_by_key("closed_successful"),
        now=NOW,
    )


def send_move(agent: Agent, ticket: Ticket, form: uuid.UUID) -> object:
    """Each to a queue of their own choice."""
    return move_ticket(
        actor=actor(agent),
        ticket=ticket,
        queue=Queue.objects.get(name=f"Naar {agent.username}"),
        note=Written(submission=form, subject="Verplaatst", html="<p>Hoort daar</p>"),
        now=NOW,
    )


def answer_and_close(agent: Agent, ticket: Ticket) -> object:
    return send_answer(agent, ticket, uuid.uuid4())


def answer_and_go_on(agent: Agent, ticket: Ticket) -> object:
    filled = answer(ticket, state="open", submission=uuid.uuid4())
    return reply_to_ticket(actor=actor(agent), ticket=ticket, answer=filled, now=NOW)


def close(agent: Agent, ticket: Ticket) -> object:
    return send_close(agent, ticket, uuid.uuid4())


def move(agent: Agent, ticket: Ticket) -> object:
    return send_move(agent, ticket, uuid.uuid4())


def own(agent: Agent, ticket: Ticket) -> object:
    """Each makes themselves the owner."""
    note = Written(submission=uuid.uuid4(), subject="Nieuwe eigenaar", html="")
    return change_owner(actor=actor(agent), ticket=ticket, new_owner=agent, note=note, now=NOW)


def note(agent: Agent, ticket: Ticket) -> object:
    return send_note(agent, ticket, uuid.uuid4())
