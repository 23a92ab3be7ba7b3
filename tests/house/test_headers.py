"""What answers say of themselves, where the role matrix does not ask: the admin, files, a mail's frame."""

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from kvv.headers import HEADERS, PRIVATE
from tickets.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/admin/", "/admin/jsi18n/", "/niets", "/tickets/x/"])
def test_so_do_the_admin_and_what_is_not_there(path: str, clients: dict[str, Client]) -> None:
    for client in clients.values():
        answer = client.get(path)
        assert "no-store" in answer.headers["Cache-Control"]
        assert HEADERS.keys() <= set(answer.headers.keys())


def test_a_file_is_asked_about_each_time_and_sent_once(
    addresses: dict[str, str], clients: dict[str, Client]
) -> None:
    address = addresses["desk:attachment"]
    first = clients["owner"].get(address)
    assert b"".join(first.streaming_content) == b"bytes"  # type: ignore[attr-defined]  # a stream
    again = {"If-None-Match": first.headers["ETag"]}
    assert clients["owner"].get(address, headers=again).status_code == 304
    assert clients["stranger"].get(address, headers=again).status_code == 404
    assert clients["anonymous"].get(address, headers=again).status_code == 302
    other = Attachment.objects.get(pk=address.rstrip("/").rpartition("/")[2])
    assert first.headers["ETag"] == f'"{bytes(other.blob.sha256).hex()}"'


def test_static_files_may_be_kept_by_anybody_and_shown_by_us_alone(client: Client) -> None:
    assert finders.find("css/base.css")
    answer = client.get(f"{settings.STATIC_URL}css/base.css")
    assert answer.status_code == 200
    assert "no-store" not in answer.headers["Cache-Control"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    answer.close()


def test_other_sites_may_put_one_script_of_ours_into_their_pages(client: Client) -> None:
    assert finders.find("js/frame-size.js")
    answer = client.get(f"{settings.STATIC_URL}js/frame-size.js")
    assert (answer.status_code, answer.headers["Cross-Origin-Resource-Policy"]) == (200, "cross-origin")
    answer.close()


@pytest.mark.parametrize("name", ["desk:article_frame", "desk:active_frame"])
def test_a_mail_that_is_opened_by_its_address_is_as_shut_in_as_in_its_frame(
    name: str, addresses: dict[str, str], clients: dict[str, Client]
) -> None:
    page = clients["owner"].get(addresses["desk:zoom"]).content.decode()
    policy = clients["owner"].get(addresses[name]).headers["Content-Security-Policy"]
    (sandbox,) = [part.strip() for part in policy.split(";") if part.strip().startswith("sandbox")]
    assert f'sandbox="{sandbox.removeprefix("sandbox ")}"' in page
    assert clients["owner"].get(addresses[name]).headers["Cache-Control"] == PRIVATE
