"""Another customer: answers, links, and what they wrote as a stranger follow; the old one's words do not."""

import pytest

from accounts.models import Agent, Customer, CustomerAddress
from tests.factories import NOW, actor, customer_mail, make_customer, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.customer import change_customer
from tickets.changing.forms import Form
from tickets.customer_link import UnknownLinkError, make_token, read_token
from tickets.errors import BadInput, CustomerMeanwhile, NotAllowed
from tickets.history import history_of
from tickets.kinds import EventKind
from tickets.letters.answering import answer_to, prefill
from tickets.models import Event, Ticket
from tickets.models.article import UNKNOWN_SENDER
from tickets.queries.customers import NewCustomer
from tickets.queries.previous_customer import is_of_another_customer

pytestmark = pytest.mark.django_db


def give_to(ticket: Ticket, customer: Customer | NewCustomer, *, by: Agent) -> None:
    note = words()["note"]
    form = Form(submission=note.submission)
    change_customer(actor=actor(by), ticket=ticket, customer=customer, form=form, now=words()["now"])
    ticket.refresh_from_db()


@pytest.fixture
def other(db: None) -> Customer:
    other = make_customer("wessel@post.example")
    other.first_name, other.last_name = "Wessel", "Ander"
    other.save(update_fields=["first_name", "last_name"])
    return other


def test_the_ticket_is_the_new_ones_and_the_history_names_both(
    ticket: Ticket, owner: Agent, colleague: Agent, other: Customer
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
    give_to(ticket, other, by=owner)
    assert (ticket.customer, ticket.owner, ticket.locked) == (other, colleague, True)
    (line,) = history_of(Event.objects.filter(kind=EventKind.CUSTOMER_CHANGED))
    assert (line.what, line.changes) == ("klant gewijzigd", ["Klant: Karin Klant → Wessel Ander"])


def test_an_address_that_nobody_has_becomes_a_customer_and_one_that_somebody_got_meanwhile_is_theirs(
    ticket: Ticket, owner: Agent, other: Customer
) -> None:
    give_to(ticket, NewCustomer(name="Nina van Nieuw", address="nina@post.example"), by=owner)
    assert (str(ticket.customer), str(ticket.customer.addresses.get() if ticket.customer else "")) == (
        "Nina van Nieuw",
        "nina@post.example",
    )
    give_to(ticket, NewCustomer(address="wessel@post.example"), by=owner)
    assert ticket.customer == other
    assert Customer.objects.count() == 3


def test_who_may_not_or_changes_nothing_or_comes_second_is_refused(
    ticket: Ticket, owner: Agent, reader: Agent, colleague: Agent, customer: Customer, other: Customer
) -> None:
    with pytest.raises(NotAllowed):
        give_to(ticket, other, by=reader)
    with pytest.raises(BadInput, match="al de klant van dit ticket"):
        give_to(ticket, customer, by=owner)
    shown = Ticket.objects.get(pk=ticket.pk)
    give_to(ticket, other, by=colleague)
    with pytest.raises(CustomerMeanwhile, match="Colleague was je voor: de klant is nu Wessel Ander"):
        give_to(shown, make_customer(), by=owner)


def test_what_the_new_one_wrote_as_a_stranger_is_theirs_to_see(
    ticket: Ticket, owner: Agent, other: Customer
) -> None:
    ticket.articles.update(from_address="wessel@post.example", warning=UNKNOWN_SENDER, is_visible=False)
    give_to(ticket, other, by=owner)
    article = ticket.articles.get()
    assert (article.is_visible, article.warning) == (True, "")
    assert not is_of_another_customer(article, ticket=ticket)


def test_the_answer_goes_to_the_new_one_and_neither_names_nor_quotes_the_old_one(
    ticket: Ticket, owner: Agent, other: Customer
) -> None:
    article = ticket.articles.get()
    assert not is_of_another_customer(article, ticket=ticket)
    give_to(ticket, other, by=owner)
    assert is_of_another_customer(article, ticket=ticket)
    recipients = answer_to(article=article, ticket=ticket, reply_all=True, of_another=True)
    assert (recipients.to, recipients.cc, recipients.others) == (("wessel@post.example",), (), ())
    ticket.queue.salutation = None
    begun = prefill(ticket=ticket, article=article, template=None, agent=owner, of_another=True)
    assert "Hoe gaat dat?" not in begun.html
    assert "Karin" not in begun.html
    newer = make_ticket(ticket.queue, customer=other, now=NOW).articles.get()
    assert not is_of_another_customer(newer, ticket=newer.ticket)


def test_the_old_customers_link_opens_it_no_more_and_the_new_ones_does(
    ticket: Ticket, owner: Agent, customer: Customer, other: Customer
) -> None:
    old, cc = (make_token(ticket=ticket, address=name) for name in ("karin@post.example", "cc@post.example"))
    assert read_token(cc, now=NOW).ticket == read_token(old, now=NOW).ticket == ticket
    give_to(ticket, other, by=owner)
    for token in (old, cc):
        with pytest.raises(UnknownLinkError):
            read_token(token, now=NOW)
    theirs = make_token(ticket=ticket, address="Wessel@post.example")
    assert read_token(theirs, now=NOW).ticket == ticket
    give_to(ticket, customer, by=owner)
    assert read_token(old, now=NOW).ticket == ticket
    main = make_ticket(ticket.queue, customer=other, article=customer_mail())
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=main)
    with pytest.raises(UnknownLinkError):
        read_token(old, now=NOW)
    CustomerAddress.objects.filter(address="karin@post.example").update(customer=other)
    assert read_token(old, now=NOW).ticket == main
