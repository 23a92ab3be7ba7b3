"""The page of a ticket: what is open, what stands in the page itself, whose lock it is, and what happened."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue
from tests.desk.reading import text
from tests.factories import NOW, actor, answer, customer_mail, make_ticket, stored_file
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket
from tickets.actions.note import add_note
from tickets.actions.reply import reply_to_ticket
from tickets.actor import Actor
from tickets.changing.article_rows import insert_article
from tickets.changing.written import Written
from tickets.models import Article, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

HIDDEN = "margin:-900px;color:#fefefe"


def shown(desk: Client, ticket: Ticket, query: str = "") -> str:
    return text(desk.get(reverse("desk:zoom", args=[ticket.number]) + query))


def written(html: str, subject: str = "Notitie") -> Written:
    return Written(submission=uuid4(), subject=subject, html=html)


def open_ones(page: str) -> list[str]:
    """The numbers of the interactions that are open, from the top."""
    return re.findall(r'<article [^>]*id="art-(\d+)"', page)


def machine(ticket: Ticket) -> Article:
    """An automatic answer."""
    mail = customer_mail(
        sender_type=Article.SenderType.SYSTEM, direction="out", subject="Gelezen", text="We hebben je mail."
    )
    return insert_article(ticket=ticket, new=mail, now=NOW)


def test_tabs_begin_with_the_subject(desk: Client, queue: Queue) -> None:
    ticket = make_ticket(queue, title="Kampvuur op het strand")
    assert f"<title>Kampvuur op het strand · {ticket.number} · KVV" in shown(desk, ticket)
    history = text(desk.get(reverse("desk:history", args=[ticket.number])))
    assert f"<title>Kampvuur op het strand · {ticket.number} · Geschiedenis" in history


def test_texts_of_agents_stand_in_the_page_without_their_look(
    desk: Client, ticket: Ticket, owner: Agent
) -> None:
    html = f'<p style="{HIDDEN}">Zo <b>gaat</b> dat.</p><p><br></p>'
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket, html=html), now=NOW)
    add_note(actor=actor(owner), ticket=ticket, note=written(f"<ul><li>{html}</li></ul>"), now=NOW)
    page = shown(desk, ticket)
    assert open_ones(page) == ["3", "2", "1"]
    assert page.count("<p>Zo <b>gaat</b> dat.</p>") == 2
    assert "<iframe" not in page
    assert HIDDEN not in page


def test_an_answer_that_quotes_what_would_be_loaded_keeps_its_frame(
    desk: Client, ticket: Ticket, owner: Agent
) -> None:
    html = '<p>Zo.</p><blockquote><img src="https://away.example/volg.png"></blockquote>'
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket, html=html), now=NOW)
    page = shown(desk, ticket)
    assert "<iframe" in page
    assert "Laad actieve inhoud." in page


def test_an_image_in_a_note_is_shown_from_here(desk: Client, ticket: Ticket) -> None:
    image = stored_file(name="kaart.png", content_type="image/png", content_id="kaart@kvv", is_inline=True)
    mail = customer_mail(
        sender_type=Article.SenderType.SYSTEM,
        channel=Article.Channel.NOTE,
        direction=Article.Direction.INTERNAL,
        is_visible=False,
        from_header="",
        from_address="",
        html='<p>Kijk: <img src="cid:kaart@kvv"></p>',
        files=(image,),
    )
    note = insert_article(ticket=ticket, new=mail, now=NOW)
    address = reverse("desk:attachment", args=[ticket.number, note.attachments.get().pk])
    page = shown(desk, ticket)
    assert f'<p>Kijk: <img src="{address}"></p>' in page
    assert "#2</span> KVV" in page  # nobody wrote it
    assert "systeem – notitie intern" in page


def test_a_mail_can_be_read_as_its_plain_text(desk: Client, queue: Queue) -> None:
    ticket = make_ticket(queue, article=customer_mail(text="In letters", html="<p>In <b>opmaak</b></p>"))
    assert "<iframe" in shown(desk, ticket)
    page = shown(desk, ticket, f"?text={ticket.articles.get().pk}")
    assert '<pre class="mailtext">In letters</pre>' in page
    assert "<iframe" not in page


def test_open_is_the_newest_of_the_customer_and_of_a_closed_ticket_the_newest_answer(
    desk: Client, ticket: Ticket, owner: Agent
) -> None:
    machine(ticket)
    filled = answer(ticket, state=state_by_key("open"))
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW)
    assert open_ones(shown(desk, ticket)) == ["1"]
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    assert open_ones(shown(desk, ticket)) == ["4"]
    ticket.refresh_from_db()
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket), now=NOW)
    assert open_ones(shown(desk, ticket)) == ["5", "4"]


def test_what_a_machine_wrote_is_folded_below_what_it_answers(desk: Client, ticket: Ticket) -> None:
    machine(ticket)
    page = shown(desk, ticket)
    assert open_ones(page) == ["1"]
    folded = page.index('<details class="box article article--fold art--system article--later" id="art-2">')
    assert page.index('id="art-1"') < folded


@pytest.mark.parametrize(
    "doubtful",
    [{"warning": "unknown_sender"}, {"authentication": "dmarc=fail"}, {"reply_to": "ander@vreemd.example"}],
    ids=str,
)
def test_a_folded_message_says_in_its_line_that_there_is_a_warning_in_it(
    desk: Client, queue: Queue, doubtful: dict[str, str]
) -> None:
    ticket = make_ticket(queue, article=customer_mail(**doubtful))
    assert "let op" not in shown(desk, ticket)
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    page = shown(desk, ticket)
    assert "let op" in page.partition('id="art-1"')[2].partition("</summary>")[0]
    assert page.count("let op") == 1


def test_a_subject_is_said_where_it_is_another_than_the_tickets(desk: Client, queue: Queue) -> None:
    ticket = make_ticket(queue, title="Kampvuur", article=customer_mail(subject="Kampvuur"))
    mails = [customer_mail(subject=subject) for subject in (f"Re: [Ticket#{ticket.number}] kampvuur", "Hout")]
    for mail in mails:
        add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW)
    page = shown(desk, ticket)
    assert "#3</span> Karin Klant: Hout</h2>" in page
    assert "#2</span> Karin Klant: Hoe gaat dat?</h2>" in page  # folded: how it begins


def test_the_newest_mail_can_be_answered_below_it_and_says_who_else_got_it(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    assert "Allen beantwoorden</button>" not in shown(desk, ticket)
    assert queue.sender is not None
    mail = customer_mail(to=queue.sender.address, cc="Piet <piet@post.example>, karin@post.example")
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW)
    page = shown(desk, ticket)
    assert "Allen beantwoorden</button>" in page
    assert "Ook gericht aan: piet@post.example<" in page
    assert "cc Piet, karin" in page


def test_the_table_is_open_from_five_interactions_on(desk: Client, ticket: Ticket) -> None:
    for _mail in range(3):
        add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    assert '<details class="box interactions">' in shown(desk, ticket)
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    page = shown(desk, ticket)
    assert '<details class="box interactions" open>' in page
    assert "5 interacties" in page


def test_whose_lock_it_is_is_said_and_what_can_be_done_all_the_same(
    desk: Client, ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    assert "op naam van" not in shown(desk, ticket)
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    assert "vergrendeld (jij)" in shown(desk, ticket)
    theirs = make_ticket(ticket.queue)
    lock_ticket(actor=actor(colleague), ticket=theirs, now=NOW)
    page = shown(desk, theirs)
    assert f"vergrendeld ({colleague})" in page
    assert f"<b>Vergrendeld op naam van {colleague}</b> sinds 24-11 11:00; je kunt wel een <a href=" in page


def test_the_history_says_who_wrote_to_whom_the_newest_first(
    desk: Client, ticket: Ticket, owner: Agent
) -> None:
    filled = answer(ticket, cc=("piet@post.example",), state=state_by_key("open"))
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled, now=NOW)
    add_note(actor=actor(owner), ticket=ticket, note=written("<p>x</p>", "Over hout"), now=NOW)
    page = text(desk.get(reverse("desk:history", args=[ticket.number])))
    told = ["Notitie toegevoegd: Over hout", "Antwoord verstuurd aan karin@post.example, piet@post.example"]
    told += ["Karin Klant</span>", "Nieuw ticket aangemaakt"]
    assert sorted(told, key=page.index) == told
    assert ">mail<" not in page
