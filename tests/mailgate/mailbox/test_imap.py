"""Mailboxes on a real Dovecot: nothing lost, nothing twice, and the server told what the mailbox says."""

import threading
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation
from imapclient import SEEN, IMAPClient
from pytest_django import Settings

from blobs.store import read_bytes
from mailgate import tasks
from mailgate.intake import Arrival, take_in_many
from mailgate.mailbox import fetch as fetch_module
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.mailbox.imap import ImapFolder
from mailgate.mailbox.leases import lease_mailbox
from mailgate.models import InboundMessage, Mailbox
from tests.dovecot import ANY_LETTERS, PASSWORD, Dovecot
from tests.mailgate.mailbox.mailboxes import KilledError, kept, mail, make_mailbox, put, seen

pytestmark = [pytest.mark.mailserver, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

After, Security = Mailbox.After, Mailbox.Security


def test_every_byte_is_kept_also_of_a_mail_of_several_pieces(dovecot: Dovecot, other: IMAPClient) -> None:
    put(other, "small")
    put(other, "big", size=2 * 1024 * 1024 + 5000)
    assert fetch_mailbox(make_mailbox(dovecot).pk) == 2
    small, big = InboundMessage.objects.order_by("pk")
    assert read_bytes(small.raw_id) == mail("small")
    assert read_bytes(big.raw_id) == mail("big", size=2 * 1024 * 1024 + 5000)
    assert (small.way, small.state, small.mailbox is not None) == ("imap", "queued", True)


def test_a_mail_of_exactly_one_piece_is_whole(dovecot: Dovecot, other: IMAPClient) -> None:
    exact = mail("x") + b"y" * (1024 * 1024 - len(mail("x")) - 2) + b"\r\n"
    other.append("INBOX", exact)
    fetch_mailbox(make_mailbox(dovecot).pk)
    assert read_bytes(InboundMessage.objects.get().raw_id) == exact


def test_what_another_program_has_read_is_fetched_all_the_same(dovecot: Dovecot, other: IMAPClient) -> None:
    put(other, "read", "unread")
    other.add_flags([other.search()[0]], [SEEN])
    fetch_mailbox(make_mailbox(dovecot).pk)
    assert kept() == ["read", "unread"]


def test_leaving_changes_nothing_on_the_server_and_fetches_nothing_twice(
    dovecot: Dovecot, other: IMAPClient
) -> None:
    put(other, "one", "two")
    mailbox = make_mailbox(dovecot, after=After.LEAVE)
    assert fetch_mailbox(mailbox.pk) == 2
    assert seen(other) == [False, False]
    put(other, "three")
    assert fetch_mailbox(mailbox.pk) == 1
    assert fetch_mailbox(mailbox.pk) == 0
    assert kept() == ["one", "two", "three"]
    mailbox.refresh_from_db()
    assert mailbox.highest_uid == max(other.search())


def test_marking(dovecot: Dovecot, other: IMAPClient) -> None:
    put(other, "one", "two")
    fetch_mailbox(make_mailbox(dovecot, after=After.MARK).pk)
    assert seen(other) == [True, True]


def test_deleting_removes_what_was_fetched_and_nothing_else(dovecot: Dovecot, other: IMAPClient) -> None:
    mailbox = make_mailbox(dovecot, after=After.LEAVE)
    put(other, "old")
    fetch_mailbox(mailbox.pk)
    other.delete_messages(other.search())  # marked by another program, which has not decided yet
    Mailbox.objects.update(after=After.DELETE)
    put(other, "new")
    fetch_mailbox(mailbox.pk)
    other.noop()
    assert len(other.search()) == 1
    assert kept() == ["old", "new"]


def test_moving_makes_the_folder_when_it_is_missing(dovecot: Dovecot, other: IMAPClient) -> None:
    put(other, "one")
    fetch_mailbox(make_mailbox(dovecot, after=After.MOVE, move_to="In KVV é").pk)
    other.noop()
    assert other.search() == []
    other.select_folder("In KVV é")
    assert len(other.search()) == 1


def test_another_folder_than_the_inbox(dovecot: Dovecot, other: IMAPClient) -> None:
    other.create_folder("Vragen")
    other.append("Vragen", mail("asked"))
    put(other, "not")
    fetch_mailbox(make_mailbox(dovecot, folder="Vragen").pk)
    assert kept() == ["asked"]


def test_a_crash_between_keeping_and_telling_is_mended_by_the_next_poll(
    dovecot: Dovecot, other: IMAPClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(other, "one", "two")
    mailbox = make_mailbox(dovecot, after=After.DELETE)

    def killed(_folder: ImapFolder, numbers: Iterable[int]) -> None:
        if list(numbers):
            raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(ImapFolder, "tell", killed)
        with pytest.raises(KilledError):
            fetch_mailbox(mailbox.pk)
    assert kept() == ["one", "two"]
    assert fetch_mailbox(mailbox.pk) == 0  # the dead one's lease still runs
    Mailbox.objects.update(leased_until=timezone.now())
    assert fetch_mailbox(mailbox.pk) == 0
    other.noop()
    assert other.search() == []
    assert kept() == ["one", "two"]


def test_two_fetchers_at_once_make_no_double(dovecot: Dovecot, other: IMAPClient) -> None:
    put(other, *[f"mail{number}" for number in range(30)])
    mailbox = make_mailbox(dovecot, after=After.MARK)
    counts: list[int] = []

    def fetch() -> None:
        counts.append(fetch_mailbox(mailbox.pk))
        connection.close()

    threads = [threading.Thread(target=fetch) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sum(counts) == 30
    assert len(set(kept())) == InboundMessage.objects.count() == 30


def test_a_fetcher_that_was_taken_over_stops_without_a_double(
    dovecot: Dovecot, other: IMAPClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(other, "one")
    mailbox = make_mailbox(dovecot, after=After.DELETE)

    def slow(arrivals: list[Arrival]) -> list[InboundMessage]:
        monkeypatch.setattr(fetch_module, "take_in_many", take_in_many)
        Mailbox.objects.update(leased_until=timezone.now())
        assert fetch_mailbox(mailbox.pk) == 1
        return take_in_many(arrivals)

    monkeypatch.setattr(fetch_module, "take_in_many", slow)
    assert fetch_mailbox(mailbox.pk) == 0
    assert kept() == ["one"]


def test_a_new_uidvalidity_starts_a_new_ledger(dovecot: Dovecot, other: IMAPClient) -> None:
    mailbox = make_mailbox(dovecot, uid_validity=1, highest_uid=1_000_000, after=After.LEAVE)
    put(other, "one")
    assert fetch_mailbox(mailbox.pk) == 1
    mailbox.refresh_from_db()
    assert mailbox.uid_validity != 1
    assert mailbox.highest_uid == other.search()[0]


def test_of_a_mail_over_the_limit_the_beginning_is_kept_and_the_original_stays(
    dovecot: Dovecot, other: IMAPClient, settings: Settings
) -> None:
    settings.MAIL_MAX_BYTES = 2 * 1024 * 1024
    put(other, "huge", size=3 * 1024 * 1024)
    put(other, "small")
    assert fetch_mailbox(make_mailbox(dovecot, after=After.DELETE).pk) == 2
    huge = InboundMessage.objects.get(message_id="huge@visitor.example")
    assert huge.full_size == len(mail("huge", size=3 * 1024 * 1024))
    assert huge.raw.size == 1024 * 1024
    other.noop()
    assert len(other.search()) == 1


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    dovecot: Dovecot, other: IMAPClient, security: str
) -> None:
    put(other, "one")
    port = dovecot.tls_port if security == Security.TLS else dovecot.port
    mailbox = make_mailbox(dovecot, security=security, port=port)
    assert fetch_mailbox(mailbox.pk) == 0
    mailbox.refresh_from_db()
    assert "127.0.0.1" in mailbox.last_error
    assert "certifica" in mailbox.last_error
    assert kept() == []


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_it_is_taken_when_the_check_is_off(dovecot: Dovecot, other: IMAPClient, security: str) -> None:
    put(other, "one")
    port = dovecot.tls_port if security == Security.TLS else dovecot.port
    assert fetch_mailbox(make_mailbox(dovecot, security=security, port=port, check_certificate=False).pk) == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"password": "no"}, "127.0.0.1 refuses the user name or the password."),
        ({"username": ANY_LETTERS, "password": "nö"}, "127.0.0.1 refuses the user name or the password."),
        ({"host": "nowhere.invalid"}, "There is no server named nowhere.invalid."),
        ({"host": "mail..example"}, "There is no server named mail..example."),
        ({"folder": "Nowhere"}, "There is no folder Nowhere on 127.0.0.1, or it can't be opened."),
        ({"port": 1}, "127.0.0.1 refuses connections on port 1."),
        ({"security": Security.TLS}, "127.0.0.1 does not speak TLS on port {port}."),
    ],
)
def test_trouble_is_one_clear_sentence(
    dovecot: Dovecot, other: IMAPClient, wrong: dict[str, object], says: str
) -> None:
    mailbox = make_mailbox(dovecot, **wrong)
    with translation.override("en"):
        assert fetch_mailbox(mailbox.pk) == 0
    mailbox.refresh_from_db()
    assert mailbox.last_error == says.format(port=dovecot.port)
    assert mailbox.failing_since is not None
    assert mailbox.lease is None
    assert mailbox.next_poll > timezone.now() + timedelta(seconds=50)


def test_the_longer_it_fails_the_later_it_tries_and_working_clears_it(
    dovecot: Dovecot, other: IMAPClient
) -> None:
    since = timezone.now() - timedelta(minutes=20)
    mailbox = make_mailbox(dovecot, password="no", failing_since=since)
    fetch_mailbox(mailbox.pk)
    mailbox.refresh_from_db()
    assert mailbox.next_poll > timezone.now() + timedelta(minutes=9)
    Mailbox.objects.update(password=PASSWORD)
    fetch_mailbox(mailbox.pk)
    mailbox.refresh_from_db()
    assert (mailbox.last_error, mailbox.failing_since) == ("", None)
    assert mailbox.last_success is not None


def test_only_mailboxes_whose_time_has_come_are_rung_for(
    dovecot: Dovecot, other: IMAPClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = make_mailbox(dovecot, name="due")
    make_mailbox(dovecot, name="later", next_poll=timezone.now() + timedelta(minutes=1))
    make_mailbox(dovecot, name="off", is_active=False)
    held = make_mailbox(dovecot, name="held")
    assert lease_mailbox(held.pk) is not None
    rung: list[tuple[object, ...]] = []
    monkeypatch.setattr(tasks, "ring_now", lambda *args: rung.append(args))
    tasks.poll_mailboxes()
    assert rung == [("mailgate.fetch", due.pk)]
