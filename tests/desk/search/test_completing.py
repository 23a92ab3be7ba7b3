"""What the bar's field answers while one types: what one may see, in groups, and what that costs."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent, Customer
from queues.models import Queue, QueuePermission
from tests.desk.reading import text
from tests.desk.screens.test_texts import make_text
from tests.factories import grant, make_customer, make_ticket
from tests.search.finding import said
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
GROUP = re.compile(r'role="group" aria-label="([^"]+)">(.*?)</ul>', re.DOTALL)
LINE = re.compile(r'data-href="([^"]+)"><span>(.*?)</span>', re.DOTALL)


def lines(desk: Client, typed: str) -> dict[str, list[tuple[str, str]]]:
    """By the word of each group its lines: what each is called, typed beginnings in brackets, and where."""
    page = text(desk.get(reverse("desk:complete_search"), {"q": typed}))
    return {
        word: [
            (re.sub("<[^>]+>", "", name.replace("<mark>", "[").replace("</mark>", "]")), unescape(at))
            for at, name in LINE.findall(group)
        ]
        for word, group in GROUP.findall(page)
    }


def called(desk: Client, typed: str) -> dict[str, list[str]]:
    return {word: [name for name, _at in group] for word, group in lines(desk, typed).items()}


@pytest.fixture
def karin(queue: Queue) -> Customer:
    """A customer who asked something."""
    karin = make_customer("karin@post.example")
    Customer.objects.filter(pk=karin.pk).update(first_name="Karin", last_name="Tentman")
    make_ticket(queue, customer=karin)
    return karin


def test_tickets_customers_and_standard_answers_are_told_by_what_is_typed_so_far(
    desk: Client, queue: Queue, karin: Customer
) -> None:
    old, new = (said(queue, "Voor het kamp.", ticket={"title": f"Tent {n} <b>"}) for n in range(2))
    answer = make_text("Tenten lenen", queue, html="<p>Dag &lt;KVV_CUSTOMER_REALNAME&gt;</p>")
    make_text("Nota", queue, html="<p>Een tent.</p>", kind="note")
    page = reverse("desk:standard_answer", args=[answer.pk])
    assert lines(desk, "tent") == {
        "Tickets": [
            ("[Tent] 1 &lt;b&gt;", f"/tickets/{new.number}/"),
            ("[Tent] 0 &lt;b&gt;", f"/tickets/{old.number}/"),
        ],
        "Klanten": [("Karin [Tent]man", f"/klanten/{karin.pk}/?q=tent")],
        "Standaardantwoorden": [("[Tent]en lenen", page)],
    }
    assert "4 suggesties" in text(desk.get(reverse("desk:complete_search"), {"q": "tent"}))
    assert "Dag &lt;KVV_CUSTOMER_REALNAME&gt;" in text(desk.get(page))
    assert "vult KVV in" in text(desk.get(page))


def test_the_last_word_is_taken_as_a_beginning_and_a_number_by_its_own(desk: Client, queue: Queue) -> None:
    ticket = said(queue, "Wij zoeken een tent voor het zomerkamp.", ticket={"title": "Vraag"})
    for typed in (
        *("zoek zom", "'tent voor", "tent z", "tent, zomer", "tekst:zomer", "ten", "zomerkamp "),
        *(ticket.number, ticket.number[:8], f"Re: [Ticket#{ticket.number}] Iets (kamp)"),
    ):
        assert called(desk, typed).get("Tickets") == ["Vraag"], typed
    for typed in ("", " ", "z", "'z", "t*", "zom tent", "tent zon", "\0\0", "((", "é"):
        assert called(desk, typed) == {}, typed
    assert called(desk, "x" * 5_000) == {}


def test_strangers_learn_nothing_also_right_after_a_move(
    desk: Client, queue: Queue, other_queue: Queue, karin: Customer, stranger: Agent, reader: Agent
) -> None:
    """No ticket, no customer of one, no standard answer: not of another queue, nor by its number."""
    ticket = said(queue, "tent", ticket={"title": "Geheim", "customer": karin})
    make_text("Geheime tent", queue)
    Ticket.objects.filter(queue=queue).update(queue=other_queue)  # its words are not made anew yet
    for typed in ("tent", "geheim", "karin", ticket.number, ticket.number[:9]):
        assert "Tickets" not in called(desk, typed), typed
        assert "Klanten" not in called(desk, typed), typed
    (whole,) = lines(desk, "karin@post.example")["Klanten"]  # who knows it need not be told
    assert desk.get(whole[1]).status_code == 200
    desk.force_login(stranger)
    assert called(desk, "geheim") == {"Tickets": ["[Geheim]"]}
    desk.force_login(reader)
    assert called(desk, "geheim") == {}
    make_text("Geheim voor elk", *[])
    assert called(desk, "geheim") == {}  # who may answer nowhere
    grant(reader, other_queue, QueuePermission.Right.ALL)
    assert called(desk, "voor elk") == {"Standaardantwoorden": ["Geheim [voor] [elk]"]}


def test_there_are_only_a_few_of_each_and_they_cost_no_statements(desk: Client, queue: Queue) -> None:
    def more(count: int) -> None:
        for n in range(count):
            customer = make_customer()
            Customer.objects.filter(pk=customer.pk).update(last_name="Kampman")
            said(queue, "kamp", ticket={"customer": customer})
            make_text(f"Kamp {n} van {count}", queue)

    def cost(typed: str) -> int:
        called(desk, typed)  # reads what is kept for some seconds
        with CaptureQueriesContext(connection) as captured:
            called(desk, typed)
        return len(captured)

    more(1)
    few = cost("kam")
    more(6)
    assert cost("kam") == few <= 20
    assert [len(group) for group in lines(desk, "kam").values()] == [5, 4, 3]
