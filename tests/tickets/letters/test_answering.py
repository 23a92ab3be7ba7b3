"""Whom an answer goes to: as the mail that is answered says, as far as that is believed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent, CustomerAddress, Preferences
from outbox.models import OutboundMessage
from queues.models import MailAddress, Queue, QueuePermission, Signature
from tests.desk.screens.test_reply import filled_in
from tests.factories import NOW, actor, answer, customer_mail, make_customer, make_queue, make_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import take_ticket
from tickets.actions.reply import reply_to_ticket
from tickets.actor import Actor
from tickets.errors import BadInput
from tickets.letters.answering import answer_to, prefill, signature_of
from tickets.letters.bouncing import prefill_told
from tickets.letters.forwarding import prefill_forward
from tickets.letters.recipients import LINE_MOST, RECIPIENTS_MOST, split_addresses
from tickets.models import Article, Ticket

pytestmark = pytest.mark.django_db


def asked(queue: Queue, **mail: str) -> Article:
    """The mail that a ticket of a customer begins with."""
    article = customer_mail(**mail)
    customer = make_customer("karin@post.example")
    return make_ticket(queue, article=article, customer=customer).articles.get()


def make_own(*addresses: str, queue: Queue) -> None:
    """Addresses of ours of every kind: of a queue, of a form, of former times."""
    for address in addresses:
        kind = address.partition("@")[0]
        MailAddress.objects.create(
            address=address, queue=queue, is_form=kind == "formulier", is_active=kind != "oud"
        )


OWN = ("Spel+Nieuws@KVV.example", "spel+a+b@kvv.example", "formulier@kvv.example", "oud@kvv.example")


@pytest.mark.parametrize(("sender", "said"), [("Team Spel", "Team Spel"), ("", "Knopen"), (None, "Knopen")])
def test_a_customer_reads_the_name_that_mail_comes_from_never_our_tree_of_queues(
    owner: Agent, sender: str | None, said: str
) -> None:
    queue = make_queue("Kennisnetwerk::Spel::Knopen")
    queue.sender = None if sender is None else MailAddress(address="spel@kvv.example", name=sender)
    queue.signature = Signature(name="Groet", html="<p>Groet, <KVV_SENDER_NAME></p>")
    begun = prefill(ticket=Ticket(queue=queue), article=None, template=None, agent=owner)
    assert f"Groet, {said}</p>" in begun.html


def test_an_agents_own_line_closes_each_letter_once_and_is_nobody_elses(owner: Agent, reader: Agent) -> None:
    queue = make_queue("Spel en meer")
    queue.signature = Signature(name="Groet", html="<p>Groet</p>")
    Preferences.objects.create(agent=owner, closing="Ma & di <3")
    article = customer_mail()

    def ends_of(agent: Agent) -> list[str]:
        ticket = make_ticket(queue, article=article)
        mail = ticket.articles.get()
        ticket.queue = queue
        begun = prefill(ticket=ticket, article=None, template=None, agent=agent)
        forwarded = prefill_forward(ticket=ticket, article=mail, agent=agent, quoted_html="")
        told = prefill_told(ticket=ticket, mail=mail, agent=agent)
        shown = signature_of(ticket, agent=agent)
        return [html.partition("<p>Groet")[2] for html in (begun.html, forwarded.html, told.html, shown)]

    line = "</p><p>Ma &amp; di &lt;3</p>"
    assert all(end.startswith(line) and end.count("Ma &amp;") == 1 for end in ends_of(owner))
    assert not any("Ma &amp;" in end for end in ends_of(reader))
    queue.signature = Signature(name="Groet", html="<p>Groet &lt;KVV_CURRENT_CLOSING&gt;!</p>")
    article = customer_mail()
    assert all(end.startswith(" Ma &amp; di &lt;3!</p>") for end in ends_of(owner))
    assert all(end.startswith(" !</p>") for end in ends_of(reader))


@pytest.mark.parametrize("own", OWN)
def test_an_address_that_leads_to_us_is_never_written_to(queue: Queue, owner: Agent, own: str) -> None:
    make_own("spel@kvv.example", "formulier@kvv.example", "oud@kvv.example", queue=queue)
    article = asked(queue, reply_to=own, to="spel@kvv.example", cc=f"Ons <{own}>, jan@post.example")
    recipients = answer_to(article=article, ticket=article.ticket, reply_all=True)
    assert recipients.to == ("Karin Klant <karin@post.example>",)
    assert recipients.cc == ("jan@post.example",)
    assert recipients.elsewhere == ()
    with pytest.raises(BadInput, match="onszelf"):
        reply_to_ticket(
            actor=actor(owner), ticket=article.ticket, answer=answer(article.ticket, to=(own,)), now=NOW
        )


ODD = [
    "Wim.Jansen+AbC@post.example",
    "jan..jansen@docomo.example",
    ".jan@post.example",
    "jan.@post.example",
    "jan@mijn_club.example",
    "jan@intranet",
    "jan[werk]@post.example",
    "jörg@post.example",
]


@pytest.mark.parametrize("odd", ODD)
def test_what_came_in_is_answered_as_it_was_written(
    client: Client, owner: Agent, queue: Queue, odd: str
) -> None:
    ticket = asked(queue, from_header=f"Jan <{odd}>", from_address=odd.lower()).ticket
    recipients = answer_to(article=ticket.articles.get(), ticket=ticket, reply_all=False)
    assert recipients.to == (f"Jan <{odd}>",)
    client.force_login(owner)
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=timezone.now())
    form = filled_in(ticket, to=", ".join(recipients.to))
    assert client.post(reverse("desk:reply", args=[ticket.number]), form).status_code == 302
    sent = OutboundMessage.objects.get()
    assert [str(recipient) for recipient in sent.recipients.all()] == [odd]


def test_a_slip_of_the_hand_is_still_told(queue: Queue, owner: Agent) -> None:
    ticket = asked(queue).ticket
    for typed in ("karin@post", "karin..k@post.example", "karin"):
        with pytest.raises(BadInput, match="geen e-mailadres"):
            reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket, to=(typed,)), now=NOW)
    with pytest.raises(BadInput, match=r"'x{59}…' is geen"):
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket, to=("x" * 9_000,)), now=NOW)


def test_the_dot_that_ends_a_domain_is_told_to_no_mail_server(queue: Queue) -> None:
    article = asked(queue, from_header="jan@post.example.", from_address="jan@post.example")
    assert answer_to(article=article, ticket=article.ticket, reply_all=False).to == ("jan@post.example",)


def test_the_customer_in_cc_is_written_to_as_they_wrote_themselves(queue: Queue) -> None:
    ticket = asked(queue, from_header="Karin <Karin@Post.example>").ticket
    mail = customer_mail(from_header="jan@post.example", from_address="jan@post.example")
    article = add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW).written
    assert answer_to(article=article, ticket=ticket, reply_all=False).cc == ("Karin@Post.example",)


@pytest.mark.parametrize("name", ["", "n" * 290])
def test_everybody_is_never_more_than_can_be_written_to(queue: Queue, name: str) -> None:
    many = [f"{name} <jan{n}@post.example>" if name else f"jan{n}@post.example" for n in range(70)]
    article = asked(queue, cc=", ".join(many))
    recipients = answer_to(article=article, ticket=article.ticket, reply_all=True)
    line = ", ".join(recipients.cc)
    assert len(recipients.cc) <= RECIPIENTS_MOST
    assert len(line) <= LINE_MOST
    assert len(split_addresses(line)) + recipients.left_out == 71  # with the queue's, which is unknown here
    assert recipients.left_out > 0


FOREIGN = "Aanval <aanval@evil.example>"


def test_an_answer_goes_to_who_wrote_and_a_reply_to_that_nobody_knows_is_offered(
    client: Client, owner: Agent, queue: Queue
) -> None:
    ticket = asked(queue, reply_to=FOREIGN).ticket
    recipients = answer_to(article=ticket.articles.get(), ticket=ticket, reply_all=False)
    assert recipients.to == ("Karin Klant <karin@post.example>",)
    assert recipients.elsewhere == (FOREIGN,)
    client.force_login(owner)
    warning = "vraagt om een antwoord aan"
    page = client.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
    assert warning in page
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=timezone.now())
    address = reverse("desk:reply", args=[ticket.number])
    assert page_to(client.get(address).content.decode()) == "Karin Klant &lt;karin@post.example&gt;"
    page = client.post(address, filled_in(ticket, answer_elsewhere="1")).content.decode()
    assert page_to(page) == "Aanval &lt;aanval@evil.example&gt;"
    assert warning in page
    assert not OutboundMessage.objects.exists()


def page_to(page: str) -> str:
    """What stands in To."""
    field = next(piece for piece in page.split("<input") if 'name="to"' in piece)
    return field.partition('value="')[2].partition('"')[0]


@pytest.mark.parametrize("how", ["customer", "written_to"])
def test_a_reply_to_that_customer_or_ticket_knows_is_followed(queue: Queue, owner: Agent, how: str) -> None:
    known = "Werk <karin@werk.example>"
    article = asked(queue, reply_to=known)
    if how == "customer":
        assert article.ticket.customer is not None
        CustomerAddress.objects.create(customer=article.ticket.customer, address="karin@werk.example")
    else:
        written = answer(article.ticket, cc=(known,))
        reply_to_ticket(actor=actor(owner), ticket=article.ticket, answer=written, now=NOW)
    recipients = answer_to(article=article, ticket=article.ticket, reply_all=False)
    assert (recipients.to, recipients.elsewhere) == ((known,), ())


@pytest.mark.parametrize("named", ["cc", "seen", "unseen", "reply_to"])
def test_who_only_wrote_or_is_named_in_a_mail_is_not_known_by_that(queue: Queue, named: str) -> None:
    article = asked(queue, reply_to=FOREIGN)
    mail = {
        "cc": customer_mail(cc=FOREIGN),
        "seen": customer_mail(from_header=FOREIGN, from_address="aanval@evil.example"),
        "unseen": customer_mail(from_header=FOREIGN, from_address="aanval@evil.example", is_visible=False),
        "reply_to": customer_mail(reply_to=FOREIGN),
    }
    add_follow_up(actor=Actor.mail(), ticket=article.ticket, article=mail[named], now=NOW)
    assert answer_to(article=article, ticket=article.ticket, reply_all=False).elsewhere == (FOREIGN,)


def test_what_a_form_of_ours_mails_is_answered_to_who_filled_it_in(queue: Queue) -> None:
    make_own("formulier@kvv.example", queue=queue)
    article = asked(queue, from_header="formulier@kvv.example", reply_to="jan@post.example")
    recipients = answer_to(article=article, ticket=article.ticket, reply_all=False)
    assert (recipients.to, recipients.elsewhere) == (("jan@post.example",), ())
