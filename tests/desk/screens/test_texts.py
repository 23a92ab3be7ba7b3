"""Standard answers beside a text: who finds which, what is put in, and the list of who has no script."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent, Customer
from queues.models import Queue, QueuePermission, ResponseTemplate
from tests.factories import customer_mail, grant, make_queue, make_ticket
from tests.house.screens import filled_in
from tickets.models import Article, Ticket

pytestmark = pytest.mark.django_db

KIND = ResponseTemplate.Kind


def make_text(
    name: str, *queues: Queue, html: str = "<p>Zo.</p>", kind: str = KIND.ANSWER
) -> ResponseTemplate:
    template = ResponseTemplate.objects.create(name=name, html=html, kind=kind)
    template.queues.set(queues)
    return template


def lines(client: Client, ticket: Ticket, *, screen: str = "antwoord", **asked: str) -> list[str]:
    """The names that are found, those of other queues with a mark."""
    page = client.get(reverse("desk:find_texts", args=[ticket.number, screen]), asked).content.decode()
    found = re.findall(r'data-at="[^"]+"><span>([^<]*)</span>\s*(<span class="sub">)?', page)
    said = "1 tekst gevonden" if len(found) == 1 else f"{len(found)} teksten gevonden"
    assert said in page
    return [name + ("*" if other else "") for name, other in found]


def text(
    client: Client, ticket: Ticket, template: ResponseTemplate, screen: str = "antwoord", **asked: str | int
) -> str:
    answer = client.get(reverse("desk:text", args=[ticket.number, screen, template.pk]), asked)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_the_queues_own_come_first_then_those_of_queues_where_one_may_do_everything(
    desk: Client, ticket: Ticket, queue: Queue, other_queue: Queue, owner: Agent
) -> None:
    theirs, read = make_queue(), make_queue()
    grant(owner, theirs, QueuePermission.Right.ALL)
    grant(owner, read, QueuePermission.Right.READ, QueuePermission.Right.NOTE)
    make_text("Zeker", queue)
    make_text("Overal")
    make_text("Anders", theirs)
    make_text("Beide", theirs, other_queue)
    for name, hidden in (("Gelezen", read), ("Geheim", other_queue)):
        make_text(name, hidden)
    make_text("Genoteerd", queue, kind=KIND.NOTE)
    assert lines(desk, ticket) == ["Overal", "Zeker", "Anders*", "Beide*"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("POLIS", ["Polis", "Schade"]),
        ("schade polis", ["Schade"]),
        ("cafe", ["Schade"]),
        ("strong", []),
        ("100%", ["Polis"]),
        ("_", []),
        ("niets", []),
        ("\0 polis", ["Polis", "Schade"]),
        (" ", ["Anders", "Polis", "Schade"]),
    ],
)
def test_what_is_typed_is_looked_for_in_names_first_and_in_what_is_read_of_a_text(
    desk: Client, ticket: Ticket, queue: Queue, typed: str, found: list[str]
) -> None:
    make_text("Schade", queue, html="<p>De <strong>polis</strong> van het café.</p>")
    make_text("Polis", queue, html="<p>Voor 100% van de kosten.</p>")
    make_text("Anders", queue)
    assert lines(desk, ticket, q=typed) == found


def test_a_line_says_how_the_text_begins_and_no_more_than_ten_come(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    for number in range(12):
        make_text(
            f"Polis {number:02}",
            queue,
            html=f"<p>Beste &lt;KVV_CUSTOMER_REALNAME&gt;,</p>{'<p>Zo.</p>' * 90}",
        )
    address = reverse("desk:find_texts", args=[ticket.number, "antwoord"])
    page = desk.get(address, {"q": "polis"}).content.decode()
    assert page.count("data-at=") == 10
    assert "Beste Karin Klant, Zo. Zo." in page
    assert len(page) < 6_000


def test_the_text_is_clean_and_filled_for_this_ticket(desk: Client, ticket: Ticket, queue: Queue) -> None:
    html = "<p>Beste &lt;KVV_CUSTOMER_REALNAME&gt;, nummer &lt;KVV_TICKET_NUMBER&gt;.</p>"
    template = make_text("Polis", queue, html=f"{html}<script>alert(1)</script>")
    assert text(desk, ticket, template) == f"<p>Beste Karin Klant, nummer {ticket.number}.</p>"


def test_who_is_answered_gives_the_name_of_a_customer_whom_nobody_knows(
    desk: Client, queue: Queue, other_queue: Queue
) -> None:
    template = make_text("Polis", queue, html="<p>Beste &lt;KVV_CUSTOMER_REALNAME&gt;</p>")
    mail = customer_mail(from_header="Wie Weet <wie@post.example>", from_address="wie@post.example")
    ticket, elsewhere = make_ticket(queue, article=mail), make_ticket(other_queue)
    assert text(desk, ticket, template, answered=ticket.articles.get().pk) == "<p>Beste Wie Weet</p>"
    for article in (elsewhere.articles.get().pk, "x", 9**30):
        assert text(desk, ticket, template, answered=article) == "<p>Beste -</p>"


def test_texts_are_for_who_may_use_the_screen_and_of_its_kind(
    desk: Client, client: Client, reader: Agent, ticket: Ticket, queue: Queue
) -> None:
    for kind in KIND:
        make_text(kind, queue, kind=kind)
    note = ResponseTemplate.objects.get(kind=KIND.NOTE)
    for screen, name in (
        *(("antwoord", "answer"), ("notitie", "note"), ("sluiten", "note")),
        *(("uitgaand-gesprek", "phone"), ("inkomend-gesprek", "phone")),
    ):
        assert lines(desk, ticket, screen=screen) == [name]
    assert text(desk, ticket, note, screen="notitie") == "<p>Zo.</p>"
    assert text(desk, ticket, note) == "404"
    for screen in ("wachtrij", "klant", "niets"):
        assert desk.get(reverse("desk:find_texts", args=[ticket.number, screen])).status_code == 404
    client.force_login(reader)
    grant(reader, queue, QueuePermission.Right.NOTE)
    assert text(client, ticket, note, screen="notitie") == "<p>Zo.</p>"
    assert text(client, ticket, note, screen="sluiten") == "403"


def test_the_list_offers_what_the_queue_does_and_without_any_text_there_is_neither(
    desk: Client, ticket: Ticket, queue: Queue, owner: Agent
) -> None:
    address = reverse("desk:note", args=[ticket.number])
    assert 'name="template"' not in desk.get(address, headers={"HX-Request": "true"}).content.decode()
    elsewhere = make_queue()
    grant(owner, elsewhere, QueuePermission.Right.ALL)
    make_text("Elders", elsewhere, kind=KIND.NOTE)
    chosen = make_text("Navraag", queue, kind=KIND.NOTE, html="<p>Nummer &lt;KVV_TICKET_NUMBER&gt;</p>")
    page = desk.get(address).content.decode()
    assert (">Navraag<" in page, "Elders" in page) == (True, False)
    form = filled_in("note", ticket=ticket, target=queue, template=chosen.pk, choose_template="1", rich="")
    page = desk.post(address, form | {"text": "Weg."}).content.decode()
    assert f"Nummer {ticket.number}" in page
    assert ("Weg." in page, 'value="Kort"' in page) == (False, True)


def test_finding_asks_as_much_of_many_as_of_few(
    desk: Client, ticket: Ticket, queue: Queue, customer: Customer
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(lines(desk, ticket)) > 0
        return len(queries)

    make_text("Nul", queue)
    lines(desk, ticket)
    few = statements()
    for number in range(9):
        make_text(f"Polis {number}", queue, make_queue())
    assert statements() == few <= 9


def new_lines(client: Client, screen: str, **asked: str | int) -> list[str]:
    """The names that are found for a ticket that is to be made."""
    page = client.get(reverse("desk:find_new_texts", args=[screen]), asked).content.decode()
    found = re.findall(r'data-at="[^"]+"><span>([^<]*)</span>\s*(<span class="sub">)?', page)
    return [name + ("*" if other else "") for name, other in found]


def test_a_new_ticket_has_the_texts_of_its_queue_and_names_the_customer_and_never_a_number_that_is_none(
    desk: Client, queue: Queue, other_queue: Queue, ticket: Ticket
) -> None:
    html = "<p>Beste &lt;KVV_CUSTOMER_REALNAME&gt;, &lt;KVV_QUEUE&gt; &lt;KVV_TICKET_NUMBER&gt;</p>"
    mail = make_text("Welkom", queue, html=html)
    call = make_text("Gebeld", queue, html=html, kind=KIND.PHONE)
    make_text("Overal")
    make_text("Geheim", other_queue)
    assert new_lines(desk, "e-mail", queue=queue.pk) == ["Overal", "Welkom"]
    assert new_lines(desk, "e-mail") == ["Overal", "Welkom*"]
    assert new_lines(desk, "telefoon", queue=queue.pk) == ["Gebeld"]
    assert desk.get(reverse("desk:find_new_texts", args=["notitie"])).status_code == 404
    said: dict[str, str | int] = {"queue": queue.pk, "customer": "Nieuw Iemand <nieuw@post.example>"}
    for screen, template, asked, text in (
        ("e-mail", mail, said, "Beste Nieuw Iemand, Spel &lt;KVV_TICKET_NUMBER&gt;"),
        ("e-mail", mail, said | {"customer": "karin@post.example"}, "Beste Karin Klant, Spel"),
        ("telefoon", call, said, "Beste Nieuw Iemand, Spel -"),
        ("telefoon", call, said | {"queue": other_queue.pk, "customer": "spel@kvv.example"}, "Beste -, - -"),
        ("telefoon", call, {"queue": "x", "customer_id": "9"}, "Beste -, - -"),
        ("telefoon", call, said | {"answered": 1}, "Beste Nieuw Iemand, Spel -"),  # it answers nothing
    ):
        page = desk.get(reverse("desk:new_text", args=[screen, template.pk]), asked).content.decode()
        assert text in page, (screen, asked)

    form = filled_in("new_email", ticket=ticket, target=queue)
    chosen = desk.post("/tickets/nieuw/e-mail/", form | {"template": mail.pk, "choose_template": "1"})
    assert "Welkom" in str(chosen.context["form"]["template"])
    sent = form | {"html": chosen.context["form"].shown_html, "rich": "1"}
    assert desk.post("/tickets/nieuw/e-mail/", sent).status_code == 302
    made = Ticket.objects.latest("pk")
    assert made.articles.get().text.strip().startswith(f"Beste Karin Klant, Spel {made.number}")


def test_what_is_split_off_has_its_texts_though_there_is_nothing_to_answer(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    make_text("Gebeld", queue, kind=KIND.PHONE)
    Article.objects.update(is_visible=False)  # a stranger's
    place = {"article": ticket.articles.get().pk, "queue": queue.pk}
    page = desk.get(reverse("desk:split", args=[ticket.number]), place).content.decode()
    found = re.search(r'data-texts data-combo="([^"]+)"', page)
    assert found is not None
    lines = desk.get(found[1]).content.decode()
    at = re.search(r'data-at="([^"]+)"', lines)
    assert at is not None
    assert desk.get(at[1]).content.decode() == "<p>Zo.</p>"
