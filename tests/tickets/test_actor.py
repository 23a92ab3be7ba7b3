"""An actor may do what its kind may; a kind without a rule may nothing."""

from uuid import uuid4

import pytest

from accounts.models import Agent
from queues.access import rights_of
from queues.models import QueuePermission
from tests.factories import NOW, customer_mail
from tickets.actions.close import close_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actor import FOLLOW_UP, RULES, Actor, ActorKind
from tickets.changing.written import Written
from tickets.errors import NotAllowed
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
Right = QueuePermission.Right


def rights_in(actor: Actor, queue_id: int) -> set[str]:
    return {right for right in (*Right.values, FOLLOW_UP) if actor.may(right, queue_id)}


@pytest.mark.parametrize("actor", [Actor.mail(), Actor.timer(), Actor(kind=ActorKind.IMPORT)])
def test_mail_timer_and_import_may_everything(ticket: Ticket, actor: Actor) -> None:
    assert rights_in(actor, ticket.queue_id) == {*Right.values, FOLLOW_UP}


def test_a_customer_may_only_ask_and_write_again(ticket: Ticket) -> None:
    assert rights_in(Actor.customer(), ticket.queue_id) == {Right.CREATE, FOLLOW_UP}
    made = add_follow_up(actor=Actor.customer(), ticket=ticket, article=customer_mail(), now=NOW)
    assert made.event.actor_kind == ActorKind.CUSTOMER
    note = Written(submission=uuid4(), subject="x", html="<p>x</p>")
    with pytest.raises(NotAllowed):
        close_ticket(
            actor=Actor.customer(), ticket=ticket, note=note, state=state_by_key("closed_successful"), now=NOW
        )


@pytest.mark.parametrize("kind", [ActorKind.AGENT, ActorKind.ADMIN])
def test_an_agents_kind_without_an_agent_may_nothing(ticket: Ticket, kind: str) -> None:
    assert rights_in(Actor(kind=kind), ticket.queue_id) == set()


def test_a_kind_without_a_rule_may_nothing(ticket: Ticket, superuser: Agent) -> None:
    everything = rights_of(superuser)
    assert rights_in(Actor(kind="robot", agent=superuser, rights=everything), ticket.queue_id) == set()
    assert set(RULES) == set(ActorKind.values)


def test_a_token_may_what_its_agent_may_cut_by_its_scope(ticket: Ticket, owner: Agent, reader: Agent) -> None:
    reading = Actor.by_token(owner, rights_of(owner), scope=[Right.READ])
    assert rights_in(reading, ticket.queue_id) == {Right.READ}
    noting = Actor.by_token(reader, rights_of(reader), scope=[Right.READ, Right.NOTE])
    assert rights_in(noting, ticket.queue_id) == {Right.READ}
    none = Actor.by_token(owner, rights_of(owner), scope=[Right.NOTE])
    assert none.rights is not None
    assert none.rights.visible == frozenset()
