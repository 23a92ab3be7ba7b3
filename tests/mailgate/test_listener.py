"""The listener, spoken to by the standard library's own SMTP client."""

import asyncio
import smtplib
import socket
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings

from blobs.store import read_bytes
from mailgate import listener as listener_module
from mailgate.listener import Listener, PortTakenError
from mailgate.models import InboundMessage
from tests.mailgate.listening import running_listener

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

MAIL = b"From: demo@visitor.example\r\nMessage-ID: <one@visitor.example>\r\nSubject: Hi\r\n\r\nText\r\n"


@pytest.fixture(params=[False], ids=["smtp"])
def listener(request: pytest.FixtureRequest) -> Iterator[Listener]:
    with running_listener(lmtp=request.param) as server:
        yield server


def test_a_mail_is_kept_byte_for_byte_with_its_envelope(listener: Listener) -> None:
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.sendmail("demo@visitor.example", ["a@kvv.example", "b@kvv.example"], MAIL)
    row = InboundMessage.objects.get()
    assert read_bytes(row.raw_id) == MAIL
    assert (row.envelope_from, row.envelope_to) == (
        "demo@visitor.example",
        ["a@kvv.example", "b@kvv.example"],
    )
    assert (row.way, row.state, row.message_id) == ("listener", "queued", "one@visitor.example")


def test_a_bounce_has_an_empty_sender(listener: Listener) -> None:
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.sendmail("", ["a@kvv.example"], MAIL)
    assert InboundMessage.objects.get().envelope_from == ""


def test_very_long_lines_and_eight_bits_pass(listener: Listener) -> None:
    raw = b"Subject: caf\xe9\r\n\r\n" + b"x" * 300_000 + b"\r\n.dot\r\n\xff\xfe\r\n"
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.sendmail("demo@visitor.example", ["a@kvv.example"], raw, mail_options=["BODY=8BITMIME"])
    assert read_bytes(InboundMessage.objects.get().raw_id) == raw


def test_dots_that_the_sender_put_in_are_taken_out(listener: Listener) -> None:
    raw = MAIL + b".\r\n..\r\n.x\r\n" + b"y" * 300_000 + b"\r\n.\r\n"
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.sendmail("demo@visitor.example", ["a@kvv.example"], raw)
        assert client.noop()[0] == 250
    assert read_bytes(InboundMessage.objects.get().raw_id) == raw


def test_the_answer_names_the_mail_as_the_log_does_and_counts_nothing(listener: Listener) -> None:
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        client.mail("demo@visitor.example")
        client.rcpt("a@kvv.example")
        answer = client.data(MAIL)
    assert answer == (250, f"2.0.0 Kept as {InboundMessage.objects.get().trace}".encode())


def test_what_it_offers_is_announced(listener: Listener, settings: Settings) -> None:
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        assert client.has_extn("smtputf8")
        assert client.has_extn("8bitmime")
        assert client.esmtp_features["size"] == str(settings.MAIL_MAX_BYTES)


def test_the_same_mail_again_is_kept_as_a_double(listener: Listener) -> None:
    for _ in range(2):
        with smtplib.SMTP("127.0.0.1", listener.port) as client:
            client.sendmail("demo@visitor.example", ["a@kvv.example"], MAIL)
    assert list(InboundMessage.objects.order_by("pk").values_list("state", flat=True)) == [
        "queued",
        "duplicate",
    ]


def test_a_database_that_is_away_makes_the_sender_keep_the_mail(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_kwargs: object) -> InboundMessage:
        raise OperationalError("the database is away")

    monkeypatch.setattr(listener_module, "take_in", away)
    with smtplib.SMTP("127.0.0.1", listener.port) as client, pytest.raises(smtplib.SMTPDataError) as caught:
        client.sendmail("demo@visitor.example", ["a@kvv.example"], MAIL)
    assert caught.value.smtp_code == 451
    assert not InboundMessage.objects.exists()


def test_the_answer_comes_after_the_commit(listener: Listener) -> None:
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.sendmail("demo@visitor.example", ["a@kvv.example"], MAIL)
        connection.close()  # a connection that sees only what is committed
        assert InboundMessage.objects.count() == 1


def test_a_mail_over_the_limit_is_refused_by_its_announced_size(
    listener: Listener, settings: Settings
) -> None:
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        code, _ = client.mail("demo@visitor.example", [f"SIZE={settings.MAIL_MAX_BYTES + 1}"])
    assert code == 552


@pytest.mark.parametrize("listener", [True], indirect=True, ids=["lmtp"])
def test_lmtp_gets_an_answer_for_each_recipient(listener: Listener) -> None:
    with smtplib.LMTP("127.0.0.1", listener.port) as client:
        client.ehlo("sender.example")
        client.mail("demo@visitor.example")
        client.rcpt("a@kvv.example")
        client.rcpt("b@kvv.example")
        assert client.data(MAIL)[0] == 250
        assert client.getreply()[0] == 250
    assert InboundMessage.objects.count() == 1


@pytest.mark.parametrize("listener", [True], indirect=True, ids=["lmtp"])
def test_lmtp_gets_a_refusal_for_each_recipient_too(listener: Listener, settings: Settings) -> None:
    settings.MAIL_MAX_BYTES = 10
    with smtplib.LMTP("127.0.0.1", listener.port) as client:
        client.ehlo("sender.example")
        client.mail("demo@visitor.example")
        client.rcpt("a@kvv.example")
        client.rcpt("b@kvv.example")
        assert client.data(MAIL)[0] == 552
        assert client.getreply()[0] == 552
        assert client.noop()[0] == 250


def test_a_busy_port_is_one_clear_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = Listener(host="127.0.0.1", port=taken.getsockname()[1])
        with pytest.raises(PortTakenError, match="KVV_MAIL_PORT"):
            asyncio.run(busy.start())
