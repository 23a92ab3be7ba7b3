"""Who is out of office is mailed nothing; who stands in for them is, by their own rights and one step."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agent
from accounts.notices import PASSWORD, tell_of_changes
from notify.models import Notification
from notify.tasks import decide, look_after_mails, send
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, grant, make_agent, make_ticket
from tests.notify.telling import keeps_an_eye_on, mails_to, states, subscribe, text_of, wants
from tests.notify.test_decide import follow_up, note, own, told
from tickets.actions.note import add_note
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def goes_away(agent: Agent, *, stand_in: Agent | None = None, is_on: bool = True) -> None:
    today = timezone.localdate() if is_on else None
    wants(agent, away_from=today, away_until=today, stand_in=stand_in)


@pytest.fixture
def stand_in(queue: Queue) -> Agent:
    """May read in 'Spel', and asked to be mailed nothing."""
    agent = make_agent("standin")
    grant(agent, queue, QueuePermission.Right.READ)
    return agent


def test_who_is_away_is_told_nothing_and_their_stand_in_what_they_would_have_been(
    owner: Agent, colleague: Agent, stand_in: Agent, ticket: Ticket
) -> None:
    """By what the absent one wants, as it has been theirs; and it says for whom it was meant."""
    ticket = own(ticket, owner)
    goes_away(owner, stand_in=stand_in)
    follow_up(ticket)
    assert told() == set()
    wants(owner, "mails_follow_up")
    follow_up(ticket)
    assert told() == {("standin", "follow_up", "yours")}
    asks = note(asked=(owner,))
    add_note(actor=actor(colleague), ticket=ticket, note=asks, now=NOW)
    decide()
    send()
    assert mails_to(owner) == []
    assert str(mails_to(stand_in)[-1]["Subject"]).startswith(
        f"[Ticket#{ticket.number}] Voor Owner: Een collega vraagt je iets: "
    )
    said = text_of(mails_to(stand_in)[-1])
    assert said.startswith("Voor Owner: Colleague vraagt jou naar dit ticket te kijken.\n")
    assert "Je krijgt deze e-mail omdat je waarneemt voor Owner, die afwezig is." in said
    goes_away(owner, stand_in=stand_in, is_on=False)
    follow_up(ticket)
    assert told() == {("owner", "follow_up", "yours")}


def test_a_stand_in_gets_no_right_and_is_told_once_by_what_is_their_own(
    owner: Agent, colleague: Agent, stand_in: Agent, queue: Queue
) -> None:
    """Never of what they did; of terms only with every right, as anybody."""
    goes_away(owner, stand_in=stand_in)
    goes_away(colleague, stand_in=stand_in)
    for agent in (owner, colleague):
        subscribe(agent, queue)
        wants(agent, "mails_new")
    make_ticket(queue)
    assert told() == {("standin", "new", "queue")}
    assert Notification.objects.get().instead_of in (owner, colleague)
    keeps_an_eye_on(stand_in, queue)
    ticket = own(make_ticket(queue), owner)
    assert not Notification.objects.filter(event__ticket=ticket).exclude(instead_of=None).exists()
    grant(stand_in, queue, QueuePermission.Right.NOTE)
    add_note(actor=actor(stand_in), ticket=ticket, note=note(), now=NOW)
    assert told() == set()
    QueuePermission.objects.filter(group__agents=stand_in).delete()
    add_note(actor=actor(colleague), ticket=ticket, note=note(), now=NOW)
    assert told() == set()


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_it_is_one_step_and_nobody_where_the_stand_in_cannot_be_told(
    owner: Agent, colleague: Agent, stand_in: Agent, ticket: Ticket, change: dict[str, Any]
) -> None:
    ticket = own(ticket, owner)
    goes_away(owner, stand_in=stand_in)
    Agent.objects.filter(pk=stand_in.pk).update(**change)
    add_note(actor=actor(colleague), ticket=ticket, note=note(), now=NOW)
    assert told() == set()
    third = make_agent("third")
    grant(third, ticket.queue, QueuePermission.Right.ALL)
    Agent.objects.filter(pk=stand_in.pk).update(is_active=True, email="standin@kvv.example")
    goes_away(stand_in, stand_in=third)
    add_note(actor=actor(colleague), ticket=ticket, note=note(), now=NOW)
    assert told() == set()


def test_who_went_away_after_it_was_decided_or_mailed_is_asked_about_again(
    owner: Agent, colleague: Agent, stand_in: Agent, ticket: Ticket
) -> None:
    """Whatever waits goes to the stand-in as they are then; what they know already is told nobody."""
    ticket = own(ticket, owner)

    def happens() -> None:
        add_note(actor=actor(colleague), ticket=ticket, note=note(), now=NOW)
        decide()

    happens()
    goes_away(owner, stand_in=stand_in)
    send()
    assert (mails_to(owner), len(mails_to(stand_in))) == ([], 1)
    goes_away(owner, is_on=False)
    happens()
    send()
    goes_away(owner, stand_in=stand_in)
    look_after_mails()
    assert (
        OutboundMessage.objects.get(state=OutboundMessage.CANCELLED).recipients.get().address == owner.email
    )
    send()
    assert len(mails_to(stand_in)) == 2
    happens()
    goes_away(stand_in)
    send()
    assert len(mails_to(stand_in)) == 2
    assert states() == [Notification.SENT, Notification.SENT, Notification.CANCELLED]


def test_who_is_back_before_it_is_sent_is_told_themselves_and_their_stand_in_is_not(
    owner: Agent, colleague: Agent, stand_in: Agent, ticket: Ticket
) -> None:
    ticket = own(ticket, owner)
    goes_away(owner, stand_in=stand_in)
    for _n in range(2):
        add_note(actor=actor(colleague), ticket=ticket, note=note(), now=NOW)
    decide()
    Notification.objects.create(event=ticket.events.latest("pk"), agent=owner, reason="note", state="sent")
    goes_away(owner, is_on=False)
    QueuePermission.objects.filter(group__agents=stand_in).delete()
    send()
    assert (len(mails_to(owner)), mails_to(stand_in)) == (1, [])
    assert "Je krijgt deze e-mail omdat het om een ticket of een antwoord van jou gaat." in text_of(
        mails_to(owner)[0]
    )
    assert Notification.objects.filter(state=Notification.CANCELLED).count() == 1  # which they knew of


def test_what_is_personal_to_the_account_reaches_who_is_away_and_nobody_else(
    owner: Agent, stand_in: Agent
) -> None:
    goes_away(owner, stand_in=stand_in)
    tell_of_changes(owner, [PASSWORD], address=owner.email)
    assert [letter.to for letter in mail.outbox] == [[owner.email]]


def test_so_many_who_are_away_cost_a_batch_no_statement_more(
    owner: Agent, colleague: Agent, stand_in: Agent, queue: Queue
) -> None:
    costs = []
    for agent in (owner, colleague):
        keeps_an_eye_on(agent, queue)
        goes_away(agent, stand_in=stand_in)
        for _n in range(5):
            make_ticket(queue)
        with CaptureQueriesContext(connection) as asked:
            decide()
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert set(Notification.objects.values_list("agent", flat=True)) == {stand_in.pk}
