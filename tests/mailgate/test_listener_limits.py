"""Figures that strangers choose, at the listener: each has an end, and who goes beyond it is told."""

import smtplib
import socket
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

import pytest
from django.db import OperationalError
from pytest_django import Settings

from blobs.store import read_bytes
from mailgate import listener as listener_module
from mailgate.listener import Listener
from mailgate.models import InboundMessage
from mailgate.smtp.door import source_of
from mailgate.smtp.session import COMMAND_BYTES, Mail, Session
from queues.models import MailAddress
from tests.factories import make_queue
from tests.mailgate.listening import running_listener
from tests.patience import until

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

MAIL = b"Message-ID: <one@visitor.example>\r\n\r\nText\r\n"
MEGABYTE = 1024 * 1024


class Line:
    """A client that keeps no rule: it says what it likes, and hears what comes."""

    def __init__(self, listener: Listener) -> None:
        self.socket = socket.create_connection(("127.0.0.1", listener.port), timeout=20)
        self.file = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.file.close()
        self.socket.close()

    def hears(self) -> str:
        return self.file.readline().decode().strip()

    def says(self, text: str | bytes) -> str:
        self.socket.sendall(text if isinstance(text, bytes) else f"{text}\r\n".encode())
        return self.hears()

    def begins_a_mail(self) -> None:
        assert self.hears().startswith("220")
        for command, code in (
            ("HELO x", "250"),
            ("MAIL FROM:<a@x.example>", "250"),
            ("RCPT TO:<b@x.example>", "250"),
        ):
            assert self.says(command).startswith(code)
        assert self.says("DATA").startswith("354")

    def is_closed(self) -> bool:
        with suppress(ConnectionError):
            return self.file.readline() == b""
        return True


def kept_bytes() -> list[bytes]:
    return [read_bytes(row.raw_id) for row in InboundMessage.objects.order_by("pk")]


@pytest.mark.parametrize(("in_all", "from_one"), [(3, 9), (9, 3)], ids=["in all", "from one address"])
def test_one_connection_too_many_is_sent_away_and_one_that_ends_makes_room(
    settings: Settings, in_all: int, from_one: int
) -> None:
    settings.LISTENER_CONNECTIONS, settings.LISTENER_CONNECTIONS_PER_ADDRESS = in_all, from_one
    with running_listener() as listener, ExitStack() as lines:
        opened = [lines.enter_context(Line(listener)) for _ in range(3)]
        assert all(line.hears().startswith("220") for line in opened)
        for _ in range(2):
            with Line(listener) as refused:
                assert refused.hears().startswith("421")
                assert refused.is_closed()
        assert opened[0].says("QUIT").startswith("221")
        assert opened[0].is_closed()
        with Line(listener) as line:
            assert line.hears().startswith("220")


@pytest.mark.parametrize(
    ("peer", "source"),
    [
        (("192.0.2.7", 5), "192.0.2.7"),
        (("::ffff:192.0.2.7", 5, 0, 0), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 5, 0, 0), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 5, 0, 2), "fe80::/64"),
        (None, ""),
    ],
)
def test_who_has_a_whole_network_counts_as_one(peer: object, source: str) -> None:
    assert source_of(peer) == source


def test_more_recipients_than_a_mail_may_have_come_apart(settings: Settings) -> None:
    settings.LISTENER_RECIPIENTS = 3
    with running_listener() as listener, smtplib.SMTP("127.0.0.1", listener.port) as client:
        refused = client.sendmail("a@x.example", [f"r{n}@x.example" for n in range(5)], MAIL)
        assert {address: code for address, (code, _text) in refused.items()} == {
            "r3@x.example": 452,
            "r4@x.example": 452,
        }
        assert InboundMessage.objects.get().envelope_to == ["r0@x.example", "r1@x.example", "r2@x.example"]


@pytest.mark.parametrize("end", ["", "\r\n"], ids=["without an end", "with an end"])
def test_a_command_has_at_most_4_kb(end: str) -> None:
    with running_listener() as listener, Line(listener) as line:
        assert line.hears().startswith("220")
        assert line.says(b"NOOP " + b"x" * COMMAND_BYTES + end.encode()).startswith("500")
        assert line.says("NOOP").startswith("250") if end else line.is_closed()


def test_what_a_sender_says_does_not_begin_their_time_anew(settings: Settings) -> None:
    settings.LISTENER_SECONDS = 1
    with running_listener() as listener, Line(listener) as talking, Line(listener) as dribbling:
        dribbling.begins_a_mail()
        assert talking.hears().startswith("220")
        answer = "250"
        while answer.startswith("250"):
            with suppress(ConnectionError):  # its time may be over before the other's
                dribbling.socket.sendall(b"x")
            answer = talking.says("NOOP")
        assert answer.startswith("421")
        assert talking.is_closed()
        assert dribbling.hears().startswith("421")
        assert not InboundMessage.objects.exists()


def test_who_begins_no_mail_is_sent_away_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailgate.smtp.session.FIRST_SECONDS", 1)
    with running_listener() as listener, Line(listener) as writing, Line(listener) as silent:
        writing.begins_a_mail()
        assert [silent.hears()[:3] for _answer in range(2)] == ["220", "421"]
        assert silent.is_closed()
        assert writing.says(MAIL + b".\r\n").startswith("250")
        assert writing.hears().startswith("421")


def test_a_mail_over_the_limit_is_refused_by_the_bytes_that_came(settings: Settings) -> None:
    settings.MAIL_MAX_BYTES = MEGABYTE
    with running_listener() as listener, Line(listener) as line:
        line.begins_a_mail()
        line.socket.sendall(b"x" * MEGABYTE)
        assert line.says(b"x\r\n.\r\n").startswith("552")
        assert line.says("NOOP").startswith("250")
        assert not InboundMessage.objects.exists()


def test_big_mails_that_are_not_whole_share_the_room_and_small_ones_need_none(settings: Settings) -> None:
    settings.LISTENER_SPOOL_BYTES = 3 * MEGABYTE
    with running_listener() as listener, Line(listener) as first, Line(listener) as second:
        for line in (first, second):
            line.begins_a_mail()
        first.socket.sendall(b"x" * 2 * MEGABYTE)
        until(lambda: listener.room.used > MEGABYTE)
        assert second.says(b"x" * 2 * MEGABYTE + b"\r\n.\r\n").startswith("452")
        with smtplib.SMTP("127.0.0.1", listener.port) as client:
            client.sendmail("a@x.example", ["b@x.example"], MAIL)
        assert first.says(b"\r\n.\r\n").startswith("250")
        assert listener.room.used == 0
        assert kept_bytes() == [MAIL, b"x" * 2 * MEGABYTE + b"\r\n"]


def test_what_waits_of_a_big_mail_waits_in_a_file(settings: Settings) -> None:
    with running_listener() as listener:
        mail = Mail(listener.room)
        for _ in range(3):
            mail.add(b"x" * MEGABYTE)
        assert (len(mail.spool), listener.room.used, mail.refusal) == (3 * MEGABYTE, 3 * MEGABYTE, "")
        mail.give_back()
        assert listener.room.used == 0


def test_a_full_disk_makes_the_sender_keep_a_big_mail(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with running_listener() as listener, Line(listener) as line:
        line.begins_a_mail()
        assert line.says(b"x" * 2 * MEGABYTE + b"\r\n.\r\n").startswith("452")
        assert listener.room.used == 0


def test_who_hangs_up_in_the_middle_leaves_nothing_behind() -> None:
    with running_listener() as listener:
        with Line(listener) as line:
            line.begins_a_mail()
            line.socket.sendall(b"x" * 2 * MEGABYTE)
        with Line(listener) as line:
            assert line.hears().startswith("220")
            while listener.connections.counts.total() > 1:
                assert line.says("NOOP").startswith("250")
        assert listener.room.used == 0
        assert not InboundMessage.objects.exists()


def test_recipients_that_are_not_here_are_refused_where_that_is_set(settings: Settings) -> None:
    settings.LISTENER_KNOWN_ONLY = True
    MailAddress.objects.create(address="vraag@kvv.example", queue=make_queue())
    ours = ["Vraag@kvv.example", "vraag+b=x@kvv.example", "postmaster@kvv.example", "postmaster"]
    others = ["iemand@kvv.example", "postmaster@x.example", "vraag@x.example"]
    with running_listener() as listener, smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        client.mail("a@x.example")
        assert [client.rcpt(address)[0] for address in (*ours, *others)] == [250] * 4 + [550] * 3
        assert client.data(MAIL)[0] == 250
        client.mail("a@x.example")
        codes = [client.rcpt(f"r{n}@kvv.example")[0] for n in range(17)]
        assert codes == [550] * 16 + [421]
        assert InboundMessage.objects.get().envelope_to == ours


def test_while_nobody_can_say_whether_a_recipient_is_here_the_sender_keeps_the_mail(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_address: str) -> bool:
        raise OperationalError("the database is away")

    settings.LISTENER_KNOWN_ONLY = True
    monkeypatch.setattr(listener_module, "takes_mail_for", away)
    with running_listener() as listener, smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.ehlo()
        client.mail("a@x.example")
        assert client.rcpt("b@kvv.example")[0] == 451


def test_a_command_that_breaks_the_library_tells_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_arguments: object) -> None:
        raise ValueError("a secret of ours")

    monkeypatch.setattr(Session, "smtp_NOOP", broken)
    with running_listener() as listener, Line(listener) as line:
        assert line.hears().startswith("220")
        assert line.says("NOOP") == listener_module.NOT_UNDERSTOOD
