"""Every address as every role; one that is not in the matrix fails."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.factories import customer_mail, make_ticket, stored_file
from tests.house.matrix import ELSEWHERE, MATRIX, POSTED, ROLES
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The name of each address, with its namespace."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from names(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"


def ours() -> set[str]:
    return {
        name
        for name in names(get_resolver())
        if not name.split(":")[0].startswith(ELSEWHERE) and name != "None"
    }


@pytest.fixture
def full_ticket(queue: Queue, customer: Customer) -> Ticket:
    """A ticket with HTML and a file, so that each of its addresses leads somewhere."""
    mail = customer_mail(html="<p>Hallo</p>", files=(stored_file(),))
    return make_ticket(queue, customer=customer, article=mail)


@pytest.fixture
def addresses(full_ticket: Ticket) -> dict[str, str]:
    article = full_ticket.articles.get()
    number = full_ticket.number
    arguments: dict[str, list[object]] = {
        "desk:queue": [full_ticket.queue_id],
        "desk:status": ["open"],
        "desk:customer_tickets": [full_ticket.customer_id, "open"],
        "desk:article_frame": [number, article.pk],
        "desk:active_frame": [number, article.pk],
        "desk:send_again": [number, article.pk],
        "desk:declare_sent": [number, article.pk],
        "desk:attachment": [number, article.attachments.get().pk],
        "desk:take": [number, "antwoord"],
        "desk:remove_upload": [1],
        "desk:upload": [1],
        "demo:read": ["1.0-a"],
        "demo:frame": ["1.0-a"],
        "demo:answer": ["1.0-a"],
    }
    about_ticket = ("zoom", "history", "cancel", "lock", "unlock", "reply", "note", "close", "move")
    arguments |= {f"desk:{name}": [number] for name in about_ticket}
    return {name: reverse(name, args=arguments.get(name, [])) for name in MATRIX}


@pytest.fixture
def clients(stranger: Agent, reader: Agent, owner: Agent, superuser: Agent) -> dict[str, Client]:
    found = {"anonymous": Client()}
    for role, agent in (
        ("stranger", stranger),
        ("reader", reader),
        ("owner", owner),
        ("superuser", superuser),
    ):
        found[role] = Client()
        found[role].force_login(agent)
    return found


def test_every_address_is_in_the_matrix() -> None:
    assert ours() == set(MATRIX)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_a_get_gives_each_role_what_is_theirs(
    name: str, addresses: dict[str, str], clients: dict[str, Client]
) -> None:
    found = {role: clients[role].get(addresses[name]).status_code for role in ROLES}
    assert found == {role: MATRIX[name].of(role) for role in ROLES}


@pytest.mark.parametrize("name", sorted(POSTED))
def test_an_empty_post_gives_each_role_what_is_theirs(
    name: str, addresses: dict[str, str], clients: dict[str, Client]
) -> None:
    for role in ROLES:
        # Each role finds the ticket free, whoever came before.
        Ticket.objects.update(locked=False, locked_at=None, owner=None)
        assert clients[role].post(addresses[name]).status_code == POSTED[name].of(role), role


@pytest.mark.parametrize(
    "path",
    ["/tickets/2013070410000731/", "/tickets/x/", "/wachtrijen/999999/", "/klanten/999999/tickets/open/"],
)
def test_what_does_not_exist_looks_like_what_may_not_be_seen(
    path: str, clients: dict[str, Client], addresses: dict[str, str]
) -> None:
    missing = clients["stranger"].get(path)
    hidden = clients["stranger"].get(addresses["desk:zoom"])
    assert (missing.status_code, hidden.status_code) == (404, 404)
    assert missing.content == hidden.content


@pytest.mark.parametrize("role", ["anonymous", "stranger", "reader", "owner"])
def test_the_admin_is_for_superusers(role: str, clients: dict[str, Client]) -> None:
    answer = clients[role].get("/admin/", follow=True)
    if role == "anonymous":
        assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
    else:
        assert answer.status_code == 403
