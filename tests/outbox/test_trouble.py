"""Mail servers and settings that nobody has thought of: one mail's trouble is not the others'."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blobs.spool import Spool
from blobs.store import spooled
from outbox import send as sending
from outbox.holding import release_held
from outbox.models import OutboundMessage, Recipient, Transport, Undelivered
from outbox.queueing import enqueue, mark_sent, send_again, try_now
from outbox.send import send_due
from outbox.smtp import Replies
from outbox.transports import note_success
from tests.outbox.mailserver import MIME, queued, results, state_of
from tests.smtp_server import Server
from work.locks import Lock, hold_lock
from work.rows import WorkRow

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def test_a_host_that_is_no_name_is_told_of_and_the_mail_waits(server: Server) -> None:
    Transport.objects.update(host="mail..example")
    message = queued()
    send_due()
    assert (state_of(message), message.attempts) == (WorkRow.QUEUED, 1)
    assert Transport.objects.get().failing_since is not None


def test_what_nobody_foresaw_keeps_only_its_own_mail(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = queued(key="een")

    def broken(blob_id: int) -> Spool:
        if blob_id == bad.mime_id:
            raise LookupError("nobody foresaw this")
        return spooled(blob_id)

    monkeypatch.setattr(sending, "spooled", broken)
    good = queued(key="twee", mime=MIME + b"twee")
    send_due()
    assert (state_of(bad), bad.last_error) == (WorkRow.QUEUED, "LookupError: nobody foresaw this")
    OutboundMessage.objects.filter(pk=good.pk).update(retry_at=None)
    send_due()
    assert state_of(good) == OutboundMessage.SENT


def test_a_mail_without_a_server_waits_for_ever_and_counts_no_attempt(db: None) -> None:
    message = queued()
    for _round in range(3):
        OutboundMessage.objects.update(retry_at=None)
        send_due()
    assert (state_of(message), message.attempts) == (WorkRow.QUEUED, 0)
    assert "no outgoing mail server" in message.last_error


class KnowsAsciiOnly(Server):
    """Without SMTPUTF8 (RFC 6531)."""

    knows_utf8 = False


class HangsUpAtData(Server):
    """Breaks the line when it hears DATA, before a byte of the mail has left."""

    async def handle_RCPT(  # noqa: N802  (aiosmtpd names it)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        assert isinstance(server.transport, asyncio.WriteTransport)
        transport = server.transport
        transport.write(b"250 OK\r\n")
        asyncio.get_running_loop().call_soon(transport.close)
        return ""


@pytest.mark.parametrize("server_class", [HangsUpAtData])
def test_a_line_that_breaks_before_the_mail_leaves_is_no_doubt(server: Server) -> None:
    message = queued()
    send_due()
    assert (state_of(message), message.attempts) == (WorkRow.QUEUED, 1)


@pytest.mark.parametrize("server_class", [KnowsAsciiOnly])
def test_a_domain_of_other_letters_is_written_in_ascii_where_the_server_needs_it(server: Server) -> None:
    message = queued("karin@b\u00fccher.example")
    send_due()
    assert state_of(message) == OutboundMessage.SENT
    assert server.taken[0].rcpt_tos == ["karin@xn--bcher-kva.example"]


@pytest.mark.parametrize("server_class", [KnowsAsciiOnly])
def test_a_name_of_other_letters_is_refused_at_once_and_the_others_get_it(server: Server) -> None:
    message = queued("j\u00f6rg@post.example", "karin@post.example")
    send_due()
    assert results(message) == {"j\u00f6rg@post.example": "refused", "karin@post.example": "accepted"}
    assert Transport.objects.get().failing_since is None


def test_who_was_refused_stays_refused_when_an_agent_says_it_was_sent(server: Server) -> None:
    message = queued("karin@post.example", "weg@post.example")
    Recipient.objects.filter(address="weg@post.example").update(result=Recipient.Result.REFUSED)
    OutboundMessage.objects.update(state=OutboundMessage.DOUBTFUL)
    assert mark_sent(message)
    assert results(message) == {"karin@post.example": "accepted", "weg@post.example": "refused"}


def test_a_mail_to_nobody_is_no_mail(db: None) -> None:
    with pytest.raises(ValueError, match="nobody"):
        enqueue(
            mime=MIME,
            message_id="x@kvv.example",
            sender="spel@kvv.example",
            recipients=[],
            subject="",
            dedupe_key="x",
        )


@pytest.fixture
def another_worker(server: Server) -> Iterator[None]:
    """One that speaks with the server at this moment."""
    begun, end = threading.Event(), threading.Event()

    def hold() -> None:
        with hold_lock(Lock.SPEAK_WITH_TRANSPORT, which=Transport.objects.get().pk) as is_ours:
            assert is_ours
            begun.set()
            end.wait()
        connection.close()

    worker = threading.Thread(target=hold)
    worker.start()
    begun.wait()
    yield
    end.set()
    worker.join()


def test_while_a_worker_speaks_with_a_server_no_other_waits_for_it(
    server: Server, another_worker: None
) -> None:
    message = queued()
    assert send_due() == 0
    assert (state_of(message), message.attempts, server.taken) == (WorkRow.QUEUED, 0, [])


def test_a_server_that_works_again_ends_the_waiting_that_it_caused_and_no_other(server: Server) -> None:
    port = Transport.objects.get().port
    server.answers["traag@post.example"] = "451 Later"
    put_off, asked_later = queued("traag@post.example", key="traag"), queued(key="morgen", mime=MIME + b"m")
    OutboundMessage.objects.filter(pk=asked_later.pk).update(not_before=timezone.now() + timedelta(days=1))
    send_due()
    Transport.objects.update(port=1)
    waiting = [queued(key=key, mime=MIME + key.encode()) for key in ("een", "twee")]
    send_due()
    OutboundMessage.objects.filter(server_was_away=True).update(retry_at=timezone.now() + timedelta(hours=3))
    Transport.objects.update(port=port)
    assert send_due() == 0
    new = queued(key="nieuw", mime=MIME + b"n")
    send_due()
    assert {state_of(message) for message in (*waiting, new)} == {OutboundMessage.SENT}
    assert {state_of(message) for message in (put_off, asked_later)} == {WorkRow.QUEUED}
    assert put_off.retry_at is not None


def test_what_is_given_up_says_what_was_wrong_last(server: Server) -> None:
    server.answers["karin@post.example"] = "451 Later"
    message = queued()
    OutboundMessage.objects.update(attempts=21, server_was_away=True)
    send_due()
    assert (state_of(message), message.server_was_away) == (OutboundMessage.FAILED, False)
    assert send_again(message)
    OutboundMessage.objects.update(server_was_away=True)
    server.answers["karin@post.example"] = "550 No"
    send_due()
    assert (state_of(message), message.server_was_away) == (OutboundMessage.REFUSED, False)


def test_what_a_server_said_to_a_worker_that_was_taken_over_counts_for_nobody(server: Server) -> None:
    message = queued()
    OutboundMessage.objects.update(lease=uuid4(), state=OutboundMessage.DOUBTFUL)
    with pytest.raises(sending._TakenOverError):
        sending._record(message, Replies(refused={"karin@post.example": "550 No"}))
    assert results(message) == {"karin@post.example": "waiting"}
    assert not Undelivered.objects.exists()


def test_a_mail_that_nobody_waits_for_and_nobody_got_was_not_sent(server: Server) -> None:
    message = queued("karin@post.example", "piet@post.example")
    Recipient.objects.update(result=Recipient.Result.REFUSED)
    send_due()
    assert state_of(message) == OutboundMessage.REFUSED


def test_what_is_released_or_sent_again_waits_no_longer(db: None) -> None:
    message = queued()
    for again in (release_held, lambda: send_again(message)):
        later = timezone.now() + timedelta(hours=3)
        OutboundMessage.objects.update(state=WorkRow.HELD, retry_at=later, server_was_away=True)
        again()
        assert state_of(message) == WorkRow.QUEUED
        assert (message.retry_at, message.server_was_away) == (None, False)


def test_a_success_costs_one_statement_where_nothing_was_wrong(server: Server) -> None:
    transport = Transport.objects.get()
    with CaptureQueriesContext(connection) as asked:
        note_success(transport, now=timezone.now())
    assert len(asked) == 1


def test_an_admin_ends_the_waiting_after_trouble_but_nobodys_wish(server: Server) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    waiting, asked_later = queued(key="een"), queued(key="twee", mime=MIME + b"2")
    OutboundMessage.objects.update(retry_at=tomorrow)
    OutboundMessage.objects.filter(pk=asked_later.pk).update(not_before=tomorrow)
    assert (try_now(waiting), try_now(asked_later)) == (True, True)
    send_due()
    assert (state_of(waiting), state_of(asked_later)) == (OutboundMessage.SENT, WorkRow.QUEUED)
    assert (try_now(waiting), try_now(asked_later)) == (False, False)
