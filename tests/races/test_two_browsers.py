"""Two agents press the same button at the same moment, in real pages: the one who comes second keeps all that
was typed, and reads who was first."""

import uuid
from functools import partial
from typing import Any, cast

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import grant, make_upload
from tests.house.screens import ON_TICKET, SCREENS, WRITING, address_of, filled_in
from tests.races.meeting import at_once, just_before_the_lock, locked
from tickets.kinds import EventKind
from tickets.models import Article, Event, Ticket, Upload

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

Page = dict[str, object]
SENDS = (EventKind.ANSWERED, EventKind.FORWARDED, EventKind.REDIRECTED)
"""The deeds by which a mail leaves."""


def page_of(screen: str, agent: Agent, ticket: Ticket) -> Page:
    """What an agent has typed on a screen, each their own."""
    target = Queue.objects.filter(name=f"Naar {agent.username}").first() or ticket.queue
    typed: Page = {
        "html": f"<p>Getypt door <b>{agent.username}</b></p>",
        "subject": f"Onderwerp van {agent.username}",
        "time_units": "2,5",
    }
    return filled_in(screen, ticket=ticket, target=target, **typed)


def browser(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.mark.parametrize("screen", [name for name, row in WRITING.items() if row.second is not None])
def test_the_second_keeps_text_and_files_and_reads_who_was_first(
    ticket: Ticket,
    owner: Agent,
    colleague: Agent,
    screen: str,
) -> None:
    kind = SCREENS[screen].kind
    agents = (owner, colleague)
    for agent in agents:
        target = Queue.objects.create(name=f"Naar {agent.username}")
        for mover in agents:
            grant(mover, target, QueuePermission.Right.ALL)
    address = address_of(screen, ticket)
    forms = {agent: page_of(screen, agent, ticket) for agent in agents}
    for agent in agents:
        make_upload(agent, uuid.UUID(str(forms[agent]["submission"])), name=f"bijlage-{agent.username}.pdf")
    with locked():
        pages: list[Any] = at_once(*[partial(browser(agent).post, address, forms[agent]) for agent in agents])
    statuses = {agent: page.status_code for agent, page in zip(agents, pages, strict=True)}
    assert sorted(statuses.values()) == [302, 422]

    winner = Event.objects.get(ticket=ticket, kind=kind).agent
    loser, page = next(
        (agent, page) for agent, page in zip(agents, pages, strict=True) if page.status_code == 422
    )
    assert winner != loser
    shown = page.content.decode()
    assert str(winner) in shown
    for kept in (
        f"Getypt door &lt;b&gt;{loser.username}&lt;/b&gt;",
        f"Onderwerp van {loser.username}",
        f"bijlage-{loser.username}.pdf",
        str(forms[loser]["submission"]),
        'value="2,5"',
    ):
        assert kept in shown
    assert [upload.draft.holder for upload in Upload.objects.all()] == [loser]
    assert OutboundMessage.objects.count() == (kind in SENDS)
    _sent_again(screen, browser(loser).post(address, forms[loser] | _button(shown)))


def _button(page: str) -> Page:
    """What 'Toch versturen' sends, where the page has it."""
    _before, found, rest = page.partition('name="anyway" value="')
    return {"anyway": rest.partition('"')[0]} if found else {}


def _sent_again(screen: str, answer: Any) -> None:
    """Pressed once more, with what happened in view: answering and moving are done now, closing is done."""
    assert answer.status_code == SCREENS[screen].second


@pytest.mark.parametrize("screen", ON_TICKET)
def test_who_sends_while_a_colleague_moves_the_ticket_out_of_sight_gets_the_text_back(
    ticket: Ticket, owner: Agent, colleague: Agent, screen: str
) -> None:
    hidden, open_to_both = (
        Queue.objects.create(name=f"Naar {agent.username}") for agent in (colleague, owner)
    )
    for agent, target in ((colleague, hidden), (owner, open_to_both)):
        grant(agent, target, QueuePermission.Right.ALL)
    form = page_of(screen, owner, ticket)
    move = partial(
        browser(colleague).post,
        reverse("desk:move", args=[ticket.number]),
        page_of("move", colleague, ticket),
    )
    with just_before_the_lock(move) as moved:
        page = browser(owner).post(address_of(screen, ticket), form)
    assert [answer.status_code for answer in cast("list[Any]", moved)] == [302]
    assert Ticket.objects.get().queue == hidden
    shown = page.content.decode()
    assert page.status_code == 404
    assert "Getypt door owner" in shown
    assert "Onderwerp van owner" in shown
    assert not any(secret in shown for secret in (hidden.name, str(colleague), ticket.number))
    assert not Article.objects.filter(agent=owner).exists()


def test_a_double_click_makes_one_answer_and_leads_on_twice(ticket: Ticket, owner: Agent) -> None:
    address, form = reverse("desk:reply", args=[ticket.number]), page_of("reply", owner, ticket)
    with locked():
        pages: list[Any] = at_once(*[partial(browser(owner).post, address, form)] * 2)
    assert [page.status_code for page in pages] == [302, 302]
    assert pages[0].headers["Location"] == pages[1].headers["Location"]
    assert Event.objects.filter(submission=str(form["submission"])).count() == 1
    assert OutboundMessage.objects.count() == 1
