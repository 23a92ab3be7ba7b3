"""A mail as it came in or left: read as text, which runs nowhere, and downloaded whole."""

from typing import cast

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from blobs.store import read_bytes, store_bytes
from queues.models import Queue
from tests.factories import NOW, actor, answer, customer_mail, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.note import add_note
from tickets.actions.reply import reply_to_ticket
from tickets.models import Article, Ticket

RAW = b"Subject: Kamp\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\xe9\r\n"


@pytest.fixture
def mail(queue: Queue) -> Article:
    return make_ticket(queue, article=customer_mail(raw=store_bytes(RAW))).articles.get()


def source_of(article: Article) -> str:
    return reverse("desk:source", args=[article.ticket.number, article.pk])


def downloaded(desk: Client, article: Article) -> tuple[StreamingHttpResponse, bytes]:
    answer = cast("StreamingHttpResponse", desk.get(source_of(article), {"download": "1"}))
    return answer, b"".join(cast("list[bytes]", list(answer)))


def test_a_mail_is_read_as_text_in_which_nothing_runs(desk: Client, mail: Article) -> None:
    answer = desk.get(source_of(mail))
    assert answer.content.decode() == RAW.decode("utf-8", "replace")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"sandbox", "default-src 'none'"} <= set(policy)


def test_a_mail_is_downloaded_to_the_byte(desk: Client, mail: Article) -> None:
    answer, data = downloaded(desk, mail)
    assert (data, answer.headers["Content-Length"]) == (RAW, str(len(RAW)))
    name = f'attachment; filename="{mail.ticket.number}-{mail.pk}.eml"'
    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"]) == (
        "application/octet-stream",
        name,
    )


def test_of_a_large_mail_only_the_beginning_is_shown(desk: Client, queue: Queue) -> None:
    raw = RAW + b"x" * 2_000_000
    large = make_ticket(queue, article=customer_mail(raw=store_bytes(raw))).articles.get()
    shown = desk.get(source_of(large)).content.decode()
    assert 1_000_000 < len(shown) < 1_100_000
    assert shown.endswith("[De rest van deze e-mail wordt niet getoond. Download hem om alles te lezen.]\n")
    assert downloaded(desk, large)[1] == raw


def test_an_answer_has_a_source_and_a_note_has_none(desk: Client, ticket: Ticket, owner: Agent) -> None:
    sent = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket), now=NOW).written
    note = add_note(actor=actor(owner), ticket=ticket, **words()).written
    assert sent.outbound is not None
    assert downloaded(desk, sent)[1] == read_bytes(sent.outbound.mime_id)
    assert desk.get(source_of(note)).status_code == 404
    pages = [
        desk.get(reverse("desk:zoom", args=[ticket.number]), {"article": article.pk}).content.decode()
        for article in (sent, note)
    ]
    assert source_of(sent) in pages[0]
    assert source_of(note) not in pages[1]
