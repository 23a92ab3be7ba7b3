"""Rights are given in the admin, from the closed list of them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent, Group
from queues.models import Queue, QueuePermission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

Right = QueuePermission.Right


def save_with_right(client: Client, queue: Queue, right: str) -> tuple[int, list[str]]:
    """Give a group this right on the queue's page; gives the answer's status, and the rights there are."""
    group = Group.objects.create(name="Spel")
    address = reverse("admin:queues_queue_change", args=[queue.pk])
    page = client.get(address)
    form = page.context["adminform"].form
    values = {name: form.initial[name] for name in form.fields if form.initial.get(name) is not None}
    lines = {"permissions-TOTAL_FORMS": "1", "permissions-INITIAL_FORMS": "0"}
    lines |= {"permissions-0-group": str(group.pk), "permissions-0-right": right}
    status = client.post(address, values | lines).status_code
    return status, list(QueuePermission.objects.values_list("right", flat=True))


def test_the_page_offers_every_right_by_its_name(client: Client, superuser: Agent, queue: Queue) -> None:
    client.force_login(superuser)
    page = client.get(reverse("admin:queues_queue_change", args=[queue.pk]))
    (permissions,) = page.context["inline_admin_formsets"]
    choices = dict(permissions.formset.empty_form.fields["right"].choices)
    assert choices == {"": "---------"} | dict(Right.choices)


def test_a_right_of_the_list_is_given(client: Client, superuser: Agent, queue: Queue) -> None:
    client.force_login(superuser)
    assert save_with_right(client, queue, Right.NOTE) == (302, [Right.NOTE])


@pytest.mark.parametrize("right", ["", "everything", "RW"])
def test_another_is_not(client: Client, superuser: Agent, queue: Queue, right: str) -> None:
    client.force_login(superuser)
    assert save_with_right(client, queue, right) == (200, [])
