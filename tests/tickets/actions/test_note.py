"""A note: for agents only, also on a colleague's ticket."""

import uuid

import pytest
from django.utils import timezone

from accounts.models import Agent, Preferences
from desk.words import article_kind, sender_of
from outbox.models import OutboundMessage
from queues.models import QueuePermission
from tests.factories import NOW, actor, grant, make_upload
from tests.tickets.actions.written import words
from tickets.actions.close import close_ticket
from tickets.actions.lock import lock_ticket
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.changing.written import Written
from tickets.errors import NotAllowed
from tickets.history import history_of
from tickets.kinds import EventKind
from tickets.models import Article, Event, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
Right = QueuePermission.Right


def test_a_note_stays_inside(ticket: Ticket, owner: Agent) -> None:
    note = add_note(actor=actor(owner), ticket=ticket, **words()).written
    assert not note.is_visible
    assert not OutboundMessage.objects.exists()
    assert Event.objects.get(kind=EventKind.NOTED).agent == owner


def test_a_note_that_no_agent_wrote_is_kvvs(ticket: Ticket, owner: Agent) -> None:
    assert said_by(add_note(actor=Actor.timer(), ticket=ticket, **words()).written) == (
        "systeem – notitie intern",
        "KVV",
    )
    assert said_by(add_note(actor=actor(owner), ticket=ticket, **words()).written) == (
        "medewerker – notitie intern",
        str(owner),
    )


def said_by(note: Article) -> tuple[str, str]:
    """What the ticket's table says of a note."""
    return article_kind(note), sender_of(note)


def test_the_right_note_is_enough_for_a_note_and_for_nothing_else(ticket: Ticket, reader: Agent) -> None:
    grant(reader, ticket.queue, Right.NOTE)
    assert add_note(actor=actor(reader), ticket=ticket, **words())
    with pytest.raises(NotAllowed):
        close_ticket(actor=actor(reader), ticket=ticket, state=state_by_key("closed_successful"), **words())


def test_a_locked_ticket_takes_a_colleagues_note(ticket: Ticket, owner: Agent, colleague: Agent) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    add_note(actor=actor(colleague), ticket=ticket, **words())
    ticket.refresh_from_db()
    assert ticket.owner == owner


def test_a_colleagues_note_frees_the_ticket_of_who_is_out_of_office_and_says_so(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    """OTRS 3.20; what they write themselves does not: they are at it."""
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    today = timezone.localdate(NOW)
    Preferences.objects.create(agent=owner, away_from=today, away_until=today)
    for writer, is_locked in ((owner, True), (colleague, False)):
        add_note(actor=actor(writer), ticket=ticket, **words())
        ticket.refresh_from_db()
        assert (ticket.locked, ticket.owner) == (is_locked, owner)
    newest = history_of(ticket.events.order_by("pk"))[-1]
    assert f"{owner} is afwezig: het ticket is er weer voor iedereen." in newest.changes


def test_an_image_that_was_pasted_into_a_note_is_shown_in_it(ticket: Ticket, owner: Agent) -> None:
    form = uuid.uuid4()
    image = make_upload(owner, form, data=b"\x89PNG", content_type="image/png", is_inline=True)
    html = f'<p>Kijk <img src="/uploads/{image.pk}/" data-upload="{image.pk}"></p>'
    given = Written(submission=form, subject="Foto", html=html, uploads=(image,))
    note = add_note(actor=actor(owner), ticket=ticket, note=given, now=NOW).written
    kept = note.attachments.get()
    assert (kept.is_inline, f'src="cid:{kept.content_id}"' in note.html) == (True, True)
