"""Wachten: until when, by one press or by hand, and what comes then."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from desk.screens.wait import mornings
from tests.factories import NOW
from tests.house.screens import filled_in
from tickets.models import Article, Ticket
from tickets.states import state_by_key


@pytest.fixture
def address(ticket: Ticket) -> str:
    return reverse("desk:wait", args=[ticket.number])


def test_waiting_locks_and_leads_to_the_ticket(desk: Client, address: str, ticket: Ticket) -> None:
    form = filled_in("wait", ticket=ticket, target=ticket.queue, html="")
    answer = desk.post(address, form)
    assert answer.headers["Location"] == reverse("desk:zoom", args=[ticket.number])
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.locked) == ("pending_reminder", True)
    assert Article.objects.filter(ticket=ticket).count() == 1
    page = desk.get(address).content.decode()
    assert f'value="{form["pending_until"]}"' in page


def test_a_press_chooses_a_moment_without_script_and_complains_of_nothing(
    desk: Client, address: str, ticket: Ticket
) -> None:
    page = desk.get(address).content.decode()
    moments = [part.partition('"')[0] for part in page.split('name="moment" value="')[1:]]
    form = filled_in("wait", ticket=ticket, target=ticket.queue, pending_until="", html="<p>Bewaar</p>")
    answer = desk.post(address, form | {"moment": moments[-1]})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="pending_until" value="{moments[-1]}"' in page
    assert f'value="{moments[-1]}" aria-pressed="true"' in page
    assert "data-focus-error" not in page
    assert "Bewaar" in page


@pytest.mark.parametrize("moment", ["", "2020-01-01T09:00", "straks"])
def test_a_moment_that_is_none_or_is_past_is_complained_of(
    desk: Client, address: str, ticket: Ticket, moment: str
) -> None:
    page = desk.post(address, filled_in("wait", ticket=ticket, target=ticket.queue, pending_until=moment))
    assert page.status_code == 422
    assert 'href="#id_pending_until"' in page.content.decode()


def test_only_states_that_wait_are_offered_and_say_what_comes(desk: Client, address: str) -> None:
    page = desk.get(address).content.decode()
    assert "herinner mij (wachtend op herinnering)" in page
    assert "sluit vanzelf (wachtend op automatisch niet succesvol sluiten)" in page
    assert f'<option value="{state_by_key("open").pk}"' not in page


def test_a_closed_ticket_is_offered_neither_waiting_nor_a_priority(desk: Client, ticket: Ticket) -> None:
    page = reverse("desk:zoom", args=[ticket.number])
    offered = [f"neem/{path}/" in desk.get(page).content.decode() for path in ("wachten", "prioriteit")]
    closed = state_by_key("closed_successful")
    Ticket.objects.filter(pk=ticket.pk).update(state=closed, state_type=closed.type, closed_at=NOW)
    offered += [f"neem/{path}/" in desk.get(page).content.decode() for path in ("wachten", "prioriteit")]
    assert offered == [True, True, False, False]


@pytest.mark.parametrize(
    ("day", "moments"),
    [
        (24, ["2026-11-25T09:00", "2026-11-30T09:00", "2026-12-01T09:00"]),  # Tuesday
        (29, ["2026-11-30T09:00", "2026-12-06T09:00"]),  # Sunday: tomorrow is Monday
        (30, ["2026-12-01T09:00", "2026-12-07T09:00"]),  # Monday: the next is in a week
    ],
)
def test_no_moment_is_offered_twice(day: int, moments: list[str]) -> None:
    assert list(mornings(datetime(2026, 11, day, 12, tzinfo=UTC))) == moments
