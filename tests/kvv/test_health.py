"""The health pages: for containers and load balancers, which know neither our name nor our scheme."""

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
