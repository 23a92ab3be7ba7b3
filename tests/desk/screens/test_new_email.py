"""Nieuw e-mail ticket: from which queue, to which address, and what stands below."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent, Customer, CustomerAddress
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission, Signature
from tests.factories import grant, make_queue
from tests.house.fillings import Values
from tests.house.screens import filled_in
from tickets.models import Ticket

ADDRESS = "/tickets/nieuw/e-mail/"


@pytest.fixture
def form(ticket: Ticket) -> Values:
    return filled_in("new_email", ticket=ticket, target=ticket.queue)


def test_a_queue_is_offered_with_its_address_and_one_without_is_not(
    desk: Client, owner: Agent, queue: Queue
) -> None:
    silent = Queue.objects.create(name="Stil")
    grant(owner, silent, QueuePermission.Right.ALL)
    page = desk.get(ADDRESS).content.decode()
    assert queue.sender is not None
    assert f"Spel &lt;{queue.sender.address}&gt;" in page
    assert "Stil" not in str(desk.get(ADDRESS).context["form"]["queue"])


def test_what_will_stand_below_is_shown_once_for_all_who_have_it_and_for_the_chosen_queue_alone(
    desk: Client, owner: Agent, queue: Queue, form: Values
) -> None:
    others = [make_queue(name) for name in ("A", "B")]
    signatures = [Signature.objects.create(name=name, html=f"<p>Groet {name}</p>") for name in ("1", "2")]
    for each, signature in zip((queue, *others), (*signatures, signatures[1]), strict=True):
        grant(owner, each, QueuePermission.Right.CREATE)
        Queue.objects.filter(pk=each.pk).update(signature=signature)
    fresh = desk.get(ADDRESS).context["form"]
    both = [str(each.pk) for each in others]
    assert sorted((shown.queues, shown.is_chosen) for shown in fresh.signatures()) == sorted(
        [([str(queue.pk)], False), (both, False)]
    )
    assert desk.get(ADDRESS).content.decode().count("data-signature=") == 2
    again = desk.post(ADDRESS, form | {"html": ""})
    assert [shown.queues for shown in again.context["form"].signatures() if shown.is_chosen] == [
        [str(queue.pk)]
    ]


def test_it_goes_to_the_address_that_was_chosen_of_a_customer_with_several(
    desk: Client, ticket: Ticket, form: Values, customer: Customer
) -> None:
    CustomerAddress.objects.create(customer=customer, address="werk@post.example")
    lines = desk.get(reverse("desk:complete"), {"q": "karin", "for": "mail", "new": "address"})
    assert 'data-value="Karin Klant &lt;werk@post.example&gt;"' in lines.content.decode()
    assert "for=mail" in desk.get(ADDRESS).content.decode()
    typed = {"customer": "Karin Klant <werk@post.example>"}
    answer = desk.post(ADDRESS, form | typed, follow=True)
    assert "de e-mail aan <bdi>Karin Klant</bdi> is onderweg" in answer.content.decode()
    recipients = OutboundMessage.objects.get().recipients.values_list("address", flat=True)
    assert set(recipients) == {"werk@post.example", "mede@post.example"}


def test_all_that_is_wrong_is_told_at_once_and_nothing_leaves(
    desk: Client, owner: Agent, queue: Queue, form: Values
) -> None:
    nameless = Customer.objects.create(first_name="Zonder", last_name="Adres", code="Z-1")
    wrong = {"customer": nameless.code, "cc": "niemand", "subject": "", "queue": ""}
    page = desk.post(ADDRESS, form | wrong)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"cc", "subject", "queue"}
    page = desk.post(ADDRESS, form | {"customer": nameless.code})
    assert "Deze klant heeft geen e-mailadres. Vul er een in" in page.content.decode()
    assert not OutboundMessage.objects.exists()


def test_the_address_book_fills_cc_and_bcc_and_takes_the_place_of_to_without_script(
    desk: Client, form: Values
) -> None:
    page = desk.post(ADDRESS, form | {"book": "karin", "find_in_book": "1"})
    assert page.status_code == 200
    value = "Karin Klant &lt;karin@post.example&gt;"
    for field in ("to", "cc", "bcc"):
        assert f'name="book_{field}" value="{value}"' in page.content.decode()
    karin = "Karin Klant <karin@post.example>"
    added = desk.post(ADDRESS, form | {"book": "karin", "book_cc": karin}).context["form"]
    assert added["cc"].value() == f"{form['cc']}, {karin}"
    typed = form | {"customer": "iemand anders"}
    assert desk.post(ADDRESS, typed | {"book_to": karin}).context["form"]["customer"].value() == karin
    assert page.content.decode().count("data-combo-many") == 2
