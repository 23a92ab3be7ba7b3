"""Machines, floods and forgeries: each gets one clear sentence, and people keep what they typed."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.utils import timezone

from queues.models import Queue
from tests.factories import make_queue
from tests.webforms.visiting import add_field, address_of, file, filled, make_form, opened, send, token_in
from tickets.models import Attachment, Ticket
from webforms.asking import form_of
from webforms.models import MB, Category, Submission, SubmissionFile
from webforms.spec import FormSpec, Kind
from webforms.versions import spec_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def category(queue: Queue) -> Category:
    return make_form(queue)


def refused(answer: Any, sentence: str, *, status: int = 422) -> str:
    """What came back with one sentence, and with all that was typed; gives its token."""
    shown = answer.content.decode()
    assert sentence in shown
    assert answer.status_code == status
    assert 'value="Gastlid op kamp"' in shown
    assert Ticket.objects.count() == 0
    return token_in(answer)


def test_who_falls_into_the_trap_or_is_too_quick_can_send_it_again(category: Category) -> None:
    token = opened(category)
    trapped = send(category, filled(homepage="https://x.example"), token=token)
    assert refused(trapped, "een veld dat mensen leeg") == token
    quick = opened(category, ago=timedelta(seconds=1))
    assert refused(send(category, filled(), token=quick), "sneller dan iemand kan") == quick
    assert send(category, token=token).status_code == 302


@pytest.mark.parametrize("what", ["forged", "cut", "of another form", "nothing"])
def test_a_token_that_is_none_of_this_form_comes_back_with_a_fresh_one(category: Category, what: str) -> None:
    other = make_form(category.queue or make_queue(), slug="anders")
    token = opened(category)
    wrong = {"forged": f"{token[:-2]}xx", "cut": token[:30], "of another form": opened(other), "nothing": ""}
    data = {**filled(), "token": wrong[what]}
    fresh = refused(Client().post(address_of(category), data), "niet herkend")
    late = timezone.now() + timedelta(seconds=10)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("webforms.pages.timezone.now", lambda: late)
        assert send(category, token=fresh).status_code == 302


def test_after_a_day_it_comes_back_with_its_files_and_then_it_is_sent(category: Category) -> None:
    add_field(category, "bewijs", Kind.FILE)
    token = opened(category, ago=timedelta(hours=25))
    fresh = refused(send(category, filled(f_bewijs=file()), token=token), "meer dan een dag geleden")
    late = timezone.now() + timedelta(seconds=10)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("webforms.pages.timezone.now", lambda: late)
        assert send(category, token=fresh).status_code == 302
    assert Attachment.objects.get().name == "pas.png"


def test_a_form_that_was_changed_is_read_as_it_was_opened_if_it_was_used(category: Category) -> None:
    send(category)
    Submission.objects.update(created=timezone.now() - timedelta(days=1))
    token = opened(category)
    add_field(category, "pas", Kind.SHORT, is_required=True)
    assert send(category, token=token).status_code == 302
    assert Ticket.objects.count() == 2
    unused = opened(category)
    add_field(category, "adres", Kind.SHORT, is_required=True)
    shown = send(category, token=unused).content.decode()
    assert "gewijzigd terwijl je het invulde" in shown
    Category.objects.update(is_active=False)
    gone = send(category, token=token)
    assert (gone.status_code, "niet meer in gebruik" in gone.content.decode()) == (404, True)


def test_a_form_that_is_sent_again_gives_the_same_number_and_no_file_twice(category: Category) -> None:
    add_field(category, "bewijs", Kind.FILE)
    token = opened(category)
    first = send(category, filled(f_bewijs=file()), token=token)
    second = send(category, filled(f_bewijs=file(), f_vraag=""), token=token)
    assert first["Location"] == second["Location"]
    assert (Ticket.objects.count(), Attachment.objects.count(), SubmissionFile.objects.count()) == (1, 1, 0)


LIMITS = {
    "address_per_hour": "van dit e-mailadres",
    "network_per_hour": "van jouw netwerk",
    "per_hour": "met dit formulier",
}


@pytest.mark.parametrize("limit", LIMITS)
def test_nobody_is_flooded(category: Category, limit: str) -> None:
    Category.objects.update(**{limit: 2})
    # Somebody else's address is written in other cases, and comes from networks that look like many.
    mails = ["a@thuis.example", "A@Thuis.example", "a@thuis.example"]
    networks = ["2001:db8::1", "2001:db8::2", "2001:db8::3:4"]
    if limit != "address_per_hour":
        mails = [f"{n}@thuis.example" for n in range(3)]
    if limit != "network_per_hour":
        networks = [f"10.0.{n}.1" for n in range(3)]
    answers = [
        send(category, filled(f_mail=mail), REMOTE_ADDR=network)
        for mail, network in zip(mails, networks, strict=True)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert LIMITS[limit] in answers[-1].content.decode()
    assert Ticket.objects.count() == 2
    Submission.objects.update(created=timezone.now() - timedelta(hours=1))
    assert send(category, filled(f_mail=mails[0]), REMOTE_ADDR=networks[0]).status_code == 302


def test_many_links_are_asked_about_or_go_to_the_queue_for_junk(category: Category) -> None:
    advertising = filled(f_vraag="Koop https://x.example " * 6)
    token = refused(send(category, advertising), "meer dan 5 links")
    junk = make_queue("Rommel")
    Category.objects.update(junk_queue=junk)
    assert send(category, advertising, token=token).status_code == 302
    assert Ticket.objects.get().queue == junk


def test_an_address_of_ours_is_no_customers(category: Category) -> None:
    sender = category.queue.sender if category.queue else None
    assert sender is not None
    refused(send(category, filled(f_mail=sender.address)), "van onszelf")


NONSENSE = ["\0", "x" * 30_000, b"\xed\xa0\x80", "x\r\nBcc: iemand@post.example", "1e999", "%s%(x)d"]


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_in_each_field_of_each_kind_breaks_nothing(
    category: Category, nonsense: str | bytes
) -> None:
    parent = add_field(category, "keuze", Kind.CHOICE, "een", "twee")
    for kind in Kind:
        add_field(category, f"{kind}-vrij", kind, "een", "twee")
        add_field(category, f"{kind}-als", kind, "een", shown_when=parent, shown_value="Een")
    client, token = Client(raise_request_exception=False), opened(category)
    fields = {f"f_{field.key}": nonsense for field in category.fields.exclude(key="keuze")}
    everywhere = {"token": token, "f_keuze": "een", "asked": nonsense, "homepage": "", **fields}
    answer = client.post(address_of(category), everywhere)
    assert answer.status_code == 422
    right = set(fields) - set(answer.context["form"].errors)
    alone = filled(token=token, f_keuze="een", asked=nonsense) | dict.fromkeys(right, nonsense)
    assert client.post(address_of(category), alone).status_code in (302, 422)


def test_headers_of_mails_are_none_that_a_visitor_wrote(category: Category) -> None:
    evil = "Femke\r\nBcc: iemand@post.example"
    send(category, filled(f_voornaam=evil, f_achternaam='"<x@y.example>,', f_onderwerp=f"Vraag{evil}"))
    article = Ticket.objects.get().articles.get()
    assert not set("\r\n") & set(article.from_header + article.subject)
    assert article.from_address == "femke@thuis.example"
    wrong = send(category, filled(f_mail="a@thuis.example\r\nBcc: iemand@post.example"))
    assert wrong.status_code == 422
    assert send(category, filled(f_mail="a@thuis.example, b@thuis.example")).status_code == 422


def test_ten_thousand_fields_are_too_many(category: Category) -> None:
    many = {f"x{n}": "y" for n in range(10_000)}
    answer = send(category, filled(**many))
    assert (answer.status_code, "meer dan er is gevraagd" in answer.content.decode()) == (400, True)


def test_files_that_lie_are_what_they_are(category: Category) -> None:
    add_field(category, "bewijs", Kind.FILE)
    lies = [
        file("foto.png", b"<script>alert(1)</script>", "image/png"),
        file("..\\..\\map/pagina.html\u202e", b"<b>x</b>", "image/jpeg"),
    ]
    assert send(category, filled(f_bewijs=lies)).status_code == 302
    kinds = dict(Attachment.objects.values_list("name", "content_type"))
    assert kinds == {"foto.png": "application/octet-stream", "pagina.html": "text/html"}


class Endless(io.RawIOBase):
    """A body that says that it goes on."""

    def __init__(self, size: int) -> None:
        self.left, self.given = size, 0

    def read(self, size: int = -1, /) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        self.given += size
        return b"x" * size


@pytest.mark.parametrize("says_how_long", [True, False])
def test_a_hundred_mb_are_refused_before_they_are_parsed(category: Category, *, says_how_long: bool) -> None:
    category.origins, category.files_mb = "https://www.scouting.example", 1
    category.save()
    body, size = Endless(100 * MB), 100 * MB
    given: dict[str, Any] = {
        "wsgi.input": body,
        "CONTENT_TYPE": MULTIPART_CONTENT,
        "CONTENT_LENGTH": str(size),
    }
    if not says_how_long:
        given |= {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = Client().generic("POST", address_of(category), **given)
    assert (answer.status_code, "hoogstens 1 MB" in answer.content.decode()) == (413, True)
    assert "https://www.scouting.example" in answer["Content-Security-Policy"]
    assert body.given <= 4 * (MB + (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)) + 1


def test_a_forms_own_limit_counts_all_its_files(category: Category) -> None:
    Category.objects.update(files_mb=1)
    category.refresh_from_db()
    parent = add_field(category, "keuze", Kind.CHOICE, "een", "twee")
    add_field(category, "anders", Kind.FILE, shown_when=parent, shown_value="Een")
    add_field(category, "bewijs", Kind.FILE)
    token = opened(category)
    half = b"x" * (MB // 2 + 1)
    refused(send(category, filled(f_bewijs=file("een.bin", half), f_vraag=""), token=token), "Vraag")
    full = send(category, filled(f_bewijs=file("twee.bin", half)), token=token)
    refused(full, "samen mogen 1 MB")
    assert "samen mogen 1 MB" in str(full.context["form"].errors["f_bewijs"])  # the other one is not asked
    assert send(category, filled(f_bewijs=file("een.bin", half)), token=token).status_code == 302
    assert Attachment.objects.get().name == "een.bin"


def test_what_is_kept_of_a_form_is_the_form(category: Category) -> None:
    parent = add_field(category, "keuze", Kind.CHOICE, "een")
    add_field(category, "aantal", Kind.NUMBER, least=1, shown_when=parent, shown_value="Een")
    spec = spec_of(category)
    assert FormSpec.from_json(spec.to_json()) == spec
    assert form_of(spec, language="en").fields["f_keuze"].label == "Keuze (en)"
