"""Who is asked about a ticket is told, and whoever asked them, where that reaches nobody for now."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Agent
from notify.tasks import send
from tests.factories import NOW, actor
from tests.notify.telling import mails_to, text_of, wants
from tests.notify.test_decide import note, own, reload, told
from tickets.actions.asked import tell_in_vain
from tickets.actions.note import add_note
from tickets.history import sentences
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_who_is_asked_is_told_so_rather_than_of_the_note_and_no_right_comes_by_it(
    owner: Agent, colleague: Agent, reader: Agent, ticket: Ticket
) -> None:
    ticket = own(ticket, owner)
    asks = note(asked=(reader, owner))
    add_note(actor=actor(colleague), ticket=ticket, note=asks, now=NOW)
    reader.groups.clear()
    assert told() == {("owner", "asked", "yours")}


def test_the_asker_is_told_once_that_whom_they_asked_went_out_of_sight_or_away(
    owner: Agent, colleague: Agent, reader: Agent, ticket: Ticket
) -> None:
    """Not of who was away already when they were asked: the asker read so at their name."""
    today = timezone.localdate()
    add_note(actor=actor(owner), ticket=ticket, note=note(asked=(colleague, reader)), now=NOW)
    told()
    wants(colleague, away_from=today, away_until=today + timedelta(days=2))
    for expected in ({("owner", "asked_away", "yours")}, set()):
        tell_in_vain(now=timezone.now())
        assert told() == expected
    reader.groups.clear()
    tell_in_vain(now=timezone.now())
    assert told() == {("owner", "out_of_sight", "yours")}
    (out_of_sight, away) = ticket.events.order_by("-pk")[:2]
    day = f"{today + timedelta(days=2):%d-%m-%Y}"
    assert sentences(away) == [f"Het was gevraagd aan Colleague, die afwezig is tot en met {day}."]
    assert out_of_sight.changes[f"out_of_sight:{reader.pk}"][1]["label"] == "Reader"
    send()
    for said, who in zip(map(text_of, mails_to(owner)), ("Colleague", "Reader"), strict=True):
        assert f"Je krijgt deze e-mail omdat je het hebt gevraagd aan {who}." in said
    again = note(asked=(Agent.objects.get(pk=colleague.pk),))
    add_note(actor=actor(owner), ticket=reload(ticket), note=again, now=timezone.now())
    assert (tell_in_vain(now=timezone.now()), told()) == (0, set())
