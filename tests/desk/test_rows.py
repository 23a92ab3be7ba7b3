"""A row of a list: what it says of a ticket, in which view."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.desk.reading import numbers, text
from tests.factories import actor, customer_mail, grant, make_agent, make_customer, make_ticket
from tickets.actions.lock import lock_ticket
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def row_of(answer: Any, ticket: Ticket) -> str:
    """The ticket's row, in one line."""
    return text(answer).partition(f'tabindex="-1">{ticket.number}</a>')[2].partition("</tr>")[0]


def test_the_number_and_the_subject_lead_to_the_ticket_and_one_of_them_is_a_stop_for_the_keyboard(
    desk: Client, queue: Queue
) -> None:
    ticket = make_ticket(queue, title="Vlag gevonden")
    page = text(desk.get("/wachtrijen/"))
    leads = rf'href="/tickets/{ticket.number}/\?from=[^"]+"'
    assert re.search(rf'<a {leads} tabindex="-1">{ticket.number}</a>', page)
    assert re.search(rf'<a class="what__subj" id="t{ticket.number}" {leads} data-row>Vlag gevonden</a>', page)


def test_nothing_that_strangers_or_admins_wrote_is_markup_in_any_cell(
    desk: Client, owner: Agent, queue: Queue
) -> None:
    bad = "<b title='\"'>&"
    customer = make_customer()
    Customer.objects.filter(pk=customer.pk).update(code=f"k{bad}", first_name=f"v{bad}")
    Agent.objects.filter(pk=owner.pk).update(first_name=f"e{bad}")
    Queue.objects.filter(pk=queue.pk).update(name=f"w{bad}")
    article = customer_mail(from_header=f'"s{bad}" <a@b.example>', subject=f"o{bad}")
    ticket = make_ticket(queue, article=article, customer=customer)
    Ticket.objects.filter(pk=ticket.pk).update(number=f"n{bad}", owner=owner, locked=True, sender_name=bad)
    page = text(desk.get("/wachtrijen/")).partition("<tbody>")[2].partition("</tbody>")[0]
    assert "<b" not in page
    for first in "kewon":
        assert f"{first}&lt;b title=" in page


@pytest.mark.parametrize(
    ("key", "short", "long"),
    [
        ("pending_reminder", "wacht tot", "wachtend op herinnering"),
        ("pending_auto_close_success", "sluit", "wachtend op automatisch sluiten"),
    ],
)
def test_what_waits_stands_below_the_others_and_says_until_when(
    desk: Client, queue: Queue, key: str, short: str, long: str
) -> None:
    until = timezone.now() + timedelta(days=3)
    waiting = make_ticket(queue, now=timezone.now() - timedelta(days=30))
    Ticket.objects.filter(pk=waiting.pk).update(
        state=state_by_key(key), state_type=state_by_key(key).type, pending_until=until
    )
    asked = make_ticket(queue)
    page = desk.get("/wachtrijen/")
    assert numbers(page) == [asked.number, waiting.number]
    assert "Wachtend (1)" in text(page).partition(asked.number)[2].partition(waiting.number)[0]
    row = row_of(page, waiting)
    assert f'title="{long}">{short} {timezone.localtime(until):%d-%m %H:%M} <span' in row
    assert 'class="age "' in row


def test_a_list_with_nothing_but_waiting_tickets_is_not_empty(desk: Client, queue: Queue) -> None:
    state = state_by_key("pending_reminder")
    ticket = make_ticket(queue)
    Ticket.objects.filter(pk=ticket.pk).update(
        state=state, state_type=state.type, pending_until=timezone.now()
    )
    assert numbers(desk.get("/wachtrijen/")) == [ticket.number]


@pytest.mark.parametrize(
    ("age", "term", "mark"),
    [
        (timedelta(days=2), None, "age "),
        (timedelta(days=3, hours=1), None, "age age--1"),
        (timedelta(days=8), None, "age age--2"),
        (timedelta(days=8), timedelta(days=30), "age "),
        (timedelta(days=8), timedelta(0), "age "),
        (timedelta(hours=7), timedelta(hours=9), "age "),
        (timedelta(hours=10), timedelta(hours=9), "age "),
    ],
)
def test_an_age_is_marked_after_three_days_and_a_week_where_nothing_is_promised(
    desk: Client, queue: Queue, age: timedelta, term: timedelta | None, mark: str
) -> None:
    made = timezone.now() - age
    ticket = make_ticket(queue, now=made)
    if term is not None:  # of no time at all: the queue promises something, and nothing of it runs
        Queue.objects.filter(pk=queue.pk).update(solution_minutes=60)
    if term:
        Ticket.objects.filter(pk=ticket.pk).update(escalates_at=made + term, warns_at=made + term * 0.75)
    assert f'<span class="{mark}"' in row_of(desk.get("/wachtrijen/"), ticket)


@pytest.mark.parametrize(
    ("left", "ground", "said"),
    [
        (timedelta(hours=5), "", ""),
        (timedelta(hours=2, seconds=30), " is-warning", "oplossing binnen 2 u"),
        (timedelta(hours=-1), " is-escalated", "oplossing 1 u te laat"),
    ],
)
def test_a_row_says_which_term_presses_once_it_is_warned_of_and_over_but_not_while_it_waits(
    desk: Client, queue: Queue, left: timedelta, ground: str, said: str
) -> None:
    now = timezone.now()
    ticket = make_ticket(queue, now=now)
    terms = {"solution_due": now + left, "escalates_at": now + left}
    Ticket.objects.filter(pk=ticket.pk).update(**terms, warns_at=now + left - timedelta(hours=4))
    page = desk.get("/wachtrijen/").content.decode()
    assert f'<tr class="prio-3 is-unread{ground}">' in page
    assert (said in page) if said else ('class="term' not in page)

    state = state_by_key("pending_reminder")
    Ticket.objects.filter(pk=ticket.pk).update(state=state, state_type=state.type, pending_until=now)
    page = desk.get("/wachtrijen/").content.decode()
    assert '<tr class="prio-3 is-unread">' in page
    assert 'class="term' not in page


def test_a_lock_says_whose_it_is_and_no_lock_says_nothing_to_the_eye(
    desk: Client, owner: Agent, queue: Queue
) -> None:
    colleague = make_agent("joost")
    grant(colleague, queue, "rw")
    free, mine, theirs = (make_ticket(queue) for _n in range(3))
    lock_ticket(actor=actor(owner), ticket=mine, now=timezone.now())
    lock_ticket(actor=actor(colleague), ticket=theirs, now=timezone.now())
    page = desk.get("/wachtrijen/")
    assert '<span class="visually-hidden">niet vergrendeld</span>' in row_of(page, free)
    assert 'class="lock lock--on lock--mine"' in row_of(page, mine)
    assert f'class="lock lock--on" title="vergrendeld door {colleague}"' in row_of(page, theirs)


@pytest.mark.parametrize(
    ("key", "mark", "word"),
    [
        ("closed_successful", "closed", "succesvol"),
        ("closed_unsuccessful", "failed", "niet succesvol"),
        ("merged", "merged", "samengevoegd"),
    ],
)
def test_the_archive_says_when_and_how_it_ended_and_neither_age_nor_lock(
    desk: Client, queue: Queue, key: str, mark: str, word: str
) -> None:
    now = timezone.localtime()
    ticket = make_ticket(queue, state=state_by_key(key))
    for moment, said in (
        (now, f"vandaag {now:%H:%M}"),
        (now - timedelta(days=1), f"gisteren {now:%H:%M}"),
        (now - timedelta(days=9), f"{now - timedelta(days=9):%d-%m-%Y %H:%M}"),
    ):
        Ticket.objects.filter(pk=ticket.pk).update(closed_at=moment)
        page = desk.get("/status/gesloten/")
        row = row_of(page, ticket)
        assert f'<td class="c-when">{said}</td>' in row
        assert f'<span class="state state--{mark}">{word}</span>' in row
        assert "c-age" not in row
        assert "c-lock" not in row
        assert "c-cust" not in row
    heads = text(page).partition("<thead>")[2].partition("</thead>")[0]
    assert "Afloop" in heads
    assert "Leeftijd" not in heads


@pytest.fixture
def large(desk: Client) -> Client:
    """The agent likes the large view."""
    desk.post("/weergave/", {"view": "l"})
    return desk


def test_the_large_view_shows_how_the_newest_message_begins_and_what_can_be_done(
    large: Client, queue: Queue
) -> None:
    said = "> Dat schreef je gisteren.\nMag de vlag <b>mee</b>?\n\nGroetjes"
    ticket = make_ticket(queue, article=customer_mail(text=said))
    below = text(large.get("/wachtrijen/")).partition('<tr class="preview')[2].partition("</tr>")[0]
    assert '<p class="preview__text">Mag de vlag &lt;b&gt;mee&lt;/b&gt;? Groetjes</p>' in below
    assert f'<button formaction="/tickets/{ticket.number}/neem/antwoord/">' in below
    assert f'href="/tickets/{ticket.number}/notitie/?from=' in below
    assert f'<button formaction="/tickets/{ticket.number}/vergrendel/">' in below


def test_who_may_only_read_is_offered_nothing_in_the_large_view(client: Client, queue: Queue) -> None:
    reader = make_agent("lezer")
    grant(reader, queue, "ro")
    make_ticket(queue)
    client.force_login(reader)
    client.post("/weergave/", {"view": "l"})
    page = text(client.get(f"/wachtrijen/{queue.pk}/"))
    assert "preview__text" in page
    assert "preview__acts" not in page


def test_a_button_in_a_row_leads_back_to_the_list_and_to_no_page_of_others(
    large: Client, queue: Queue
) -> None:
    ticket = make_ticket(queue)
    address = f"/tickets/{ticket.number}/vergrendel/"
    assert (
        large.post(address, {"back": "/wachtrijen/?show=all"}).headers["Location"] == "/wachtrijen/?show=all"
    )
    large.post(f"/tickets/{ticket.number}/ontgrendel/")
    for elsewhere in ("//elders.example/", "https://elders.example/", "desk:queues"):
        away = large.post(address, {"back": elsewhere}).headers["Location"]
        assert away == f"/tickets/{ticket.number}/"
        large.post(f"/tickets/{ticket.number}/ontgrendel/")


def test_the_large_view_costs_one_statement_more_however_many_rows(desk: Client, queue: Queue) -> None:
    def statements(ask: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as asked:
            ask()
        return len(asked)

    make_ticket(queue)
    desk.get("/wachtrijen/")
    medium = statements(lambda: desk.get("/wachtrijen/"))
    desk.post("/weergave/", {"view": "l"})
    assert statements(lambda: desk.get("/wachtrijen/")) == medium + 1
    for _n in range(12):
        make_ticket(queue)
    assert statements(lambda: desk.get("/wachtrijen/")) == medium + 1
