"""Files beside a form: kept one by one, shown with their size, taken away, and never somebody else's."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Agent
from tests.factories import make_upload
from tickets.models import Ticket, Upload

FORM = uuid.UUID(int=1)
PIXEL = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def desk(client: Client, owner: Agent) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def uploads(ticket: Ticket) -> str:
    """Where the files of a note go."""
    return reverse("desk:note_files", args=[ticket.number])


@pytest.fixture
def images(ticket: Ticket) -> str:
    return reverse("desk:note_image", args=[ticket.number])


def file(
    name: str = "polis.pdf", *, data: bytes = b"%PDF", content_type: str = "application/pdf"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type=content_type)


def test_several_files_are_kept_and_listed_with_their_size(desk: Client, uploads: str, owner: Agent) -> None:
    answer = desk.post(
        uploads,
        {"submission": FORM, "files": [file(), file("b.txt", data=b"x" * 2048)]},
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.index("polis.pdf") < page.index("b.txt")
    assert "2 kB" in page
    assert Upload.objects.filter(draft__holder=owner, draft__submission=FORM).count() == 2


def test_a_name_is_cleaned(desk: Client, uploads: str) -> None:
    desk.post(
        uploads,
        {"submission": FORM, "files": [file("polis\u202efdp.exe")]},
    )
    assert Upload.objects.get().name == "polisfdp.exe"


def test_too_many_bytes_together_are_refused_with_a_sentence(
    desk: Client, uploads: str, settings: Settings
) -> None:
    settings.UPLOAD_TOTAL_BYTES = 10
    desk.post(
        uploads,
        {"submission": FORM, "files": [file(data=b"123456")]},
    )
    answer = desk.post(
        uploads,
        {"submission": FORM, "files": [file("b.pdf", data=b"123456")]},
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "invalid-feedback" in page
    assert "polis.pdf" in page
    assert Upload.objects.count() == 1


def test_the_twenty_first_file_is_refused_however_many_come_at_once(desk: Client, uploads: str) -> None:
    answer = desk.post(uploads, {"submission": FORM, "files": [file(f"{n}.txt") for n in range(101)]})
    assert answer.status_code == 422
    assert "Je kunt hoogstens 20 bijlagen meesturen." in answer.content.decode()
    assert Upload.objects.count() == 20


def test_a_file_is_taken_away(desk: Client, owner: Agent) -> None:
    upload = make_upload(owner, FORM, name="weg.txt")
    make_upload(owner, FORM, name="blijft.txt")
    answer = desk.post(reverse("desk:remove_upload", args=[upload.pk]), {"submission": FORM})
    assert "blijft.txt" in answer.content.decode()
    assert [left.name for left in Upload.objects.all()] == ["blijft.txt"]


def test_another_agents_file_is_neither_seen_nor_taken_away(desk: Client, colleague: Agent) -> None:
    upload = make_upload(colleague, FORM, name="geheim.png", content_type="image/png", is_inline=True)
    answer = desk.post(reverse("desk:remove_upload", args=[upload.pk]), {"submission": FORM})
    assert "geheim.png" not in answer.content.decode()
    assert desk.get(reverse("desk:upload", args=[upload.pk])).status_code == 404
    assert Upload.objects.filter(pk=upload.pk).exists()


def test_an_image_in_the_text_is_kept_and_shown_from_here(desk: Client, images: str) -> None:
    answer = desk.post(
        images,
        {"submission": FORM, "image": file("foto.png", data=PIXEL, content_type="image/png")},
    )
    upload = Upload.objects.get()
    assert answer.json() == {"id": upload.pk, "address": reverse("desk:upload", args=[upload.pk])}
    shown = desk.get(answer.json()["address"])
    assert b"".join(shown) == PIXEL
    assert shown.headers["Content-Type"] == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", ""])
def test_only_harmless_images_stand_in_the_text(desk: Client, images: str, content_type: str) -> None:
    answer = desk.post(
        images,
        {"submission": FORM, "image": file("x.svg", content_type=content_type)},
    )
    assert answer.status_code == 422
    assert not Upload.objects.exists()


def test_a_form_without_identity_is_refused(desk: Client, uploads: str, images: str) -> None:
    assert desk.post(uploads, {"submission": "onzin", "files": [file()]}).status_code == 400
    assert desk.post(images, {"submission": FORM}).status_code == 400


@pytest.mark.parametrize("name", ["note_files", "note_image", "remove_upload"])
def test_a_get_changes_nothing_and_nobody_signed_in_is_sent_to_sign_in(
    client: Client, ticket: Ticket, owner: Agent, name: str
) -> None:
    arguments = [1] if name == "remove_upload" else [ticket.number]
    address = reverse(f"desk:{name}", args=arguments)
    assert client.get(address).status_code == 405
    assert reverse("account_login") in client.post(address, {"submission": FORM}).headers["Location"]
