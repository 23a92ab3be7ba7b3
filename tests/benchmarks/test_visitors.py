"""What visitors of `make faults` send is taken, and what is counted of it sees what is lost or doubled."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.utils import timezone

from accounts.models import Agent
from benchmarks.faults.agents import Page
from benchmarks.faults.asked import asked, files_of, forgotten, written
from benchmarks.faults.found import found
from benchmarks.faults.house import make_form
from benchmarks.faults.ledger import File, Ledger, Way
from benchmarks.faults.visitors import (
    CONFIRMING_FORM,
    FORM,
    Filled,
    Home,
    Postbox,
    ask_question,
    confirm,
    write_back,
)
from blobs.store import read_bytes, store_bytes
from mailgate.tasks import autoresponse
from outbox.models import OutboundMessage
from queues.models import Queue
from search.models import TicketText
from search.tasks import index_waiting
from tests.factories import make_auto_response
from tickets.models import Article, Attachment
from webforms.models import Submission, SubmissionFile

pytestmark = pytest.mark.django_db


class Here(Home):
    """The browser, without a network between; whoever opens a form sends it five minutes later."""

    def ask(self, method: str, path: str, body: bytes = b"") -> Page:
        opened = timezone.now() - timedelta(minutes=5 if method == "GET" else 0)
        with mock.patch("webforms.pages.timezone.now", return_value=opened):
            answer = Client().generic(method, path, body, content_type=MULTIPART_CONTENT)
        return Page(answer.headers.get("Location", path), answer.status_code, answer.content.decode())

    def send_twice(self, path: str, form: Filled, files: Sequence[File] = ()) -> list[Page]:
        return [self.send(path, form, files), self.send(path, form, files)]

    def fill_in(self) -> None:
        """Takes no time."""


@pytest.fixture
def ledger(queue: Queue, owner: Agent, tmp_path: Path, settings: Any) -> Ledger:
    """What seven visitors know, of whom one confirmed their address and wrote back, and one did not yet."""
    settings.EMAIL_BACKEND = "outbox.backend.EmailBackend"
    Queue.objects.update(link_suffices=True)
    make_form(queue, FORM)
    make_form(queue, CONFIRMING_FORM, confirms_address=True)
    make_auto_response(queue, html="<p><KVV_CUSTOMER_PAGE></p>")
    ledger, chance = Ledger(), random.Random(1)  # noqa: S311  (repeatable, not secret)
    for way, confirms in [*((way, False) for way in Way), (Way.ONCE, True), (Way.TWICE, True)]:
        question = ledger.new_question(chance=chance)
        files = (File(f"{question.n}.txt", question.mark.encode()), File("foto.bin", bytes([question.n])))
        question.way, question.confirms, question.files = way, confirms, files
        ask_question(Here(0, ledger, question.n), question)
    link = _postbox(tmp_path).next_to_confirm()
    assert link is not None
    confirm(Here(0, ledger, link[0]), link[1], is_twice=True)
    autoresponse()
    page = _postbox(tmp_path).some_page(chance)
    assert page is not None
    write_back(Here(0, ledger, page[0]), page[1], chance=chance)
    autoresponse()
    index_waiting()
    OutboundMessage.objects.update(state=OutboundMessage.SENT)
    return ledger


def _postbox(folder: Path) -> Postbox:
    for row in OutboundMessage.objects.all():
        (folder / f"{row.pk}.eml").write_bytes(read_bytes(row.mime_id))
    postbox = Postbox(folder)
    postbox.look()
    return postbox


def copies() -> Counter[str]:
    return Counter(OutboundMessage.objects.values_list("message_id", flat=True))


def wrong(ledger: Ledger, copies: Counter[str]) -> set[str]:
    groups = [asked(ledger, copies=copies), written(ledger), files_of(ledger)]
    return set().union(*(amiss(figures) for figures in groups))


def amiss(figures: Mapping[str, object]) -> set[str]:
    return {name for name, figure in figures.items() if name.startswith("wrong_") and figure}


def test_what_visitors_send_is_counted_and_what_was_lost_doubled_or_is_stale_is_found(
    ledger: Ledger,
) -> None:
    counted = asked(ledger, copies=copies())
    assert wrong(ledger, copies()) == set()
    assert (counted["opened"], counted["told"], counted["tickets"], counted["waiting"]) == (7, 6, 5, 1)
    assert (counted["confirmed"], counted["receipts"], counted["asked_to_confirm"]) == (1, 5, 2)
    assert written(ledger)["told"] == 1
    assert amiss(found()) == set()
    with transaction.atomic():
        left = forgotten(ledger)
        assert (amiss(left), left["questions"], left["forms_with_files"]) == (set(), 1, 2)  # of who left, too
        transaction.set_rollback(True)
    first = Article.objects.earliest("pk")
    again = Article.objects.get(pk=first.pk)
    again.pk = None
    again.save()
    assert wrong(ledger, copies()) == {"wrong_doubled", "wrong_files", "wrong_no_article"}
    again.delete()
    Attachment.objects.filter(article=first).update(blob=store_bytes(b"something else"))
    assert wrong(ledger, copies()) == {"wrong_files"}
    mail = OutboundMessage.objects.filter(dedupe_key__startswith="autoresponse:").latest("pk")
    doubled = copies() + Counter([mail.message_id])
    assert wrong(ledger, doubled) == {"wrong_files", "wrong_receipts_not_left"}
    TicketText.objects.filter(ticket=first.ticket_id).update(everything="")
    assert found()["wrong_stale"] == [first.ticket_id]
    Submission.objects.filter(ticket=first.ticket_id).delete()
    assert "wrong_lost" in wrong(ledger, copies())
    SubmissionFile.objects.all().delete()
    assert amiss(forgotten(ledger)) == {"wrong_files_that_wait", "wrong_unused"}
