"""A queue that gets another name takes the queues below it along, or a sentence says why it can't."""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent
from queues.models import Queue
from tests.factories import actor, grant, make_queue, make_ticket
from tickets.actions.lock import lock_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]


def opened(client: Client, queue: Queue) -> dict[str, str]:
    """What its page sends when nothing was changed on it."""
    answer = client.get(address_of(queue))
    form = answer.context["adminform"].form
    values = {field: form.initial[field] for field in form.fields if form.initial.get(field) is not None}
    before = re.search(r'name="initial-name" value="([^"]*)"', answer.content.decode())
    lines = {"permissions-TOTAL_FORMS": "0", "permissions-INITIAL_FORMS": "0"}
    return values | lines | ({"initial-name": before[1]} if before else {})


def address_of(queue: Queue) -> str:
    return reverse("admin:queues_queue_change", args=[queue.pk])


def rename(client: Client, queue: Queue, name: str) -> tuple[int, str]:
    """Give it this name on its page; gives the answer's status, and what is said."""
    answer = client.post(address_of(queue), opened(client, queue) | {"name": name})
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    return answer.status_code, " ".join(said) or answer.content.decode()


@pytest.fixture
def office(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    return client


TREE = ("Kamp", "Kamp::Help", "Kamp::Help::Nacht", "Kampvuur", "Kam_::Help", "Zomer::Ploeg")


@pytest.mark.parametrize(
    ("queue", "name", "renamed"),
    [
        ("Kamp", "Zomer", {"Zomer", "Zomer::Help", "Zomer::Help::Nacht"}),  # a branch that is there already
        ("Kamp", " Reis :: Kamp ", {"Reis::Kamp", "Reis::Kamp::Help", "Reis::Kamp::Help::Nacht"}),
        ("Kamp", "Kamp::Nu", {"Kamp::Nu", "Kamp::Nu::Help", "Kamp::Nu::Help::Nacht"}),
        ("Kamp::Help", "Help", {"Help", "Help::Nacht"}),
        ("Kam_::Help", "Reis::Help", {"Reis::Help"}),
    ],
)
def test_the_queues_below_go_along_and_no_other(
    office: Client, queue: str, name: str, renamed: set[str]
) -> None:
    made = {each: make_queue(each) for each in TREE}
    status, said = rename(office, made[queue], name)
    assert status == 302
    assert "ingest --queue" in said
    others = {each for each in TREE if each != queue and not each.startswith(f"{queue}::")}
    assert set(Queue.objects.exclude(name="Postmaster").values_list("name", flat=True)) == others | renamed


def test_a_branch_can_be_moved_along_itself(office: Client) -> None:
    for name in ("A::X::Y", "A::Y", "A::X::X::Y"):
        make_queue(name)
    assert rename(office, make_queue("A"), "A::X")[0] == 302
    assert set(Queue.objects.exclude(name="Postmaster").values_list("name", flat=True)) == {
        "A::X",
        "A::X::Y",
        "A::X::X::Y",
        "A::X::X::X::Y",
    }
    assert rename(office, Queue.objects.get(name="A::X"), "A")[0] == 302
    assert set(Queue.objects.exclude(name="Postmaster").values_list("name", flat=True)) == {
        "A",
        "A::Y",
        "A::X::Y",
        "A::X::X::Y",
    }


@pytest.mark.parametrize(
    ("name", "why"), [("Zomer", "'Zomer::Help'"), ("Z" * 198, "Z::Help"), ("Zomer::", "::"), ("::A", "::")]
)
def test_a_name_that_can_not_be_is_refused_with_a_sentence_and_nothing_changes(
    office: Client, name: str, why: str
) -> None:
    queue, _below, _taken = make_queue("Kamp"), make_queue("Kamp::Help"), make_queue("Zomer::Help")
    before = set(Queue.objects.values_list("name", flat=True))
    status, page = rename(office, queue, name)
    assert status == 200
    assert why in page.replace("&#x27;", "'")
    assert set(Queue.objects.values_list("name", flat=True)) == before


def test_a_page_that_was_opened_before_another_rename_leaves_the_name_alone(office: Client) -> None:
    parent, child = make_queue("Kamp"), make_queue("Kamp::Help")
    stale = opened(office, child)
    said = rename(office, parent, "Zomer")[1]
    assert "1 wachtrij eronder" in said
    assert office.post(address_of(child), stale | {"comment": "Elke dag"}).status_code == 302
    child.refresh_from_db()
    assert (child.name, child.comment) == ("Zomer::Help", "Elke dag")
    said = rename(office, child, "Zomer::Balie")[1]
    assert "'Zomer::Balie'" in said
    assert "eronder" not in said


def test_the_history_keeps_the_name_of_its_time(office: Client, owner: Agent) -> None:
    queue, below = make_queue("Kamp"), make_queue("Kamp::Help")
    grant(owner, below, "rw")
    ticket = make_ticket(below)
    lock_ticket(actor=actor(owner), ticket=ticket, now=timezone.now())
    office.force_login(owner)
    history = reverse("desk:history", args=[ticket.number])
    before = office.get(history).content.decode()
    Queue.objects.filter(pk=queue.pk).update(name="Kamp")
    office.force_login(Agent.objects.get(username="superuser"))
    rename(office, queue, "Zomer")
    office.force_login(owner)
    after = office.get(history).content.decode()
    assert "Kamp::Help" in before.partition("<main")[2]
    assert "Kamp::Help" in after.partition("<main")[2]
