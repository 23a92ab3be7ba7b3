"""Two customers who are one: all goes to the one that stays, and what was said stays theirs."""

import pytest

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.factories import NOW, actor, make_customer, make_ticket
from tickets.actions import merge_customers as merging
from tickets.actions.merge_customers import merge_customers
from tickets.errors import BadInput, NotAllowed
from tickets.history import history_of
from tickets.models import Ticket
from tickets.queries.previous_customer import is_of_another_customer
from tickets.tally import wrong_findings

pytestmark = pytest.mark.django_db


def test_tickets_and_addresses_go_along_and_each_ticket_tells_of_it(
    ticket: Ticket, customer: Customer, queue: Queue, superuser: Agent
) -> None:
    kept = make_customer("ook@post.example")
    second = make_ticket(queue, customer=customer)
    for one, comment in ((customer, "Belt liever."), (kept, "Penningmeester.")):
        Customer.objects.filter(pk=one.pk).update(comment=comment)
    merge_customers(actor=actor(superuser), gone=customer, kept=kept, now=NOW)
    assert not Customer.objects.filter(code="karin@post.example").exists()
    assert set(kept.addresses.values_list("address", flat=True)) == {"karin@post.example", "ook@post.example"}
    assert Customer.objects.get(pk=kept.pk).comment == "Penningmeester.\nBelt liever."
    for each in (ticket, second):
        each.refresh_from_db()
        assert each.customer == kept
        assert [line.what for line in history_of(each.events.all())][-1] == "klant gewijzigd"
    assert not is_of_another_customer(ticket.articles.get(), ticket=ticket)
    assert wrong_findings() == 0


def test_who_is_no_administrator_or_chooses_the_same_or_one_with_too_much_is_refused(
    ticket: Ticket, customer: Customer, owner: Agent, superuser: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = make_customer()
    with pytest.raises(NotAllowed):
        merge_customers(actor=actor(owner), gone=customer, kept=kept, now=NOW)
    with pytest.raises(BadInput, match="andere klant dan deze"):
        merge_customers(actor=actor(superuser), gone=customer, kept=customer, now=NOW)
    monkeypatch.setattr(merging, "TICKETS_MOST", 0)
    with pytest.raises(BadInput, match="meer dan 0 tickets"):
        merge_customers(actor=actor(superuser), gone=customer, kept=kept, now=NOW)
