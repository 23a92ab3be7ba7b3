"""Two agents press the same button at the same moment, in real pages: the one who comes second keeps all that
was typed, and reads who was first."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import grant, make_upload
from tests.races.meeting import at_once, just_before_the_lock, locked
from tickets.kinds import Kind
from tickets.models import Article, Event, Ticket, Upload
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

Page = dict[str, object]


def composed(agent: Agent, **more: object) -> Page:
    """What every pop-up sends; each agent has typed their own."""
    return {
        "submission": str(uuid.uuid4()),
        "rich": "1",
        "html": f"<p>Getypt door <b>{agent.username}</b></p>",
        "subject": f"Onderwerp van {agent.username}",
        "time_units": "2,5",
        "state": state_by_key("closed_successful").pk,
        "pending_until": "",
        **more,
    }


def answering(agent: Agent, ticket: Ticket) -> Page:
    newest = ticket.articles.latest("pk").pk
    to = "Karin Klant <karin@post.example>"
    return composed(
        agent,
        to=to,
        cc=f"{agent.username}@mede.example",
        bcc="",
        seen_event=newest_event(ticket).event,
        answered=newest,
    )


def closing(agent: Agent, ticket: Ticket) -> Page:
    return composed(agent)


def moving(agent: Agent, ticket: Ticket) -> Page:
    return composed(agent, queue=Queue.objects.get(name=f"Naar {agent.username}").pk, new_owner="", state="")


def browser(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.mark.parametrize(
    ("screen", "fill_in", "kind"),
    [("reply", answering, Kind.ANSWERED), ("close", closing, Kind.CLOSED), ("move", moving, Kind.MOVED)],
)
def test_the_second_keeps_text_and_files_and_reads_who_was_first(
    ticket: Ticket,
    owner: Agent,
    colleague: Agent,
    screen: str,
    fill_in: Callable[[Agent, Ticket], Page],
    kind: Kind,
) -> None:
    agents = (owner, colleague)
    for agent in agents:
        target = Queue.objects.create(name=f"Naar {agent.username}")
        for each in agents:
            grant(each, target, QueuePermission.Right.ALL)
    address = reverse(f"desk:{screen}", args=[ticket.number])
    forms = {agent: fill_in(agent, ticket) for agent in agents}
    for agent in agents:
        make_upload(agent, uuid.UUID(str(forms[agent]["submission"])), name=f"bijlage-{agent.username}.pdf")
    with locked():
        pages: list[Any] = at_once(*[partial(browser(each).post, address, forms[each]) for each in agents])
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
    assert OutboundMessage.objects.count() == (kind == Kind.ANSWERED)
    _sent_again(screen, browser(loser).post(address, forms[loser] | _button(shown)))


def _button(page: str) -> Page:
    """What 'Toch versturen' sends, where the page has it."""
    _before, found, rest = page.partition('name="anyway" value="')
    return {"anyway": rest.partition('"')[0]} if found else {}


def _sent_again(screen: str, answer: Any) -> None:
    """Pressed once more, with what happened in view: answering and moving are done now, closing is done."""
    assert answer.status_code == (422 if screen == "close" else 302)


@pytest.mark.parametrize(
    ("screen", "fill_in"), [("reply", answering), ("note", closing), ("close", closing), ("move", moving)]
)
def test_who_sends_while_a_colleague_moves_the_ticket_out_of_sight_gets_the_text_back(
    ticket: Ticket, owner: Agent, colleague: Agent, screen: str, fill_in: Callable[[Agent, Ticket], Page]
) -> None:
    hidden, open_to_both = (
        Queue.objects.create(name=f"Naar {agent.username}") for agent in (colleague, owner)
    )
    for agent, target in ((colleague, hidden), (owner, open_to_both)):
        grant(agent, target, QueuePermission.Right.ALL)
    form = fill_in(owner, ticket)
    move = partial(
        browser(colleague).post, reverse("desk:move", args=[ticket.number]), moving(colleague, ticket)
    )
    with just_before_the_lock(move) as moved:
        page = browser(owner).post(reverse(f"desk:{screen}", args=[ticket.number]), form)
    assert [answer.status_code for answer in cast("list[Any]", moved)] == [302]
    assert Ticket.objects.get().queue == hidden
    shown = page.content.decode()
    assert page.status_code == 404
    assert "Getypt door owner" in shown
    assert "Onderwerp van owner" in shown
    assert not any(secret in shown for secret in (hidden.name, str(colleague), ticket.number))
    assert not Article.objects.filter(agent=owner).exists()


def test_a_double_click_makes_one_answer_and_leads_on_twice(ticket: Ticket, owner: Agent) -> None:
    address, form = reverse("desk:reply", args=[ticket.number]), answering(owner, ticket)
    with locked():
        pages: list[Any] = at_once(*[partial(browser(owner).post, address, form)] * 2)
    assert [page.status_code for page in pages] == [302, 302]
    assert pages[0].headers["Location"] == pages[1].headers["Location"]
    assert Event.objects.filter(submission=str(form["submission"])).count() == 1
    assert OutboundMessage.objects.count() == 1
