"""Every address as every role; one that is not in the matrix fails."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kvv.headers import HEADERS
from search.filters import TicketFilter
from tests.desk.reading import HTMX, untokened
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


FILES = {"desk:attachment", "webforms:form"}
"""What a browser may keep, and asks about each time: a form as well, for who goes back to what they typed."""


def lacking(answer: HttpResponseBase, *, is_file: bool = False) -> list[str]:
    """What an answer does not say: that nobody keeps it, nor puts it into a page, and what it can't do."""
    kept = {word.strip() for word in answer.headers["Cache-Control"].split(",")}
    lacking = [header for header in HEADERS if not answer.headers[header]]
    may_keep = (
        {"private", "no-cache"} if is_file and answer.status_code in (200, 422) else {"private", "no-store"}
    )
    return lacking if may_keep <= kept else [*lacking, f"Cache-Control: {kept}"]


ID = re.compile(rb"""<[^<>]*?\sid=["']([^"']+)["']""")


def doubled(page: Any, *, over: Any) -> set[bytes]:
    """The ids that a page has twice, by itself or when the screen 'Zoeken' stands over it."""
    if page.status_code != 200 or page.streaming or not page["Content-Type"].startswith("text/html"):
        return set()
    ids = Counter(ID.findall(page.content))
    if b"<dialog" not in page.content:
        ids.update(ID.findall(over.content))
    return {name for name, count in ids.items() if count > 1}


def test_every_address_is_in_the_matrix() -> None:
    assert ours() == set(MATRIX)


@pytest.mark.parametrize("role", ROLES)
def test_a_get_gives_each_role_what_is_theirs(
    role: str, addresses: dict[str, str], clients: dict[str, Client]
) -> None:
    answers = {name: clients[role].get(address) for name, address in addresses.items()}
    given = {name: answer.status_code for name, answer in answers.items()}
    assert given == {name: row.of(role) for name, row in MATRIX.items()}
    lacks = {name: lacking(answer, is_file=name in FILES) for name, answer in answers.items()}
    assert {name: lack for name, lack in lacks.items() if lack} == {}
    over = clients[role].get(
        addresses["desk:search_form"], {"shown": list(TicketFilter.base_filters)}, headers=HTMX
    )
    assert {name: found for name, answer in answers.items() if (found := doubled(answer, over=over))} == {}


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_post_gives_each_role_what_is_theirs(
    role: str, addresses: dict[str, str], clients: dict[str, Client]
) -> None:
    given, lacks = {}, {}
    for name in POSTED:
        # Each finds the ticket free, whatever was done before.
        Ticket.objects.update(locked=False, locked_at=None, owner=None)
        answer = clients[role].post(addresses[name])
        given[name] = answer.status_code
        lacks[name] = lacking(answer, is_file=name in FILES)
    assert given == {name: row.of(role) for name, row in POSTED.items()}
    assert {name: lack for name, lack in lacks.items() if lack} == {}


def test_what_does_not_exist_looks_like_what_may_not_be_seen(
    clients: dict[str, Client], addresses: dict[str, str]
) -> None:
    nowhere = (
        "/tickets/2013070410000731/",
        "/tickets/x/",
        "/wachtrijen/999999/",
        "/klanten/999999/tickets/open/",
    )
    for path in nowhere:
        missing = clients["stranger"].get(path)
        hidden = clients["stranger"].get(addresses["desk:zoom"])
        assert (missing.status_code, hidden.status_code) == (404, 404)
        assert untokened(missing) == untokened(hidden), path


@pytest.mark.parametrize("role", ["anonymous", "stranger", "reader", "owner"])
def test_the_admin_is_for_superusers(role: str, clients: dict[str, Client]) -> None:
    answer = clients[role].get("/admin/", follow=True)
    if role == "anonymous":
        assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
    else:
        assert answer.status_code == 403
