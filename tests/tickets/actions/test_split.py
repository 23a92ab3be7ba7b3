"""Splitting: a message of a ticket becomes a ticket of its own, with its files, and both are linked."""

import uuid
from dataclasses import replace
from typing import Any

import pytest

from accounts.models import Agent, Customer
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, customer_mail, grant, make_agent, make_ticket, stored_file
from tests.tickets.actions.written import words
from tickets.actions.new_mail import MailTicket, create_by_mail
from tickets.actions.new_ticket import PhoneTicket, create_by_phone
from tickets.actions.note import add_note
from tickets.errors import BadInput, NotAllowed
from tickets.history import sentences
from tickets.kinds import EventKind
from tickets.models import Article, Ticket, TicketLink
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def mail(queue: Queue, customer: Customer) -> Article:
    """A question with a picture in its text, and a file."""
    picture = stored_file(PNG, name="kaart.png", content_type="image/png", content_id="k@p", is_inline=True)
    html = '<p>Telt dit mee?</p><img src="cid:k@p">'
    new = customer_mail(html=html, files=(picture, stored_file(b"lijst", name="lijst.xlsx")))
    return make_ticket(queue, customer=customer, article=new).articles.get()


def filled(mail: Article, *, queue: Queue, **changes: Any) -> PhoneTicket:
    picture, file = mail.attachments.order_by("pk")
    assert mail.ticket.customer is not None
    new = PhoneTicket(
        submission=uuid.uuid4(),
        subject="Bagage",
        html=f'<p>Zie</p><blockquote>Telt dit mee? <img data-attachment="{picture.pk}"></blockquote>',
        queue=queue,
        customer=mail.ticket.customer,
        address="karin@post.example",
        state=state_by_key("open"),
        split_from=mail,
        along=(file,),
    )
    return replace(new, **changes)


def by_mail(new: PhoneTicket) -> MailTicket:
    names = ("submission", "subject", "html", "queue", "customer", "address", "state", "split_from", "along")
    return MailTicket(**{name: getattr(new, name) for name in names})


@pytest.mark.parametrize("way", ["phone", "mail"])
def test_customer_queue_files_and_images_go_along_once(mail: Article, owner: Agent, way: str) -> None:
    new, by = filled(mail, queue=mail.ticket.queue), actor(owner)
    for _time in range(2):
        if way == "phone":
            done = create_by_phone(actor=by, new=new, now=NOW)
        else:
            done = create_by_mail(actor=by, new=by_mail(new), now=NOW)
    ticket = done.ticket
    assert list(Ticket.objects.order_by("pk")) == [mail.ticket, ticket]
    assert (ticket.customer, ticket.queue) == (mail.ticket.customer, mail.ticket.queue)
    kept, before = (
        {(file.name, file.blob_id, file.is_inline) for file in article.attachments.all()}
        for article in (done.written, mail)
    )
    assert kept == before
    assert "cid:" in done.written.html
    assert OutboundMessage.objects.count() == (way == "mail")


def test_the_old_ticket_is_the_parent_and_both_histories_say_so(mail: Article, owner: Agent) -> None:
    done = create_by_phone(actor=actor(owner), new=filled(mail, queue=mail.ticket.queue), now=NOW)
    link = TicketLink.objects.get()
    assert (link.source, link.target, link.kind) == (mail.ticket, done.ticket, TicketLink.Kind.PARENT)
    linked = mail.ticket.events.get(kind=EventKind.LINKED)
    assert sentences(linked) == [f"Gekoppeld aan: {done.ticket.number}"]
    assert f"Afgesplitst van ticket: {mail.ticket.number}" in sentences(done.event)
    mail.ticket.refresh_from_db()
    assert (mail.ticket.article_count, mail.ticket.locked) == (1, False)


def test_who_only_reads_the_old_one_and_only_makes_the_new_one_may(mail: Article, other_queue: Queue) -> None:
    desk = make_agent("balie")
    grant(desk, mail.ticket.queue, QueuePermission.Right.READ)
    grant(desk, other_queue, QueuePermission.Right.CREATE)
    done = create_by_phone(actor=actor(desk), new=filled(mail, queue=other_queue), now=NOW)
    assert (done.ticket.queue, done.ticket.owner) == (other_queue, None)


def test_nothing_is_split_off_a_ticket_that_one_may_not_see(
    mail: Article, other_queue: Queue, stranger: Agent
) -> None:
    new = filled(mail, queue=other_queue)
    with pytest.raises(NotAllowed):
        create_by_phone(actor=actor(stranger), new=new, now=NOW)
    with pytest.raises(NotAllowed):
        create_by_mail(actor=actor(stranger), new=by_mail(new), now=NOW)
    assert (Ticket.objects.count(), OutboundMessage.objects.count()) == (1, 0)


def test_neither_what_is_internal_nor_a_file_of_another_message_goes_along(
    mail: Article, owner: Agent, queue: Queue
) -> None:
    note = add_note(actor=actor(owner), ticket=mail.ticket, **words()).written
    other = make_ticket(queue, article=customer_mail(files=(stored_file(),))).articles.get()
    new = filled(mail, queue=queue)
    wrong = (replace(new, split_from=note, along=()), replace(new, along=tuple(other.attachments.all())))
    for each in wrong:
        with pytest.raises(BadInput):
            create_by_phone(actor=actor(owner), new=each, now=NOW)
        with pytest.raises(BadInput):
            create_by_mail(actor=actor(owner), new=by_mail(each), now=NOW)
    assert not TicketLink.objects.exists()
