"""Sending through a real SMTP server: what it says about each recipient, and what a broken line leaves."""

import smtplib
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from blobs.models import PART_BYTES
from outbox import send as sending
from outbox.models import OutboundMessage, Transport
from outbox.queueing import cancel, mark_sent, send_again
from outbox.send import send_due
from outbox.smtp import connect
from tests.outbox.mailserver import MIME, queued, results, state_of
from tests.smtp_server import Server
from work.claim import claim
from work.rows import WorkRow

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def test_a_mail_leaves_once_byte_for_byte(server: Server) -> None:
    message = queued("karin@post.example", "piet@post.example")
    send_due()
    send_due()
    assert state_of(message) == OutboundMessage.SENT
    assert message.sent_at is not None
    (envelope,) = server.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "spel@kvv.example",
        ["karin@post.example", "piet@post.example"],
    )
    assert envelope.original_content == MIME


def test_a_big_mail_leaves_byte_for_byte_whatever_begins_a_piece_of_it(server: Server) -> None:
    """A dot first in its line, a dot within one, a line feed; last of all a line without an end."""
    line = b"." + b"x" * 61 + b"\r\n"
    lines = line * (PART_BYTES // len(line) - 1)
    big = line + lines + lines + b"y" * 64 + b".y" + lines + b"y" * 61 + b"\r" + b"\n.\r\n."
    assert [chr(big[PART_BYTES * n]) for n in (1, 2, 3)] == [".", ".", "\n"]
    queued(mime=big)
    send_due()
    assert server.taken[0].original_content == big + b"\r\n"


def test_a_mail_without_an_envelope_sender_leaves_with_an_empty_one(server: Server) -> None:
    message = queued(sender="")
    send_due()
    assert state_of(message) == OutboundMessage.SENT
    assert server.taken[0].mail_from == "<>"  # as aiosmtpd calls it


@pytest.mark.parametrize("odd", ["Wim.Jansen+AbC@post.example", "jan..jansen@post.example", ".jan@intranet"])
def test_an_odd_address_is_told_to_the_server_as_it_is(server: Server, odd: str) -> None:
    queued(odd)
    send_due()
    assert server.taken[0].rcpt_tos == [odd]


def test_the_same_key_is_one_mail(server: Server) -> None:
    assert queued() == queued()
    send_due()
    assert len(server.taken) == 1


def test_who_was_refused_is_not_tried_again_and_the_others_get_it(server: Server) -> None:
    server.answers["weg@post.example"] = "550 No such user"
    message = queued("karin@post.example", "weg@post.example")
    send_due()
    assert state_of(message) == OutboundMessage.SENT
    assert results(message) == {"karin@post.example": "accepted", "weg@post.example": "refused"}
    assert "No such user" in message.last_error


def test_a_server_that_cant_be_reached_is_asked_once_for_all(server: Server) -> None:
    Transport.objects.update(port=1)
    first, second = queued(key="een"), queued(key="twee")
    send_due()
    assert (state_of(first), state_of(second)) == (WorkRow.QUEUED, WorkRow.QUEUED)
    assert (first.attempts, second.attempts) == (1, 0)
    assert first.server_was_away
    assert second.retry_at is not None


def test_all_refused_is_refused_and_can_be_sent_again(server: Server) -> None:
    server.answers["karin@post.example"] = "550 No"
    message = queued()
    send_due()
    assert state_of(message) == OutboundMessage.REFUSED
    server.answers.clear()
    assert send_again(message)
    send_due()
    assert state_of(message) == OutboundMessage.SENT


def test_only_who_was_put_off_is_tried_again(server: Server) -> None:
    server.answers["traag@post.example"] = "451 Later"
    message = queued("karin@post.example", "traag@post.example")
    send_due()
    assert state_of(message) == WorkRow.QUEUED
    assert message.retry_at is not None
    assert message.retry_at > timezone.now()
    server.answers.clear()
    OutboundMessage.objects.update(retry_at=None)
    send_due()
    assert state_of(message) == OutboundMessage.SENT
    assert [envelope.rcpt_tos for envelope in server.taken] == [
        ["karin@post.example"],
        ["traag@post.example"],
    ]


def test_a_mail_put_off_waits_longer_each_time(server: Server) -> None:
    server.after_data = "451 Later"
    message = queued()
    waits = []
    for _attempt in range(3):
        OutboundMessage.objects.update(retry_at=None)
        send_due()
        message.refresh_from_db()
        assert message.retry_at is not None
        waits.append(message.retry_at - timezone.now())
    assert waits[0] < waits[1] < waits[2]
    assert state_of(message) == WorkRow.QUEUED


def test_it_is_given_up_in_the_end(server: Server) -> None:
    server.after_data = "451 Later"
    message = queued()
    OutboundMessage.objects.update(attempts=sending.ATTEMPTS_MOST)
    send_due()
    assert state_of(message) == WorkRow.FAILED


def test_a_line_that_breaks_after_data_is_doubtful_and_not_sent_again(server: Server) -> None:
    server.after_data = "hang up"
    message = queued()
    send_due()
    assert state_of(message) == OutboundMessage.DOUBTFUL
    server.after_data = "250 OK"
    send_due()
    assert server.taken == []
    assert mark_sent(message)
    assert state_of(message) == OutboundMessage.SENT


def test_a_worker_that_died_before_data_leaves_a_mail_that_is_sent(server: Server) -> None:
    message = queued()
    past = timezone.now() - timedelta(seconds=1)
    OutboundMessage.objects.update(state=WorkRow.CLAIMED, leased_until=past)
    send_due()
    assert state_of(message) == OutboundMessage.SENT


def test_a_worker_that_died_while_it_left_makes_it_doubtful(server: Server) -> None:
    message = queued()
    past = timezone.now() - timedelta(seconds=1)
    OutboundMessage.objects.update(state=OutboundMessage.SENDING, leased_until=past)
    send_due()
    assert state_of(message) == OutboundMessage.DOUBTFUL
    assert server.taken == []


def test_a_server_that_is_away_keeps_the_mail_and_says_so_on_the_transport(server: Server) -> None:
    Transport.objects.update(port=1)
    message = queued()
    send_due()
    assert state_of(message) == WorkRow.QUEUED
    assert Transport.objects.get().last_error == "127.0.0.1 weigert verbindingen op poort 1."
    assert Transport.objects.get().failing_since is not None


def test_without_a_transport_the_mail_waits(db: None) -> None:
    message = queued()
    send_due()
    assert state_of(message) == WorkRow.QUEUED
    assert "no outgoing mail server" in message.last_error


def test_a_mail_can_be_taken_back_until_it_is_claimed(server: Server) -> None:
    message = queued()
    assert cancel(message)
    send_due()
    assert server.taken == []
    other = queued(key="twee")
    send_due()
    assert not cancel(other)


def test_a_worker_that_lost_its_lease_does_not_send(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    message = queued()

    def slow(transport: Transport) -> smtplib.SMTP:
        later = timezone.now() + settings.SEND_LEASE
        assert claim(OutboundMessage, limit=1, lease=settings.SEND_LEASE, now=later) == [message]
        return connect(transport)

    monkeypatch.setattr(sending, "connect", slow)
    send_due()
    assert server.taken == []
    assert state_of(message) == WorkRow.CLAIMED
    assert not Transport.objects.get().last_error


def test_a_database_that_goes_away_leaves_one_mail_in_doubt_and_the_next_ones_free(server: Server) -> None:
    first, second = queued(), queued(key="twee")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server.after_data = f"break {cursor.fetchone()[0]}"
    with pytest.raises(OperationalError):
        send_due()
    assert (state_of(first), state_of(second)) == (OutboundMessage.SENDING, WorkRow.QUEUED)
    assert second.attempts == 0
