"""POP3 mailboxes on a real Dovecot: nothing lost, nothing twice, deleted only what was kept."""

import poplib
from collections.abc import Iterable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from imapclient import IMAPClient
from pytest_django import Settings

from blobs.store import read_bytes
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.mailbox.pop3 import Pop3Folder
from mailgate.models import InboundMessage, Mailbox
from tests.dovecot import ANY_LETTERS, Dovecot
from tests.mailgate.mailbox.mailboxes import KilledError, kept, mail, make_pop3, put, there

pytestmark = [pytest.mark.mailserver, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

After, Security = Mailbox.After, Mailbox.Security


def lease_runs_out() -> None:
    Mailbox.objects.update(leased_until=timezone.now())


def test_every_byte_is_kept_also_of_long_lines_dots_and_many_bytes(
    dovecot: Dovecot, other: IMAPClient
) -> None:
    dots = mail("dots") + b".\r\n..\r\n.x\r\n" + b"x" * 200_000 + b"\r\n."
    big = mail("big", size=2 * 1024 * 1024 + 5000)
    for raw in (dots + b"\r\n", big):
        other.append("INBOX", raw)
    assert fetch_mailbox(make_pop3(dovecot).pk) == 2
    first, second = InboundMessage.objects.order_by("pk")
    assert read_bytes(first.raw_id) == dots + b"\r\n"
    assert read_bytes(second.raw_id) == big
    assert (first.way, first.state, first.mailbox is not None) == ("pop3", "queued", True)


def test_leaving_deletes_nothing_on_the_server_and_fetches_nothing_twice(
    dovecot: Dovecot, other: IMAPClient
) -> None:
    put(other, "one", "two")
    mailbox = make_pop3(dovecot)
    assert fetch_mailbox(mailbox.pk) == 2
    put(other, "three")
    assert fetch_mailbox(mailbox.pk) == 1
    assert fetch_mailbox(mailbox.pk) == 0
    assert kept() == ["one", "two", "three"]
    assert there(other) == 3


def test_what_was_left_on_the_server_costs_no_statement(dovecot: Dovecot, other: IMAPClient) -> None:
    mailbox = make_pop3(dovecot)
    costs = []
    for count in (2, 20):
        put(other, *[f"{count}-{number}" for number in range(count)])
        fetch_mailbox(mailbox.pk)
        with CaptureQueriesContext(connection) as captured:
            assert fetch_mailbox(mailbox.pk) == 0
        costs.append(len(captured))
        assert not [query for query in captured if "inboundmessage" in query["sql"]]
    assert costs[0] == costs[1]


def test_another_program_that_deletes_in_the_middle_makes_no_double(
    dovecot: Dovecot, other: IMAPClient
) -> None:
    put(other, "one", "two", "three")
    mailbox = make_pop3(dovecot)
    fetch_mailbox(mailbox.pk)
    other.delete_messages(other.search()[:1])
    other.expunge()
    put(other, "four")
    assert fetch_mailbox(mailbox.pk) == 1
    assert kept() == ["one", "two", "three", "four"]


def test_deleting(dovecot: Dovecot, other: IMAPClient) -> None:
    put(other, "one", "two")
    assert fetch_mailbox(make_pop3(dovecot, after=After.DELETE).pk) == 2
    assert there(other) == 0


@pytest.mark.parametrize("after", [After.MARK, After.MOVE])
def test_what_pop3_can_not_do_leaves_the_message(dovecot: Dovecot, other: IMAPClient, after: str) -> None:
    put(other, "one")
    fetch_mailbox(make_pop3(dovecot, after=after, move_to="Archief").pk)
    assert (kept(), there(other)) == (["one"], 1)


def test_a_crash_between_keeping_and_telling_is_mended_by_the_next_poll(
    dovecot: Dovecot, other: IMAPClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(other, "one", "two")
    mailbox = make_pop3(dovecot, after=After.DELETE)

    def killed(_folder: Pop3Folder, numbers: Iterable[int]) -> None:
        if list(numbers):
            raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(Pop3Folder, "tell", killed)
        with pytest.raises(KilledError):
            fetch_mailbox(mailbox.pk)
    lease_runs_out()
    assert fetch_mailbox(mailbox.pk) == 0
    assert (kept(), there(other)) == (["one", "two"], 0)


def test_a_session_that_ends_without_quit_deletes_nothing_and_the_next_one_does(
    dovecot: Dovecot, other: IMAPClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(other, "one", "two")
    mailbox = make_pop3(dovecot, after=After.DELETE)

    def killed(_client: poplib.POP3) -> bytes:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(poplib.POP3, "quit", killed)
        with pytest.raises(KilledError):
            fetch_mailbox(mailbox.pk)
    assert there(other) == 2
    lease_runs_out()
    assert fetch_mailbox(mailbox.pk) == 0
    assert (kept(), there(other)) == (["one", "two"], 0)


def test_of_a_mail_over_the_limit_the_beginning_is_kept_and_the_original_stays_for_ever(
    dovecot: Dovecot, other: IMAPClient, settings: Settings
) -> None:
    settings.MAIL_MAX_BYTES = 2 * 1024 * 1024
    put(other, "huge", size=3 * 1024 * 1024)
    put(other, "small")
    mailbox = make_pop3(dovecot, after=After.DELETE)
    assert fetch_mailbox(mailbox.pk) == 2
    huge = InboundMessage.objects.get(message_id="huge@visitor.example")
    assert huge.full_size is not None
    assert huge.full_size >= 3 * 1024 * 1024
    assert read_bytes(huge.raw_id) == mail("huge", size=3 * 1024 * 1024)[: 1024 * 1024]
    settings.MAIL_MAX_BYTES = 50 * 1024 * 1024
    Mailbox.objects.update(settled_count=0)  # as if the list had changed
    assert fetch_mailbox(mailbox.pk) == 0
    assert there(other) == 1


def test_a_server_with_other_names_for_the_same_mails_makes_kept_doubles(
    dovecot: Dovecot, other: IMAPClient
) -> None:
    put(other, "one", "two")
    mailbox = make_pop3(dovecot)
    fetch_mailbox(mailbox.pk)
    dovecot.renumber()
    with dovecot.client() as restored:
        put(restored, "three")
    fetch_mailbox(mailbox.pk)
    assert kept(state=InboundMessage.QUEUED) == ["one", "two", "three"]
    assert kept(state=InboundMessage.DUPLICATE) == ["one", "two"]


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
@pytest.mark.parametrize("check", [True, False])
def test_a_certificate_that_nobody_vouches_for_is_refused_unless_the_check_is_off(
    dovecot: Dovecot, other: IMAPClient, security: str, *, check: bool
) -> None:
    put(other, "one")
    port = dovecot.pop3_tls_port if security == Security.TLS else dovecot.pop3_port
    mailbox = make_pop3(dovecot, security=security, port=port, check_certificate=check)
    assert fetch_mailbox(mailbox.pk) == (0 if check else 1)
    mailbox.refresh_from_db()
    assert ("certifica" in mailbox.last_error) is check


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"password": "no"}, "127.0.0.1 refuses the user name or the password."),
        ({"username": ANY_LETTERS, "password": "nö"}, "127.0.0.1 refuses the user name or the password."),
        ({"host": "nowhere.invalid"}, "There is no server named nowhere.invalid."),
        ({"port": 1}, "127.0.0.1 refuses connections on port 1."),
        ({"security": Security.TLS}, "127.0.0.1 does not speak TLS on port {port}."),
    ],
)
def test_trouble_is_one_clear_sentence(
    dovecot: Dovecot, other: IMAPClient, wrong: dict[str, object], says: str
) -> None:
    mailbox = make_pop3(dovecot, **wrong)
    with translation.override("en"):
        assert fetch_mailbox(mailbox.pk) == 0
    mailbox.refresh_from_db()
    assert mailbox.last_error == says.format(port=dovecot.pop3_port)
    assert mailbox.failing_since is not None
