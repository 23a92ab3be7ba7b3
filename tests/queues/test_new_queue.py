"""A new queue brings its address along: a queue wants an address, and an address wants a queue."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import MailAddress, Queue
from tests.factories import make_queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

ADD = "admin:queues_queue_add"


@pytest.fixture
def office(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    return client


def make(office: Client, **values: str) -> str:
    """Send the form of a new queue; gives the page that says what is wrong with it, '' for nothing."""
    form = office.get(reverse(ADD)).context["adminform"].form
    given = {name: field.initial for name, field in form.fields.items() if field.initial not in (None, "")}
    given = {name: value for name, value in given.items() if value is not False}
    lines = {"permissions-TOTAL_FORMS": "0", "permissions-INITIAL_FORMS": "0"}
    answer = office.post(reverse(ADD), given | lines | {"name": "Kamp"} | values)
    return "" if answer.status_code == 302 else answer.content.decode()


def test_a_queue_and_its_address_are_made_in_one_go(office: Client) -> None:
    assert make(office, new_address="Kamp@KVV.example", new_address_name="Kampbureau") == ""
    queue, address = Queue.objects.get(name="Kamp"), MailAddress.objects.get(address="kamp@kvv.example")
    assert (address.queue, queue.sender, address.name) == (queue, address, "Kampbureau")


def test_another_sender_can_be_chosen_beside_it(office: Client) -> None:
    sender = make_queue("Bureau").sender
    assert sender is not None
    assert make(office, new_address="kamp@kvv.example", sender=str(sender.pk)) == ""
    queue = Queue.objects.get(name="Kamp")
    assert (queue.sender, queue.addresses.get().address) == (sender, "kamp@kvv.example")


def test_a_queue_without_an_address_can_be_made_as_well(office: Client) -> None:
    assert make(office) == ""
    assert Queue.objects.get(name="Kamp").sender is None


@pytest.mark.parametrize(
    ("address", "sentence"),
    [("BUREAU@kvv.example", "Dit adres is er al"), ("geen adres", "geldig e-mailadres")],
)
def test_what_is_no_new_address_is_refused_with_a_sentence(
    office: Client, address: str, sentence: str
) -> None:
    MailAddress.objects.create(address="bureau@kvv.example", queue=make_queue())
    assert sentence in make(office, new_address=address)
    assert not Queue.objects.filter(name="Kamp").exists()


def test_a_queue_that_is_there_is_asked_for_none(office: Client, queue: Queue) -> None:
    page = office.get(reverse("admin:queues_queue_change", args=[queue.pk]))
    assert "new_address" not in page.context["adminform"].form.fields
    assert "new_address" not in page.content.decode()
