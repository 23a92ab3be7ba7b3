"""What the agents of `make faults` fill in is in order: else nothing is sent that could get lost."""

from collections import Counter

import pytest
from django.test import Client

from accounts.models import Agent
from benchmarks.faults.agents import SENDING, Browser, Page, change_together, merge, send
from benchmarks.faults.ledger import Ledger
from queues.models import Queue
from tests.factories import make_customer, make_ticket
from tests.house.fillings import keep_mail
from tickets.models import BulkTicket, Event, TicketMerge

pytestmark = pytest.mark.django_db


class Here(Browser):
    """The browser, without a network between."""

    client: Client

    def ask(self, path: str, *, form: dict[str, str] | None = None) -> Page:
        """The page at the end of the way."""
        answer = self.client.get(path) if form is None else self.client.post(path, form, follow=True)
        led = [address for address, _status in getattr(answer, "redirect_chain", [])]
        return Page(f"http://testserver{[path, *led][-1]}", answer.status_code, answer.content.decode())


def test_what_the_agents_do_is_done(queue: Queue, owner: Agent, client: Client) -> None:
    client.force_login(owner)
    browser = Here(base="", session="", ledger=Ledger())
    browser.client = client
    tickets = [make_ticket(queue, customer=make_customer(f"k{n}@post.example")) for n in range(3)]
    numbers = [ticket.number for ticket in tickets]
    keep_mail(tickets[0])
    for screen in SENDING:
        send(browser, numbers, screen=screen)
    assert (len(browser.ledger.sent), browser.ledger.refused) == (3, set())
    events = Event.objects.filter(submission__in=browser.ledger.sent)
    assert Counter(event.kind for event in events) == {"answered": 1, "forwarded": 1, "redirected": 1}
    change_together(browser, numbers)
    assert len(browser.ledger.together) == 1
    assert {row.state for row in BulkTicket.objects.all()} == {BulkTicket.QUEUED}
    merge(browser, numbers[1:])
    assert TicketMerge.objects.count() == 1
