"""Answering whom an agent asked beside the customer: they get the answer, the customer nothing of it."""

import uuid
from email import message_from_bytes
from email.policy import default

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from blobs.store import read_bytes
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from outbox.models import OutboundMessage
from queues.models import Queue, Salutation
from tests.factories import NOW, actor, answer, customer_mail, make_customer, stored_file
from tickets.actions.customer import change_customer
from tickets.actions.follow_up import add_follow_up
from tickets.actions.note import add_note
from tickets.actions.reply import reply_to_ticket
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.changing.written import Written
from tickets.errors import BadInput
from tickets.models import Article, Ticket
from tickets.states import state_by_key

KARIN, BRAM, MEDE = "karin@post.example", "bram@elders.example", "mede@elders.example"


@pytest.fixture
def reply(ticket: Ticket, queue: Queue) -> Article:
    """What an expert wrote, whom an agent asked: the customer is named wherever a mail can name them."""
    assert queue.sender is not None
    sketch = stored_file(
        b"\x89PNG", name="schets.png", content_type="image/png", content_id="schets@elders", is_inline=True
    )
    mail = customer_mail(
        from_header=f"Bram Bos <{BRAM}>",
        from_address=BRAM,
        to=queue.sender.address,
        reply_to=f"Karin <{KARIN}>",
        cc=f"{KARIN}, {MEDE}",
        subject="Re: Vraag",
        text="Zeg haar van nee.",
        html='<p>Zeg haar van <b>nee</b>.</p><img src="cid:schets@elders">',
        is_visible=False,
        message_id="nee@elders.example",
        files=(sketch,),
    )
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW)
    return ticket.articles.get(is_visible=False)


def begun(desk: Client, article: Article, **asked: str | int) -> dict[str, str]:
    """The form as it begins."""
    address = reverse("desk:reply", args=[article.ticket.number])
    form = desk.get(address, {"article": article.pk, **asked}).context["form"]
    names = ("submission", "to", "cc", "subject", "seen_event", "answered", "html", "state", "kind")
    values = {name: str(form[name].value()) for name in names if form[name].value() is not None}
    return {"rich": "1", "kind": "external"} | values


def send(desk: Client, article: Article, form: dict[str, str]) -> tuple[int, str]:
    """What comes of the form."""
    answer = desk.post(reverse("desk:reply", args=[article.ticket.number]), form)
    return answer.status_code, answer.content.decode()


def test_it_is_offered_and_begins_with_the_expert_their_name_and_words_and_not_the_customer(
    desk: Client, ticket: Ticket, queue: Queue, reply: Article, owner: Agent
) -> None:
    note = Written(submission=uuid.uuid4(), subject="Intern", html="<p>Onder ons</p>")
    note_id = add_note(actor=actor(owner), ticket=ticket, note=note, now=NOW).written.pk
    page = desk.get(reverse("desk:zoom", args=[ticket.number]), {"article": reply.pk}).content.decode()
    assert f'name="article" value="{reply.pk}"' in page.partition('class="article__reply"')[2]
    page = desk.get(reverse("desk:zoom", args=[ticket.number]), {"article": note_id}).content.decode()
    own = page.partition(f'id="art-{ticket.articles.count()}"')[2].partition("</article>")[0]
    assert "Onder ons" in own
    assert "article__reply" not in own

    queue.salutation = Salutation.objects.create(name="Beste", html="<p>Beste <KVV_CUSTOMER_NAME>,</p>")
    queue.save(update_fields=["salutation"])
    form = begun(desk, reply)
    assert (form["to"], form["cc"]) == (f"Bram Bos <{BRAM}>", "")
    assert (form["kind"], form["state"]) == ("internal", str(state_by_key("open").pk))
    assert "Beste Bram Bos," in form["html"]
    assert "Zeg haar van" in form["html"]
    assert begun(desk, reply, all="1")["cc"] == MEDE
    assert begun(desk, ticket.articles.order_by("pk")[0])["kind"] == "external"


def test_it_goes_to_the_expert_and_stays_unseen_whatever_kind_was_sent_and_so_does_what_comes_back(
    desk: Client, ticket: Ticket, queue: Queue, reply: Article
) -> None:
    form = begun(desk, reply)
    form["html"] = f"<p>Dank!</p>{form['html']}"
    assert send(desk, reply, form | {"kind": "external"})[0] == 302
    article = ticket.articles.latest("pk")
    assert (article.is_visible, article.to) == (False, f"Bram Bos <{BRAM}>")
    assert article.outbound is not None
    mail = message_from_bytes(read_bytes(article.outbound.mime_id), policy=default)
    assert (mail["In-Reply-To"], mail["Cc"]) == ("<nee@elders.example>", None)
    assert [part.get_filename() for part in mail.walk() if part.get_filename()] == ["schets.png"]
    assert list(article.outbound.recipients.values_list("address", flat=True)) == [BRAM]
    ticket.refresh_from_db()
    assert (ticket.first_answer_at, ticket.state.key) == (None, "open")

    lines = (f"From: {BRAM}", "Message-ID: <weer@elders.example>", f"In-Reply-To: <{article.message_id}>")
    raw = "\r\n".join([*lines, "", "Graag gedaan", ""]).encode()
    deliver(take_in_many([Arrival(raw=raw, way=InboundMessage.Way.PIPE, queue=queue)], lease=uuid.uuid4()))
    back = ticket.articles.latest("pk")
    assert (back.message_id, back.is_visible) == ("weer@elders.example", False)
    theirs = begun(desk, ticket.articles.order_by("pk")[0])
    assert send(desk, reply, theirs | {"html": f"<p>Nee.</p>{theirs['html']}"})[0] == 302
    answer = ticket.articles.latest("pk")
    assert answer.outbound is not None
    left = read_bytes(answer.outbound.mime_id).decode()
    assert (answer.is_visible, answer.references) == (True, ticket.articles.order_by("pk")[0].message_id)
    for word in ("bram", "Zeg haar", "schets", "gedaan", "elders"):
        assert word not in left + answer.html


@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
def test_the_customer_gets_nothing_of_it_by_any_field(
    desk: Client, ticket: Ticket, reply: Article, field: str
) -> None:
    form = begun(desk, reply)
    status, page = send(desk, reply, form | {"html": "<p>Dank!</p>", field: "Karin <KARIN@post.example>"})
    assert status == 422
    assert "die dit bericht niet ziet: haal het adres weg" in page
    assert not OutboundMessage.objects.exists()


def test_after_another_customer_was_chosen_it_is_still_the_experts(
    desk: Client, ticket: Ticket, reply: Article, owner: Agent
) -> None:
    other = make_customer("ander@post.example")
    change_customer(
        actor=actor(owner), ticket=ticket, customer=other, form=Form(submission=uuid.uuid4()), now=NOW
    )
    form = begun(desk, reply)
    assert (form["to"], form["cc"]) == (f"Bram Bos <{BRAM}>", "")
    assert "Zeg haar van" in form["html"]


def test_what_is_between_agents_is_answered_to_nobody(ticket: Ticket, owner: Agent) -> None:
    note = Written(submission=uuid.uuid4(), subject="Intern", html="<p>Onder ons</p>")
    noted = add_note(actor=actor(owner), ticket=ticket, note=note, now=NOW).written
    with pytest.raises(BadInput, match="intern"):
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket, answered=noted), now=NOW)
