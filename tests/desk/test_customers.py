"""Klanten: the list, the search, the page of a customer, and who may correct what."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent, Customer, CustomerAddress, Organisation, Preferences
from queues.models import Queue
from tests.factories import customer_mail, make_customer, make_ticket
from tickets.models import Ticket
from tickets.states import state_by_key
from tickets.tally import fold

LIST = "/klanten/"


def named(number: int, queue: Queue | None, *, last: str = "Klant") -> Customer:
    customer = make_customer(f"k{number}@post.example")
    Customer.objects.filter(pk=customer.pk).update(first_name=f"Kees{number:02}", last_name=last)
    if queue is not None:
        make_ticket(queue, customer=customer)
    return customer


def member(customer: Customer, group: Organisation | None = None, *, number: int = 0) -> Organisation:
    """Puts the customer into the organisation, or into a new one."""
    group = group or Organisation.objects.create(name=f"Kees en co {number}", code=f"KC-{number}")
    Customer.objects.filter(pk=customer.pk).update(organisation=group)
    return group


def names(page: str) -> list[str]:
    return re.findall(r"<bdi>(Kees\d\d) ", page)


def text(client: Client, address: str, **asked: str | int) -> str:
    return client.get(address, asked).content.decode()


def test_the_newest_whom_the_agent_finds_stand_on_top_and_pages_go_forth_and_back(
    desk: Client, owner: Agent, queue: Queue, other_queue: Queue
) -> None:
    for number in range(25):
        named(number, other_queue if number % 5 == 4 else queue)
        if number == 12:
            fold()
    Preferences.objects.update_or_create(agent=owner, defaults={"page_size": 10})
    seen = [f"Kees{number:02}" for number in reversed(range(25)) if number % 5 != 4]
    first = text(desk, LIST)
    assert names(first) == seen[:10]
    second = text(desk, LIST + re.findall(r'href="(\?[^"]*)" rel="next"', first)[0].replace("&amp;", "&"))
    assert names(second) == seen[10:]
    assert 'rel="next"' not in second
    back = re.findall(r'href="(\?[^"]*)" rel="prev"', second)[0].replace("&amp;", "&")
    assert names(text(desk, LIST + back)) == seen[:10]
    for searched in (text(desk, LIST, q="kees"), text(desk, LIST, q="KEES klant")):
        assert names(searched) == sorted(seen)[:10]


def test_what_is_typed_finds_by_name_address_code_and_organisation_and_strangers_stay_hidden(
    desk: Client, queue: Queue, other_queue: Queue
) -> None:
    shown, hidden, other = named(1, queue), named(2, other_queue), named(3, queue)
    group = Organisation.objects.create(name="Scouting Zandhorst", code="Z-1")
    secret = Organisation.objects.create(name="Scouting Geheim")
    Customer.objects.filter(pk=shown.pk).update(organisation=group, code="K-77")
    Customer.objects.filter(pk=hidden.pk).update(organisation=secret)
    for typed in ("kees01", "k1@post", "k-7"):
        assert names(text(desk, LIST, q=typed)) == ["Kees01"]
    assert names(text(desk, LIST, q="kees")) == ["Kees01", "Kees03"]
    page = text(desk, LIST, q="scouting")
    assert ("Scouting Zandhorst" in page, "Scouting Geheim" in page) == (True, False)
    assert names(text(desk, LIST, organisation=group.pk)) == ["Kees01"]
    assert names(text(desk, LIST, organisation=group.pk, q="kees03")) == []
    assert desk.get(LIST, {"organisation": secret.pk}).status_code == 404
    assert desk.get(LIST, {"organisation": secret.pk + 1}).status_code == 404
    whole = text(desk, LIST, q="k2@post.example")
    assert names(whole) == ["Kees02"]
    assert f"{reverse('desk:customer_page', args=[hidden.pk])}?q=k2%40post.example" in whole
    assert other.pk


def test_a_superuser_finds_who_never_asked(client: Client, superuser: Agent) -> None:
    customer = named(1, None)
    client.force_login(superuser)
    assert names(text(client, LIST)) == names(text(client, LIST, q="kees")) == ["Kees01"]
    assert client.get(reverse("desk:customer_page", args=[customer.pk])).status_code == 200


def test_the_page_shows_facts_and_tickets_by_state_and_opens_for_who_names_the_customer_in_full(
    desk: Client, queue: Queue, other_queue: Queue
) -> None:
    customer = named(1, other_queue)
    address = reverse("desk:customer_page", args=[customer.pk])
    assert desk.get(address).status_code == 404
    assert desk.get(address, {"q": "k1@post.exampl"}).status_code == 404
    page = text(desk, address, q="k1@post.example")
    assert "Klant: Kees01 Klant" in page
    assert "Geen tickets hier" in page
    assert 'gesloten/?q=k1%40post.example"' in page
    mine = make_ticket(queue, customer=customer)
    assert mine.number in text(desk, address)
    assert "Bewerk" in text(desk, address)


def test_an_organisations_page_has_the_customers_whom_the_agent_finds_and_their_open_tickets(
    desk: Client, client: Client, queue: Queue, other_queue: Queue, stranger: Agent
) -> None:
    shown, hidden, unseen = named(1, queue), named(2, other_queue), named(3, None)
    group = member(shown)
    member(hidden, group)
    member(unseen, group)
    closed = make_ticket(queue, customer=shown, state=state_by_key("closed_successful"))
    elsewhere = make_ticket(other_queue, customer=shown)
    of_another = make_ticket(queue, customer=named(4, None))
    address = reverse("desk:organisation_page", args=[group.pk])
    page = text(desk, address)
    assert "<h1>Organisatie: Kees en co 0</h1>" in page
    assert names(page) == ["Kees01"]
    assert "1 open, <a" in page
    assert 'tickets/gesloten/">1 gesloten' in page
    assert "open: <b>1</b>" in page
    mine = Ticket.objects.get(customer=shown, queue=queue, closed_at=None)
    assert [ticket.number in page for ticket in (mine, closed, elsewhere, of_another)] == [True, *[False] * 3]
    assert f'href="{address}"' in text(desk, LIST, q="co 0")
    assert f'href="{address}"' in text(desk, reverse("desk:customer_page", args=[shown.pk]))
    Ticket.objects.filter(customer=shown, queue=queue).update(queue=other_queue)
    assert desk.get(address).status_code == 404
    assert desk.get(reverse("desk:organisation_page", args=[group.pk + 1])).status_code == 404
    client.force_login(stranger)
    assert client.get(address).status_code == 200


def test_a_line_of_the_completion_says_how_many_tickets_are_open_of_those_that_one_sees(
    desk: Client, queue: Queue, other_queue: Queue
) -> None:
    customer, idle = named(1, queue), named(2, None)
    make_ticket(queue, customer=customer)
    make_ticket(queue, customer=customer, state=state_by_key("closed_successful"))
    make_ticket(other_queue, customer=customer)
    assert "· 2 open</span>" in text(desk, reverse("desk:complete"), q="kees")
    assert "· geen open tickets</span>" in text(desk, reverse("desk:complete"), q=idle.code)
    assert "open" not in text(desk, reverse("desk:complete"), **{"q": "kees", "for": "mail"})


def test_the_list_and_the_page_ask_as_much_of_many_as_of_few(desk: Client, queue: Queue) -> None:
    def statements(address: str) -> int:
        desk.get(address)  # what is remembered for some seconds
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        return len(queries)

    customer = named(0, queue)
    group = member(customer)
    addresses = (
        *(LIST, f"{LIST}?q=kees", f"{LIST}?q=kees+klant", f"{reverse('desk:complete')}?q=kees"),
        reverse("desk:customer_page", args=[customer.pk]),
        reverse("desk:organisation_page", args=[group.pk]),
    )
    few = [statements(address) for address in addresses]
    for number in range(1, 20):
        CustomerAddress.objects.create(customer=customer, address=f"ook{number}@post.example")
        member(named(number, queue), group)
        member(named(number + 20, queue), number=number)
        make_ticket(queue, customer=customer)
    assert [statements(address) for address in addresses] == few
    assert few[:4] == [6, 9, 9, 8]
    assert max(few) <= 13


def test_an_agent_corrects_a_name_and_adds_an_address_that_nobody_has(
    desk: Client, queue: Queue, ticket: Ticket, customer: Customer
) -> None:
    make_customer("bezet@post.example")
    address = reverse("desk:edit_customer", args=[customer.pk])
    sent = {"first_name": "Katrien", "last_name": "Klant", "add": "K <Nieuw@post.example>, twee@post.example"}
    sent["comment"] = "Belt liever.\nNiet op <zondag>."
    for wrong, said in (
        ({"add": "Bezet@post.example"}, "bezet@post.example hoort al bij een andere klant"),
        ({"add": "geen adres"}, "is geen e-mailadres"),
        ({"comment": "x" * 1_001}, "1000 tekens"),
        ({"add": ticket.queue.sender.address if ticket.queue.sender else ""}, "is een adres van onszelf"),
    ):
        answer = desk.post(address, sent | wrong)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    customer.refresh_from_db()
    assert customer.first_name == "Karin"
    assert desk.post(address, sent | {"code": "anders", "remove": "karin@post.example"}).status_code == 302
    customer.refresh_from_db()
    assert (customer.first_name, customer.code) == ("Katrien", "karin@post.example")
    assert set(customer.addresses.values_list("address", flat=True)) == {
        *("karin@post.example", "nieuw@post.example", "twee@post.example")
    }
    for page in (f"/tickets/{ticket.number}/", reverse("desk:customer_page", args=[customer.pk])):
        assert "<dd>Belt liever.<br>Niet op &lt;zondag&gt;.</dd>" in desk.get(page).content.decode()


def test_what_one_leaves_alone_stays_as_a_colleague_has_made_it_meanwhile(
    desk: Client, ticket: Ticket, customer: Customer
) -> None:
    address = reverse("desk:edit_customer", args=[customer.pk])
    page = desk.get(address).content.decode()
    shown = dict(re.findall(r'name="initial-(\w+)"(?: value="([^"]*)")?', page))
    assert (shown["first_name"], shown["comment"]) == ("Karin", "")
    Customer.objects.filter(pk=customer.pk).update(comment="Belt liever.", last_name="Klantjes")
    sent = shown | {f"initial-{name}": value for name, value in shown.items()} | {"first_name": "Katrien"}
    assert desk.post(address, sent).status_code == 302
    customer.refresh_from_db()
    assert (str(customer), customer.comment) == ("Katrien Klantjes", "Belt liever.")


def test_an_administrator_changes_all_and_takes_addresses_away(
    client: Client, superuser: Agent, customer: Customer
) -> None:
    client.force_login(superuser)
    group = Organisation.objects.create(name="Zandhorst")
    address = reverse("desk:edit_customer", args=[customer.pk])
    sent = {"first_name": "K", "code": "K-1", "organisation": "zandhorst", "remove": "karin@post.example"}
    assert "precies één organisatie" in client.post(address, sent | {"organisation": "X"}).content.decode()
    assert client.post(address, sent).status_code == 302
    customer.refresh_from_db()
    assert (customer.code, customer.organisation, customer.addresses.exists()) == ("K-1", group, False)


def test_a_new_customer_is_made_by_who_may_make_a_ticket(desk: Client, client: Client, reader: Agent) -> None:
    make_customer("bezet@post.example")
    address = reverse("desk:new_customer")
    sent = {"first_name": "Nina", "add": "nina@post.example", "phone": "06"}
    assert desk.post(address, {}).status_code == 422
    assert desk.post(address, sent | {"add": "nina@post.example, bezet@post.example"}).status_code == 422
    assert not Customer.objects.filter(first_name="Nina").exists()
    answer = desk.post(address, sent, follow=True)
    assert "Nina is nu een klant" in answer.content.decode()
    assert Customer.objects.get(first_name="Nina").code == "nina@post.example"
    client.force_login(reader)
    assert client.post(address, sent).status_code == 403


def test_the_customers_addresses_in_a_mails_head_and_their_box_lead_to_their_page(
    desk: Client, queue: Queue, customer: Customer
) -> None:
    others = "ander@post.example, xkarin@post.example"
    mail = customer_mail(from_header='"Kar<i>n" <Karin@post.example>', cc=others)
    ticket = make_ticket(queue, customer=customer, article=mail)
    page = text(desk, reverse("desk:zoom", args=[ticket.number]))
    at = reverse("desk:customer_page", args=[customer.pk])
    assert f'&quot;Kar&lt;i&gt;n&quot; &lt;<a href="{at}">Karin@post.example</a>&gt;' in page
    assert others in page
    assert page.count(f'href="{at}"') == 3  # the head, the code, and the box


def test_an_administrator_puts_two_customers_together(
    client: Client, superuser: Agent, owner: Agent, ticket: Ticket, customer: Customer
) -> None:
    kept = make_customer("ook@post.example")
    address = reverse("desk:merge_customer", args=[customer.pk])
    client.force_login(superuser)
    sent = {"submission": "8c9a1d9e-6b58-4a7b-9a6e-3f0f2b8b7d11", "customer": "nieuw@post.example"}
    assert "Er is niemand gevonden" in client.post(address, sent).content.decode()
    found = client.post(address, sent | {"customer": "ook", "find_customer": "1"})
    assert f'value="{kept.pk}"' in found.content.decode()
    answer = client.post(address, sent | {"customer": "ook@post.example"}, follow=True)
    assert "Alles staat nu op naam van Karin Klant" in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.customer == kept
