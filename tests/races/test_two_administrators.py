"""Two administrators who give two queues one name, or two things one address, at the same moment."""

import re
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import MailAddress, Queue
from tests.factories import make_queue
from tests.queues.test_new_queue import make
from tests.queues.test_renaming import rename
from tests.races.meeting import at_the_lock

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

HOLDS_OR_WRITES = re.compile(
    r'FROM "queues_queue".* FOR NO KEY UPDATE|UPDATE "queues_queue"|INSERT INTO "queues_mailaddress"'
)
ADDRESS = "kamp@kvv.example"


@pytest.mark.usefixtures("foreign_templates")
def test_of_two_who_choose_one_name_the_second_reads_that_it_is_taken(superuser: Agent) -> None:
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(superuser)
    queues = [make_queue("Kamp"), make_queue("Reis")]
    renames = [partial(rename, client, queue, "Zomer") for client, queue in zip(clients, queues, strict=True)]
    answers = at_the_lock(*renames, lock=HOLDS_OR_WRITES)
    assert sorted(answer[0] for answer in answers if isinstance(answer, tuple)) == [200, 302]
    assert Queue.objects.filter(name="Zomer").count() == 1


@pytest.mark.usefixtures("foreign_templates")
@pytest.mark.parametrize("beside", ["an address", "a queue"])
def test_of_two_who_make_one_address_the_second_reads_that_it_is_here(
    superuser: Agent, queue: Queue, beside: str
) -> None:
    """On its own page, or with a new queue."""
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(superuser)
    address = partial(make_address, clients[0], queue)
    other = partial(make_address, clients[1], queue)
    if beside == "a queue":
        other = partial(make, clients[1], new_address=ADDRESS)
    answers = at_the_lock(address, other, lock=HOLDS_OR_WRITES)
    (said,) = [answer for answer in answers if answer]
    assert "errornote" in str(said)
    assert MailAddress.objects.filter(address=ADDRESS).count() == 1


def make_address(client: Client, queue: Queue) -> str:
    """Gives the page that says what is wrong with it, '' for nothing: contexts are of both who meet here."""
    answer = client.post(reverse("admin:queues_mailaddress_add"), {"address": ADDRESS, "queue": queue.pk})
    return "" if answer.status_code == 302 else answer.content.decode()
