"""Two administrators who give two queues one name at the same moment."""

import re
from functools import partial

import pytest
from django.test import Client

from accounts.models import Agent
from queues.models import Queue
from tests.factories import make_queue
from tests.queues.test_renaming import rename
from tests.races.meeting import at_the_lock

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

HOLDS_OR_WRITES = re.compile(r'FROM "queues_queue".* FOR NO KEY UPDATE|UPDATE "queues_queue"')


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
