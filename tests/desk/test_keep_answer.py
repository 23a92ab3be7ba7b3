"""Bewaar als standaardantwoord: what an answer said to one customer, for the next ones."""

import uuid
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent, Customer, Group
from queues.access import rights_of
from queues.keeping import left_in, with_placeholders
from queues.models import Queue, QueuePermission, ResponseTemplate, Salutation, Signature
from tests.factories import actor, answer, grant, make_queue, make_ticket
from tickets.actions.reply import reply_to_ticket
from tickets.letters.answering import prefill
from tickets.models import Article, Ticket

pytestmark = pytest.mark.django_db

NAME, NUMBER = "&lt;KVV_CUSTOMER_REALNAME&gt;", "&lt;KVV_TICKET_NUMBER&gt;"


@pytest.fixture
def keeper(owner: Agent) -> Agent:
    """The owner, whose groups may keep standard answers now."""
    Group.objects.filter(agents=owner).update(keeps_texts=True)
    return owner


@pytest.fixture
def desk(client: Client, keeper: Agent) -> Client:
    client.force_login(keeper)
    return client


def answered(ticket: Ticket, agent: Agent, *, html: str) -> Article:
    """An answer that was sent, begun as a form begins it; `html` stands where one writes."""
    begun = prefill(ticket=ticket, article=ticket.articles.get(), template=None, agent=agent).html
    written = begun.replace("<p data-here><br></p>", html)
    assert html in written
    reply_to_ticket(
        actor=actor(agent), ticket=ticket, answer=answer(ticket, html=written), now=timezone.now()
    )
    return ticket.articles.latest("pk")


def address_of(article: Article) -> str:
    return reverse("desk:keep_answer", args=[article.ticket.number, article.pk])


def sent(queue: Queue, **changes: Any) -> dict[str, Any]:
    return {
        "submission": str(uuid.uuid4()),
        "name": "Polis",
        "queues": [queue.pk],
        "rich": "1",
        "html": "<p>De polis dekt dit.</p>",
    } | changes


def test_what_an_answer_said_is_shown_without_what_only_its_customer_was_told(
    desk: Client, keeper: Agent, ticket: Ticket, queue: Queue
) -> None:
    queue.salutation = Salutation.objects.create(name="Beste", html="<p>Beste <KVV_CUSTOMER_NAME>,</p>")
    queue.signature = Signature.objects.create(
        name="Groet", html="<p>Groet,<br><KVV_CURRENT_USERFULLNAME></p><p>Het team</p>"
    )
    queue.save(update_fields=["salutation", "signature"])
    said = (
        f"<p>Karin Klant, zo gaat <b>dat</b> in {ticket.number}, Karin.</p>"
        '<p>Bel <a href="https://x.example/?q=Karin">Jan Jansen</a>: 06-12345678 of jan@post.example.</p>'
    )
    article = answered(ticket, keeper, html=said)
    page = desk.get(address_of(article))
    form = page.context["form"]
    link = '<a href="https://x.example/?q=Karin" target="_blank" rel="noopener noreferrer">'
    assert form.shown_html == (
        f"<p>{NAME}, zo gaat <b>dat</b> in {NUMBER}, {NAME}.</p>"
        f"<p>Bel {link}Jan Jansen</a>: 06-12345678 of jan@post.example.</p>"
    )
    assert form.left == ["jan@post.example", "06-12345678", "Karin"]  # who stands in the link
    assert "Andere klanten gaan dit lezen" in page.content.decode()
    assert form["queues"].value() == [queue.pk]


def test_it_is_kept_clean_for_the_chosen_queues_and_offered_there(
    desk: Client, keeper: Agent, ticket: Ticket, queue: Queue
) -> None:
    address = address_of(answered(ticket, keeper, html="<p>Ja.</p>"))
    assert address in desk.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
    kept = desk.post(
        address, sent(queue, html=f"<p>{NAME}: www.x.example<script>1</script></p>"), follow=True
    )
    assert "‘Polis’ is nu een standaardantwoord" in kept.content.decode()
    template = ResponseTemplate.objects.get()
    assert template.html.startswith(f'<p>{NAME}: <a href="http://www.x.example"')
    assert template.html.endswith(">www.x.example</a></p>")
    assert (list(template.queues.all()), template.kind) == ([queue], "answer")
    assert LogEntry.objects.get().user_id == keeper.pk


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Dit veld is verplicht"),
        ({"name": "x" * 101}, "100"),
        ({"name": "Bezet"}, "Er is al een standaardantwoord met deze naam"),
        ({"queues": []}, "Kies een wachtrij"),
        ({"queues": ["x"]}, "staat er niet (meer) in"),
        ({"html": "<p> </p>"}, "Schrijf eerst een tekst"),
        ({"html": f"<p>{'é' * 5_200}</p>"}, "hoogstens 10.000 tekens"),
        ({"rich": "", "text": ""}, "Schrijf eerst een tekst"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    desk: Client, keeper: Agent, ticket: Ticket, queue: Queue, changes: dict[str, Any], said: str
) -> None:
    ResponseTemplate.objects.create(name="Bezet", html="<p>Al.</p>")
    page = desk.post(address_of(answered(ticket, keeper, html="<p>Ja.</p>")), sent(queue, **changes))
    assert (page.status_code, said in page.content.decode()) == (422, True)
    assert ResponseTemplate.objects.count() == 1
    if "html" not in changes and "rich" not in changes:
        assert "De polis dekt dit." in page.content.decode()


def test_only_who_may_keep_texts_does_and_only_for_their_queues(
    client: Client, keeper: Agent, colleague: Agent, ticket: Ticket, queue: Queue, other_queue: Queue
) -> None:
    article = answered(ticket, keeper, html="<p>Ja.</p>")
    read = make_queue("Meegelezen")
    grant(keeper, read, QueuePermission.Right.READ, QueuePermission.Right.NOTE)
    Group.objects.filter(agents=keeper).update(keeps_texts=True)
    assert rights_of(keeper).keeps_texts == {queue.pk}
    client.force_login(keeper)
    assert "Meegelezen" not in client.get(address_of(article)).content.decode().partition("<main")[2]
    for stolen in (other_queue, read):
        assert client.post(address_of(article), sent(queue, queues=[queue.pk, stolen.pk])).status_code == 422
    question = ticket.articles.earliest("pk")
    assert client.get(address_of(question)).status_code == 404
    client.force_login(colleague)
    assert client.get(address_of(article)).status_code == 403
    refused = client.post(address_of(article), sent(queue))
    assert (refused.status_code, "De polis dekt dit." in refused.content.decode()) == (403, True)
    assert address_of(article) not in client.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
    assert not ResponseTemplate.objects.exists()


def test_an_answer_of_plain_text_and_of_nobody_known_is_kept_too(
    desk: Client, keeper: Agent, queue: Queue
) -> None:
    ticket = make_ticket(queue)
    article = answered(ticket, keeper, html="<p>Ja, Karin Klant.</p>")
    Article.objects.filter(pk=article.pk).update(html="", text="Ja, Karin Klant.\n\nTot dan <b>")
    form = desk.get(address_of(article)).context["form"]
    assert form.shown_html == f"<p>Ja, {NAME}.</p><p>Tot dan &lt;b&gt;</p>"


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>Karin Klanten, Karins, KARIN</p>", "<p>Karin Klanten, Karins, KARIN</p>"),
        ("<p>Karin Klant &amp; co</p>", "<p>&lt;X&gt; &amp; co</p>"),
        ('<p title="Karin Klant">a<img src="x">b</p>', '<p title="Karin Klant">ab</p>'),
        ("<p>[.*] Karin</p>", "<p>&lt;Y&gt; Karin</p>"),
    ],
)
def test_whole_words_of_texts_alone_become_placeholders(html: str, kept: str) -> None:
    assert with_placeholders(html, {"Karin Klant": "X", "[.*]": "Y", " ": "Z"}) == kept


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Beste Piet, bel +31 (0)6 1234 5678.", ["+31 (0)6 1234 5678", "Piet"]),
        ("Geachte mevrouw De Vries", ["De"]),
        ("Hallo allemaal, over 2026 en 12-11-2026 en € 1.250,00", []),
        ("Klant: a@b.example, a@b.example", ["a@b.example", "Klant"]),
        ("Beste <KVV_CUSTOMER_REALNAME>, klant", []),
        ("a@" * 20_000, []),
    ],
)
def test_addresses_numbers_and_names_that_are_left_are_told(text: str, left: list[str]) -> None:
    assert left_in(text, names=["Klant", ""]) == left


def test_the_page_asks_as_much_of_many_texts_as_of_few(
    desk: Client, keeper: Agent, ticket: Ticket, customer: Customer, django_assert_max_num_queries: Any
) -> None:
    article = answered(ticket, keeper, html="<p>Ja.</p>")
    for number in range(20):
        grant(keeper, make_queue(f"Rij {number}"), QueuePermission.Right.ALL)
    Group.objects.filter(agents=keeper).update(keeps_texts=True)
    desk.get(address_of(article))
    with django_assert_max_num_queries(18):
        assert "Rij 19" in desk.get(address_of(article)).content.decode()
