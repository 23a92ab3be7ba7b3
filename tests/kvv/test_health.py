"""The health pages: for containers and load balancers, which know neither our name nor our scheme."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "localhost", "kvv.example"])
def test_they_answer_by_any_name_and_by_plain_http(client: Client, settings: Settings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["kvv.example"]
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/livez", headers={"host": host})
    assert (answer.status_code, answer.json()["ok"]) == (200, True)


def test_all_other_pages_insist_on_name_and_https(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["kvv.example"]
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/status/open/", headers={"host": "10.0.0.7"}).status_code == 400
    assert client.get("/status/open/", headers={"host": "kvv.example"}).status_code == 301


def test_without_a_worker_all_is_not_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["worker"]) == (503, False)


@pytest.mark.parametrize(
    ("asked", "knows"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=192.0.2.1"}, False),
        ({"REMOTE_ADDR": "192.0.2.1"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer the-token"}, True),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer another"}, False),
    ],
)
@pytest.mark.parametrize("page", ["/healthz", "/livez"])
def test_what_does_not_work_is_told_on_the_machine_itself_and_to_who_brings_the_token(
    client: Client, settings: Settings, page: str, asked: dict[str, Any], *, knows: bool
) -> None:
    settings.METRICS_TOKEN = "the-token"
    answer = client.get(page, **asked)
    assert answer.status_code == (503 if page == "/healthz" else 200)
    assert ("database" in answer.json(), "ok" in answer.json()) == (knows, True)


def test_without_a_token_nobody_brings_it(client: Client) -> None:
    answer = client.get("/healthz", REMOTE_ADDR="192.0.2.1", HTTP_AUTHORIZATION="Bearer ")
    assert list(answer.json()) == ["ok"]


def test_the_migrations_are_not_read_at_each_call(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client.get("/healthz")
    with django_assert_max_num_queries(2):  # the database answers, and the heart beats
        client.get("/healthz")
