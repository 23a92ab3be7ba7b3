"""A ticket that an agent makes of what a customer said by telephone."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Agent, Customer
from mailgate.autoresponse.answers import answers
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, grant, make_agent, make_auto_response, make_customer, make_upload
from tickets.actions.customer import change_customer
from tickets.actions.new_ticket import PhoneTicket, create_by_phone
from tickets.changing.forms import Form
from tickets.changing.once import Done
from tickets.errors import BadInput, NotAllowed
from tickets.history import sentences
from tickets.letters.answering import answer_to
from tickets.models import Article, Priority, Ticket
from tickets.queries.customers import NewCustomer
from tickets.queries.listed import listed
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
KARIN = "karin@post.example"


def filled(
    queue: Queue, customer: Customer | NewCustomer, *, state: str = "open", **changes: Any
) -> PhoneTicket:
    values: dict[str, Any] = {
        "submission": uuid.uuid4(),
        "subject": "Tent lenen",
        "html": "<p>Kan dat in mei?</p>",
        "address": KARIN,
    }
    return PhoneTicket(queue=queue, customer=customer, state=state_by_key(state), **(values | changes))


def make(agent: Agent, new: PhoneTicket) -> Done:
    return create_by_phone(actor=actor(agent), new=new, now=NOW)


def test_what_was_said_is_the_customers_and_waits_for_an_answer(
    queue: Queue, customer: Customer, owner: Agent, colleague: Agent
) -> None:
    submission = uuid.uuid4()
    upload = make_upload(owner, submission, name="tent.jpg")
    done = make(owner, filled(queue, customer, submission=submission, uploads=(upload,)))
    said, ticket = done.written, Ticket.objects.get()
    assert (said.sender_type, said.channel, said.direction, said.is_visible) == (
        Article.SenderType.CUSTOMER,
        Article.Channel.PHONE,
        Article.Direction.IN,
        True,
    )
    assert (said.from_header, said.agent) == (f"Karin Klant <{KARIN}>", owner)
    assert [file.name for file in said.attachments.all()] == ["tent.jpg"]
    assert (ticket.title, ticket.customer, ticket.state.key) == ("Tent lenen", customer, "open")
    assert (ticket.sender_name, ticket.waits_since, ticket.first_answer_at) == ("Karin Klant", NOW, None)
    assert not OutboundMessage.objects.exists()
    assert [listed(ids=[ticket.pk], actor=actor(each))[0].is_unread for each in (owner, colleague)] == [
        False,
        True,
    ]


def test_it_belongs_to_who_made_it_unlocked_or_to_who_was_chosen_locked(
    queue: Queue, customer: Customer, owner: Agent, colleague: Agent, stranger: Agent
) -> None:
    mine = make(owner, filled(queue, customer)).ticket
    theirs = make(owner, filled(queue, customer, new_owner=colleague)).ticket
    closed = make(owner, filled(queue, customer, new_owner=colleague, state="closed_successful")).ticket
    assert [(each.owner, each.locked) for each in (mine, theirs, closed)] == [
        (owner, False),
        (colleague, True),
        (colleague, False),
    ]
    with pytest.raises(BadInput, match="beantwoordt geen vragen"):
        make(owner, filled(queue, customer, new_owner=stranger))


def test_who_may_only_make_tickets_makes_one_that_is_nobodys(queue: Queue, customer: Customer) -> None:
    desk = make_agent("balie")
    grant(desk, queue, QueuePermission.Right.CREATE)
    assert make(desk, filled(queue, customer)).ticket.owner is None


def test_without_the_right_nothing_is_made_not_even_a_customer(
    queue: Queue, reader: Agent, stranger: Agent
) -> None:
    for agent in (reader, stranger):
        with pytest.raises(NotAllowed):
            make(agent, filled(queue, NewCustomer(name="Nina")))
    assert (Ticket.objects.count(), Customer.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"html": "<p> </p>"}, "text"),
        ({"priority": 9}, "priority"),
        ({"state": "pending_reminder"}, "pending_until"),
        ({"receipt": True}, "receipt"),
    ],
)
def test_what_can_not_be_used_makes_nothing(
    queue: Queue, owner: Agent, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        make(owner, filled(queue, NewCustomer(name="Nina"), **changes))
    assert (refused.value.field, Customer.objects.count()) == (field, 0)


def test_the_history_says_how_it_began_and_with_what(queue: Queue, customer: Customer, owner: Agent) -> None:
    until = NOW + timedelta(days=1)
    done = make(
        owner,
        filled(queue, customer, state="pending_reminder", pending_until=until, priority=Priority.HIGH),
    )
    assert done.event.agent == owner
    assert sentences(done.event) == [
        "Wachtrij: Spel",
        "Status: wachtend op herinnering",
        "Wacht tot: 25-11-2026 11:00",
        "Prioriteit: 4 hoog",
        f"Eigenaar: {owner}",
        f"Telefonisch, van: Karin Klant <{KARIN}>",
    ]
    assert done.ticket.pending_until == until


def test_the_same_form_twice_is_one_ticket_and_one_customer(queue: Queue, owner: Agent) -> None:
    new = filled(queue, NewCustomer(name="Nina Nieuw"), address="")
    assert make(owner, new).ticket == make(owner, new).ticket
    assert [str(customer) for customer in Customer.objects.all()] == ["Nina Nieuw"]


def test_an_answer_goes_to_the_customer_also_after_another_was_chosen_and_where_they_are_an_agent(
    queue: Queue, customer: Customer, owner: Agent, colleague: Agent
) -> None:
    ticket = make(owner, filled(queue, customer)).ticket
    said = ticket.articles.get()
    assert answer_to(article=said, ticket=ticket, reply_all=False).to == (f"Karin Klant <{KARIN}>",)
    agent = make_customer(colleague.email)
    form = Form(submission=uuid.uuid4())
    change_customer(actor=actor(owner), ticket=ticket, customer=agent, form=form, now=NOW)
    ticket.refresh_from_db()
    changed = answer_to(article=said, ticket=ticket, reply_all=False, of_another=True)
    assert changed.to == (colleague.email,)
    theirs = make(owner, filled(queue, agent, address=colleague.email)).ticket
    answered = answer_to(article=theirs.articles.get(), ticket=theirs, reply_all=False)
    assert answered.to == (f"Karin Klant <{colleague.email}>",)


def test_a_customer_without_an_address_can_not_be_answered_by_mail(queue: Queue, owner: Agent) -> None:
    ticket = make(owner, filled(queue, NewCustomer(name="Nina Nieuw"), address="")).ticket
    said = ticket.articles.get()
    assert (said.from_header, said.sender, ticket.sender_name) == ("Nina Nieuw",) * 2 + ("Nina Nieuw",)
    assert answer_to(article=said, ticket=ticket, reply_all=False).to == ()


def test_a_confirmation_is_sent_where_it_is_asked_for_and_nowhere_else(
    queue: Queue, customer: Customer, owner: Agent
) -> None:
    make_auto_response(queue, subject="Gelezen: <KVV_CUSTOMER_SUBJECT[60]>")
    with pytest.raises(BadInput, match="geen e-mailadres"):
        make(owner, filled(queue, customer, address="", receipt=True))
    events = [make(owner, filled(queue, customer, receipt=receipt)).event for receipt in (False, True)]
    assert "Er is een ontvangstbevestiging gevraagd." in sentences(events[1])
    with answers(events) as respond:
        for event in events:
            respond(event)
    sent = OutboundMessage.objects.get()
    assert sent.subject.endswith("Gelezen: Tent lenen")
    assert [row.address for row in sent.recipients.all()] == [KARIN]
