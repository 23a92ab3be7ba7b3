"""A form that can't be used comes back once, with all that it and its action see wrong."""

import re

import pytest
from django.test import Client

from accounts.models import Agent
from queues.models import Queue
from tests.house.fillings import Values
from tests.house.screens import address_of, filled_in
from tickets.models import Article, Ticket
from tickets.states import state_by_key

PAST = "2020-01-01T10:00"
MANY = ", ".join(f"jan{n}@post.example" for n in range(60))


def waiting() -> Values:
    """A state that waits, until a time that is gone."""
    return {"state": state_by_key("pending_reminder").pk, "pending_until": PAST}


def complained_of(page: str) -> set[str]:
    """The fields that the summary leads to."""
    summary = page.partition("data-focus-error")[2].partition("</ul>")[0]
    return set(re.findall(r'href="#id_(\w+)"', summary))


EVERYTHING = {
    "to": "geen adres",
    "cc": "ook niet@",
    "bcc": MANY,
    "subject": "",
    "html": "",
    "time_units": "anderhalf",
}


@pytest.mark.parametrize(
    ("name", "wrong", "fields"),
    [
        ("reply", EVERYTHING, {"to", "cc", "bcc", "subject", "text", "time_units", "pending_until"}),
        ("reply", {"to": "geen adres", "cc": "ook niet@"}, {"to", "cc", "pending_until"}),
        ("reply", {"to": " , "}, {"to", "pending_until"}),
        ("reply", {"to": "", "bcc": "nee"}, {"to", "bcc", "pending_until"}),
        ("move", {"queue": "", "time_units": "-1"}, {"queue", "time_units", "pending_until"}),
        ("reply", {"subject": ""}, {"subject", "pending_until"}),
        ("move", {}, {"new_owner", "pending_until"}),
        ("note", {"subject": "", "html": "", "time_units": "veel"}, {"text", "time_units"}),
        ("close", {"subject": "", "state": "", "time_units": "veel"}, {"state", "time_units"}),
    ],
)
def test_all_that_is_wrong_is_told_in_one_round(
    desk: Client,
    ticket: Ticket,
    other_queue: Queue,
    colleague: Agent,
    name: str,
    wrong: Values,
    fields: set[str],
) -> None:
    form = filled_in(name, ticket=ticket, target=other_queue)
    if "pending_until" in form:
        form |= waiting()
    if name == "move":
        form["new_owner"] = colleague.pk  # who answers nothing in that queue
    answer = desk.post(address_of(name, ticket), form | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert complained_of(page) == fields
    assert all(page.count(f'id="id_{field}_error"') == 1 for field in fields)
    assert Article.objects.filter(ticket=ticket).count() == 1


def test_the_summary_goes_the_way_of_the_form(desk: Client, ticket: Ticket, other_queue: Queue) -> None:
    form = filled_in("reply", ticket=ticket, target=other_queue, **EVERYTHING | waiting())
    page = desk.post(address_of("reply", ticket), form).content.decode()
    summary = page.partition("data-focus-error")[2].partition("</ul>")[0]
    way = ["to", "cc", "bcc", "subject", "text", "pending_until", "time_units"]
    assert re.findall(r'href="#id_(\w+)"', summary) == way


def test_who_is_asked_about_something_is_told_what_is_wrong_as_well(
    desk: Client, ticket: Ticket, other_queue: Queue
) -> None:
    form = filled_in("reply", ticket=ticket, target=other_queue, html="<p>Hoe gaat dat?</p>", cc="nee")
    page = desk.post(address_of("reply", ticket), form).content.decode()
    assert 'value="nothing_written"' in page
    assert complained_of(page) == {"cc"}


def test_the_summary_has_the_focus_without_script_too(
    desk: Client, ticket: Ticket, other_queue: Queue
) -> None:
    form = filled_in("note", ticket=ticket, target=other_queue, html="")
    page = desk.post(address_of("note", ticket), form).content.decode()
    assert page.count("autofocus") == 1
    assert "data-focus-error autofocus" in page
