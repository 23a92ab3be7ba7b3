"""Mail servers that lie about sizes, or do not stop: what counts is what came, and everything has an end."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import Settings

from blobs.models import Blob
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.models import InboundMessage, Mailbox
from tests.imap_server import Store, imap_server
from tests.mailgate.mailbox.mailboxes import kept, mail
from tests.pop3_server import Maildrop, pop3_server

pytestmark = [pytest.mark.mailserver, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

MEGABYTE = 1024 * 1024
HUGE = 10**30
LITERAL = b"* 1 FETCH (UID 1 BODY[]<0> {400000000}\r\n"


@pytest.fixture(params=["imap", "pop3"])
def server(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Store | Maildrop]:
    """A server that lies; a mail may have 1 MB."""
    settings.MAIL_MAX_BYTES = MEGABYTE
    with imap_server(Store()) if request.param == "imap" else pop3_server(Maildrop()) as served:
        yield served
    InboundMessage.objects.all().delete()
    Mailbox.objects.all().delete()
    Blob.objects.all().delete()


def mailbox_of(server: Store | Maildrop) -> Mailbox:
    return Mailbox.objects.create(
        name="demo",
        username="demo",
        host="127.0.0.1",
        port=server.port,
        protocol="pop3" if isinstance(server, Maildrop) else "imap",
        security="plain",
        after=Mailbox.After.DELETE,
    )


def fill(server: Store | Maildrop, *mails: bytes) -> None:
    server.messages = list(mails)
    if isinstance(server, Maildrop):
        server.names = [f"name{number}" for number in range(len(mails))]


def stays(server: Store | Maildrop) -> int:
    return len(server.messages) - (len(server.deleted) if isinstance(server, Store) else 0)


def error_of(mailbox: Mailbox) -> str:
    mailbox.refresh_from_db()
    return mailbox.last_error


def test_a_message_that_is_bigger_than_was_said_is_kept_in_part_and_stays(server: Store | Maildrop) -> None:
    fill(server, mail("one"), mail("huge", size=3 * MEGABYTE), mail("three"))
    server.sizes = {2: 100}
    mailbox = mailbox_of(server)
    assert [fetch_mailbox(mailbox.pk) for _poll in range(2)] == [3, 0]
    row = InboundMessage.objects.get(message_id="huge@visitor.example")
    assert (row.raw.size, row.full_size is not None and row.full_size > MEGABYTE) == (MEGABYTE, True)
    assert (sorted(kept()), stays(server), error_of(mailbox)) == (["huge", "one", "three"], 1, "")


@pytest.mark.parametrize("size", [2 * MEGABYTE, HUGE])
def test_a_message_that_is_smaller_than_was_said_is_kept_whole(server: Store | Maildrop, size: int) -> None:
    fill(server, mail("small"))
    server.sizes = {1: size}
    assert fetch_mailbox(mailbox_of(server).pk) == 1
    row = InboundMessage.objects.get()
    assert (row.raw.size, row.full_size, stays(server)) == (len(mail("small")), None, 0)


def test_where_both_are_too_much_the_figure_still_fits(server: Store | Maildrop) -> None:
    fill(server, mail("huge", size=3 * MEGABYTE))
    server.sizes = {1: HUGE}
    assert fetch_mailbox(mailbox_of(server).pk) == 1
    row = InboundMessage.objects.get()
    assert (row.raw.size, row.full_size) == (MEGABYTE, 2**62)


@pytest.mark.parametrize(("most", "is_whole"), [(MEGABYTE, False), (9 * MEGABYTE, True)])
def test_a_message_of_which_a_server_shows_less_than_it_has_is_never_taken_for_whole(
    server: Store | Maildrop, settings: Settings, *, most: int, is_whole: bool
) -> None:
    settings.MAIL_MAX_BYTES, server.cap = most, 100_000
    fill(server, mail("big", size=3 * MEGABYTE))
    size = len(server.messages[0])
    assert fetch_mailbox(mailbox_of(server).pk) == 1
    row = InboundMessage.objects.get()
    assert row.raw.size == (size if is_whole else MEGABYTE)
    assert (row.full_size, stays(server)) == ((None, 0) if is_whole else (size, 1))


def test_without_room_for_a_big_message_the_small_ones_come_and_it_is_asked_for_again(
    server: Store | Maildrop, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.MAIL_MAX_BYTES = 9 * MEGABYTE
    fill(server, mail("one"), mail("big", size=2 * MEGABYTE), mail("three"))
    mailbox = mailbox_of(server)
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
        assert fetch_mailbox(mailbox.pk) == 2
    assert fetch_mailbox(mailbox.pk) == 1
    assert (kept(), stays(server)) == (["one", "three", "big"], 0)


@pytest.mark.parametrize("server", ["pop3"], indirect=True)
def test_a_message_without_end_is_kept_in_part_and_the_others_come_next_time(server: Maildrop) -> None:
    fill(server, mail("one"), mail("endless"), mail("three"))
    server.endless = {"RETR 2": mail("endless")}
    mailbox = mailbox_of(server)
    fetch_mailbox(mailbox.pk)
    assert (kept(), error_of(mailbox) != "") == (["one", "endless"], True)
    assert [fetch_mailbox(mailbox.pk) for _poll in range(2)] == [1, 0]
    assert server.sent < 20 * MEGABYTE
    assert (sorted(kept()), len(server.messages), error_of(mailbox)) == (["endless", "one", "three"], 1, "")


@pytest.mark.parametrize(
    ("server", "word", "line"),
    [
        ("pop3", "UIDL", b"1 name\r\n"),
        ("pop3", "LIST", b"1 100\r\n"),
        ("pop3", "UIDL", b"x" * 100),
        ("imap", "", b"* OK "),
        ("imap", "", b"* OK {99999999999}\r\n"),
        ("imap", "CAPABILITY", b"* CAPABILITY IMAP4rev1\r\n"),
        ("imap", "LOGIN", b"+ go on\r\n"),
        ("imap", "SELECT", b"* 1 EXISTS\r\n"),
        ("imap", "SELECT", b"* OK [" + b"x" * 60_000 + b"] ok\r\n"),
        ("imap", "SEARCH", b"* SEARCH 1 2 3\r\n"),
        ("imap", "FETCH", b"* 1 FETCH (UID 1 RFC822.SIZE 9)\r\n"),
        ("imap", "FETCH", LITERAL + b"x" * 60_000),
    ],
    indirect=["server"],
)
def test_an_answer_without_end_ends_the_session_with_a_sentence(
    server: Store | Maildrop, word: str, line: bytes
) -> None:
    fill(server, mail("one"))
    server.endless = {word: line}
    mailbox = mailbox_of(server)
    with translation.override("en"):
        assert fetch_mailbox(mailbox.pk) == 0
    assert error_of(mailbox).startswith("127.0.0.1 ")
    assert server.sent < 20 * MEGABYTE
    server.endless = {}
    assert (fetch_mailbox(mailbox.pk), error_of(mailbox)) == (1, "")


@pytest.mark.parametrize("server", ["pop3"], indirect=True)
def test_more_messages_than_any_maildrop_has_are_no_list_to_make(server: Maildrop) -> None:
    server.refuses, server.says = {"STAT"}, f"+OK {HUGE} 1"
    mailbox = mailbox_of(server)
    with translation.override("en"):
        assert fetch_mailbox(mailbox.pk) == 0
    assert error_of(mailbox) == "127.0.0.1 broke off: more than 500000 messages"


@pytest.mark.parametrize("server", ["imap"], indirect=True)
def test_numbers_that_no_message_can_have_are_none(server: Store) -> None:
    fill(server, mail("one"))
    server.found = f"0 {2**32} {HUGE}"
    mailbox = mailbox_of(server)
    assert (fetch_mailbox(mailbox.pk), error_of(mailbox)) == (1, "")
