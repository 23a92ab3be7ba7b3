"""Every address as every role; one that is not in the matrix fails."""

from collections.abc import Iterator

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kvv.headers import HEADERS
from tests.desk.reading import untokened
from tests.house.addresses import MATRIX, POSTED
from tests.house.matrix import ELSEWHERE, ROLES
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


FILES = {"desk:attachment"}
"""What a browser may keep, and asks about each time."""


def lacking(answer: HttpResponseBase, *, is_file: bool = False) -> list[str]:
    """What an answer does not say: that nobody keeps it, nor puts it into a page, and what it can't do."""
    kept = {word.strip() for word in answer.headers["Cache-Control"].split(",")}
    lacking = [header for header in HEADERS if not answer.headers[header]]
    may_keep = {"private", "no-cache"} if is_file and answer.status_code == 200 else {"private", "no-store"}
    return lacking if may_keep <= kept else [*lacking, f"Cache-Control: {kept}"]


def test_every_address_is_in_the_matrix() -> None:
    assert ours() == set(MATRIX)


@pytest.mark.parametrize("name", sorted(MATRIX), indirect=True)
def test_a_get_gives_each_role_what_is_theirs(
    name: str, addresses: dict[str, str], clients: dict[str, Client]
) -> None:
    answers = {role: clients[role].get(addresses[name]) for role in ROLES}
    assert {role: answer.status_code for role, answer in answers.items()} == {
        role: MATRIX[name].of(role) for role in ROLES
    }
    for role, answer in answers.items():
        assert lacking(answer, is_file=name in FILES) == [], role


@pytest.mark.parametrize("name", sorted(POSTED))
def test_an_empty_post_gives_each_role_what_is_theirs(
    name: str, addresses: dict[str, str], clients: dict[str, Client]
) -> None:
    for role in ROLES:
        # Each role finds the ticket free, whoever came before.
        Ticket.objects.update(locked=False, locked_at=None, owner=None)
        answer = clients[role].post(addresses[name])
        assert answer.status_code == POSTED[name].of(role), role
        assert lacking(answer) == [], role


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
    assert untokened(missing) == untokened(hidden)


@pytest.mark.parametrize("role", ["anonymous", "stranger", "reader", "owner"])
def test_the_admin_is_for_superusers(role: str, clients: dict[str, Client]) -> None:
    answer = clients[role].get("/admin/", follow=True)
    if role == "anonymous":
        assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
    else:
        assert answer.status_code == 403
