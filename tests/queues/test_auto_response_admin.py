"""The admin's form of an automatic answer: one text of a kind for a queue, and one that says something."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import AutoResponse, Queue
from tests.factories import make_auto_response, make_queue


@pytest.mark.django_db
@pytest.mark.usefixtures("foreign_templates")
def test_a_queue_has_one_text_of_a_kind_and_a_text_says_something(
    client: Client, superuser: Agent, queue: Queue
) -> None:
    make_auto_response(queue, name="Eerste")
    client.force_login(superuser)
    filled = {
        "name": "Tweede",
        "kind": "new_ticket",
        "subject": "Gelezen",
        "html": "<p>Zie www.demo.org, <KVV_CUSTOMER_REALNAME></p>",
        "queues": [queue.pk],
    }
    address = reverse("admin:queues_autoresponse_add")
    page = client.post(address, filled).content.decode()
    assert "Spel beantwoordt dit soort bericht al, met &#x27;Eerste&#x27;." in page
    assert "Schrijf de tekst" in client.post(address, filled | {"html": "<p> </p>"}).content.decode()
    assert client.post(address, filled | {"subject": ""}).status_code == 200
    assert AutoResponse.objects.count() == 1
    client.post(address, filled | {"queues": [make_queue().pk]})
    made = AutoResponse.objects.get(name="Tweede")
    assert 'href="http://www.demo.org"' in made.html
    assert "&lt;KVV_CUSTOMER_REALNAME&gt;" in made.html
