"""A failed captcha keeps every field and file: whatever a form is refused for, nothing is typed twice."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from html import unescape
from unittest import mock

import pytest
from django.utils import timezone

from queues.models import Queue
from tests.webforms.visiting import add_field, file, filled, make_form, opened, send, token_in
from tickets.errors import TicketBusy
from tickets.models import Article, Attachment, Ticket
from webforms.models import Category, SubmissionFile
from webforms.spec import Kind

pytestmark = pytest.mark.django_db

Refuse = Callable[[Category], tuple[str, Mapping[str, object]]]
ROBOT = {"homepage": "https://x.example"}


def changed(category: Category) -> str:
    token = opened(category)
    add_field(category, "schoen", Kind.SHORT)
    return token


def full(category: Category) -> str:
    Category.objects.filter(pk=category.pk).update(per_hour=0)
    return opened(category)


def ours(category: Category) -> str:
    sender = category.queue.sender if category.queue else None
    assert sender is not None
    return sender.address


REFUSALS: dict[str, tuple[int, Refuse]] = {
    "a field is missing": (422, lambda it: (opened(it), {"f_mail": ""})),
    "a trap": (422, lambda it: (opened(it), ROBOT)),
    "quicker than anybody": (422, lambda it: (opened(it, ago=timedelta(seconds=1)), {})),
    "a forged token": (422, lambda it: (f"{opened(it)[:-2]}xx", {})),
    "a day old": (422, lambda it: (opened(it, ago=timedelta(hours=25)), {})),
    "changed meanwhile": (422, lambda it: (changed(it), {})),
    "many links": (422, lambda it: (opened(it), {"f_bijzonder": "https://x.example " * 6})),
    "an address of ours": (422, lambda it: (opened(it), {"f_mail": ours(it)})),
    "too many": (429, lambda it: (full(it), {})),
    "a busy ticket": (422, lambda it: (opened(it), {})),
}


@pytest.fixture
def category(queue: Queue) -> Category:
    category = make_form(queue, consent_nl="Je mag dit bewaren.")
    add_field(category, "bijzonder", Kind.LONG)
    add_field(category, "soort", Kind.CHOICE, "kamp", "reis")
    add_field(category, "dagen", Kind.SEVERAL, "maandag", "dinsdag")
    add_field(category, "dag", Kind.DATE)
    add_field(category, "akkoord", Kind.TICK)
    add_field(category, "bewijs", Kind.FILE)
    return category


@pytest.mark.parametrize("why", REFUSALS)
def test_any_refusal_keeps_every_field_and_file(
    category: Category, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, refuse = REFUSALS[why]
    typed = filled(
        f_bijzonder="Er is haast bij.",
        f_soort="reis",
        f_dagen=["maandag", "dinsdag"],
        f_dag="2026-12-31",
        f_akkoord="on",
        consent="on",
    )
    token, wrong = refuse(category)
    busy = mock.Mock(side_effect=TicketBusy)
    with mock.patch("webforms.pages.send", busy) if why == "a busy ticket" else mock.MagicMock():
        answer = send(category, {**typed, **wrong, "f_bewijs": file()}, token=token)
    page = unescape(answer.content.decode())
    assert (answer.status_code, 'role="alert"' in page, Ticket.objects.count()) == (status, True, 0)
    for said in {**typed, **wrong}.values():
        if isinstance(said, str) and said not in ("on", "reis", ROBOT["homepage"]):
            assert said.replace("\n", "\r\n") in page or said in page, said
    assert len(re.findall(r"<option[^>]* selected|<input[^>]* checked", page)) == 5
    assert "pas.png (" in page
    assert answer["Cache-Control"] == "private, no-cache"  # and stays for who comes back to it
    Category.objects.update(per_hour=100)
    late = timezone.now() + timedelta(minutes=1)
    monkeypatch.setattr("webforms.pages.timezone.now", lambda: late)
    assert send(category, typed, token=token_in(answer)).status_code == 302
    assert (Attachment.objects.get().name, SubmissionFile.objects.count()) == ("pas.png", 0)
    assert "Er is haast bij." in Article.objects.get().text
