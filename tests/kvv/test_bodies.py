"""How much a request may bring: too much is refused before anything reads it, wherever it goes."""

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Agent, Preferences
from tickets.models import Ticket, Upload

pytestmark = pytest.mark.django_db

MOST, FILES = 5_000_000, 1_000_000
PLACES = ["/accounts/login/", "/uploads/", "/nergens/", "/admin/login/", "/"]


class Body(io.RawIOBase):
    """What a server reads from; it goes on as long as it is told, and tells how much was read."""

    def __init__(self, size: int) -> None:
        self.left, self.given = size, 0

    def read(self, size: int = -1, /) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        self.given += size
        return b"x" * size


def send(body: Body, path: str, *, agent: Agent | None = None, **environ: str) -> tuple[int, str]:
    """The status and the page that a web server gets from us."""
    client = Client(enforce_csrf_checks=True)
    if agent is not None:
        client.force_login(agent)
    given: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": "", "CONTENT_TYPE": MULTIPART_CONTENT}
    answer = client.generic("POST", path, **given | environ)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("path", PLACES)
def test_of_the_unknown_nothing_is_read_that_is_said_to_be_too_big(path: str) -> None:
    body = Body(400_000_000)
    status, page = send(body, path, CONTENT_LENGTH="400000000")
    assert (status, body.given) == (413, 0)
    assert "hoogstens 4,8" in page


@pytest.mark.parametrize("path", PLACES)
def test_of_what_comes_in_chunks_no_more_is_read_than_one_may_bring(path: str) -> None:
    body = Body(400_000_000)
    status, _page = send(body, path, HTTP_TRANSFER_ENCODING="chunked")
    assert (status, body.given) == (413, MOST + 1)


@pytest.mark.parametrize("is_chunked", [False, True], ids=["with a length", "in chunks"])
def test_an_agent_may_bring_their_files_and_hears_in_their_language_what_is_too_big(
    settings: Settings, owner: Agent, *, is_chunked: bool
) -> None:
    settings.UPLOAD_TOTAL_BYTES = FILES
    Preferences.objects.update_or_create(agent=owner, defaults={"language": "en"})
    pages, read = [], []
    for size in (MOST + FILES, MOST + FILES + 1, 80_000_000):
        how = {"HTTP_TRANSFER_ENCODING": "chunked"} if is_chunked else {"CONTENT_LENGTH": str(size)}
        body = Body(size)
        pages.append(send(body, "/nergens/", agent=owner, **how))
        read.append(body.given)
    assert [status for status, _page in pages] == [404, 413, 413]
    assert "at most 5.7" in pages[2][1]
    assert read[2] == 4 * (MOST + FILES) + is_chunked


def test_only_files_may_be_more(owner: Agent) -> None:
    how = {"CONTENT_LENGTH": str(MOST + 1), "CONTENT_TYPE": "application/x-www-form-urlencoded"}
    assert send(Body(MOST + 1), "/", agent=owner, **how)[0] == 413


def test_a_script_gets_the_sentence_alone() -> None:
    status, page = send(Body(9), "/", CONTENT_LENGTH=str(MOST + 1), HTTP_ACCEPT="text/plain")
    assert (status, page.startswith("Dit is te groot"), "<" in page) == (413, True, False)


@pytest.mark.parametrize("content_type", [MULTIPART_CONTENT, "application/x-www-form-urlencoded"])
def test_who_was_signed_out_meanwhile_hears_that_it_may_be_that(content_type: str) -> None:
    page = send(Body(9), "/", CONTENT_LENGTH=str(MOST + 1), CONTENT_TYPE=content_type)[1]
    assert ("Misschien ben je uitgelogd" in page) == (content_type == MULTIPART_CONTENT)


def test_a_form_that_comes_in_chunks_arrives(client: Client, owner: Agent, ticket: Ticket) -> None:
    client.force_login(owner)
    form = {"submission": uuid.UUID(int=1), "files": SimpleUploadedFile("a.txt", b"text")}
    environ: dict[str, Any] = {
        "wsgi.input": io.BytesIO(encode_multipart(BOUNDARY, form)),
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_LENGTH": "",
        "CONTENT_TYPE": MULTIPART_CONTENT,
    }
    answer = client.generic("POST", reverse("desk:note_files", args=[ticket.number]), **environ)
    assert (answer.status_code, Upload.objects.get().size) == (200, 4)


def test_chunks_that_are_none_are_a_bad_request() -> None:
    class Broken(Body):
        def read(self, size: int = -1, /) -> bytes:
            raise ValueError("no chunk")

    assert send(Broken(9), "/accounts/login/", HTTP_TRANSFER_ENCODING="chunked")[0] == 400


@pytest.mark.parametrize(("length", "code"), [("", 403), ("many", 403), ("-5", 400), ("9" * 5000, 403)])
def test_a_length_that_is_none_reads_nothing(length: str, code: int) -> None:
    body = Body(400_000_000)
    assert send(body, "/accounts/login/", CONTENT_LENGTH=length)[0] == code
    assert body.given == 0
