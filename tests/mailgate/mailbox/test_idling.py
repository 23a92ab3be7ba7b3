"""`manage.py fetchmail`: arrival within a second, many mailboxes side by side, and a quick end."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from imapclient import IMAPClient

from blobs.models import Blob
from mailgate.mailbox import idling
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.mailbox.idling import Stop, serve
from mailgate.mailbox.imap import ImapFolder
from mailgate.mailbox.leases import worked
from mailgate.models import InboundMessage, Mailbox
from tests.database import database_url
from tests.dovecot import MORE_USERS, Dovecot
from tests.mailgate.mailbox.mailboxes import kept, mail, make_mailbox, make_pop3, put, seen
from tests.patience import PATIENCE_SECONDS, until
from work.models import Restore

pytestmark = [pytest.mark.mailserver, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

NEVER_SECONDS = 600
SOON_SECONDS = 2  # a machine that is busy with other tests is slow now and then
After = Mailbox.After


def is_idling(mailbox: Mailbox) -> bool:
    """Whether somebody holds it and has looked."""
    mailbox.refresh_from_db()
    return mailbox.lease is not None and mailbox.last_success is not None


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stop]:
    """The service, in a thread; here it looks more often whether anything has changed."""
    assert idling.LOOK_SECONDS <= 1
    monkeypatch.setattr(idling, "LOOK_SECONDS", 0.1)
    with Stop() as stop:
        thread = threading.Thread(target=_serve, args=[stop])
        thread.start()
        yield stop
        stop.set()
        thread.join(timeout=PATIENCE_SECONDS)
        assert not thread.is_alive()
    InboundMessage.objects.all().delete()
    Mailbox.objects.all().delete()
    Blob.objects.all().delete()


def _serve(stop: Stop) -> None:
    serve(stop)
    connection.close()


def test_a_mail_is_kept_soon_after_its_arrival_again_and_again(
    dovecot: Dovecot, other: IMAPClient, service: Stop
) -> None:
    mailbox = make_mailbox(dovecot, interval_seconds=NEVER_SECONDS)
    until(lambda: is_idling(mailbox))
    waited = []
    for name in ("one", "two", "three"):
        put(other, name)
        waited.append(until(lambda: name in kept()))  # noqa: B023  (called at once)
    assert min(waited) < SOON_SECONDS
    until(lambda: seen(other) == [True, True, True])
    assert not Restore.objects.filter(reason=Restore.Reason.MAILBOX).exists()


def test_with_tls_too(dovecot: Dovecot, other: IMAPClient, service: Stop) -> None:
    tls = {"security": Mailbox.Security.TLS, "port": dovecot.tls_port, "check_certificate": False}
    mailbox = make_mailbox(dovecot, interval_seconds=NEVER_SECONDS, **tls)
    until(lambda: is_idling(mailbox))
    put(other, "one")
    until(lambda: kept() == ["one"])


def test_mails_that_come_in_quick_succession_wait_for_nothing(
    dovecot: Dovecot, other: IMAPClient, service: Stop
) -> None:
    mailbox = make_mailbox(dovecot, interval_seconds=NEVER_SECONDS)
    until(lambda: is_idling(mailbox))
    put(other, *[f"mail{number}" for number in range(60)])
    until(lambda: InboundMessage.objects.count() == 60)


def test_an_arrival_between_looking_and_idling_is_noticed(
    dovecot: Dovecot, other: IMAPClient, service: Stop, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = iter(["late"])

    def put_before_idling(mailbox: Mailbox) -> None:
        put(other, *late)
        worked(mailbox)

    monkeypatch.setattr(idling, "worked", put_before_idling)
    make_mailbox(dovecot, interval_seconds=NEVER_SECONDS)
    until(lambda: kept() == ["late"])


def test_while_it_waits_nobody_else_fetches_and_afterwards_they_do(
    dovecot: Dovecot, other: IMAPClient
) -> None:
    mailbox = make_mailbox(dovecot, interval_seconds=NEVER_SECONDS)
    with Stop() as stop:
        thread = threading.Thread(target=_serve, args=[stop])
        thread.start()
        until(lambda: is_idling(mailbox))
        assert fetch_mailbox(mailbox.pk) == 0
        stop.set()
        thread.join(timeout=PATIENCE_SECONDS)
    put(other, "one")
    assert fetch_mailbox(mailbox.pk) == 1


def test_the_lease_is_renewed_while_it_waits(
    dovecot: Dovecot, other: IMAPClient, service: Stop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idling, "KEEP_SECONDS", 0.1)
    mailbox = make_mailbox(dovecot, interval_seconds=NEVER_SECONDS)
    until(lambda: is_idling(mailbox))
    soon = timezone.now() + timedelta(seconds=1)
    Mailbox.objects.update(leased_until=soon)
    until(lambda: Mailbox.objects.filter(leased_until__gt=soon + settings.MAILBOX_LEASE / 2).exists())


def test_one_that_dies_is_followed_by_celery_once_its_lease_has_run_out(
    dovecot: Dovecot, other: IMAPClient
) -> None:
    mailbox = make_mailbox(dovecot, interval_seconds=NEVER_SECONDS)
    program = start_program()
    try:
        until(lambda: is_idling(mailbox))
    finally:
        program.kill()
        program.wait()
    put(other, "one")
    assert fetch_mailbox(mailbox.pk) == 0
    Mailbox.objects.update(leased_until=timezone.now())
    assert fetch_mailbox(mailbox.pk) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_ends_within_seconds_and_gives_its_mailboxes_back(
    dovecot: Dovecot, other: IMAPClient, number: signal.Signals
) -> None:
    mailbox = make_mailbox(dovecot, interval_seconds=NEVER_SECONDS)
    program = start_program()
    try:
        until(lambda: is_idling(mailbox))
        program.send_signal(number)
        assert program.wait(timeout=PATIENCE_SECONDS) == 0
    finally:
        program.kill()
        program.wait()
    mailbox.refresh_from_db()
    assert (mailbox.lease, mailbox.last_error) == (None, "")


def start_program() -> "subprocess.Popen[bytes]":
    """The real command, on the database of this test."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "fetchmail"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url()},
    )


def test_mailboxes_that_are_added_changed_and_switched_off_are_noticed(
    dovecot: Dovecot, other: IMAPClient, service: Stop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idling, "KEEP_SECONDS", 0.2)
    mailbox = make_mailbox(dovecot, interval_seconds=NEVER_SECONDS, after=After.LEAVE)
    until(lambda: is_idling(mailbox))
    first = mailbox.lease
    Mailbox.objects.update(after=After.MARK)
    until(lambda: is_idling(mailbox) and mailbox.lease != first)
    put(other, "one")
    until(lambda: seen(other) == [True])
    Mailbox.objects.update(is_active=False)
    until(lambda: Mailbox.objects.filter(lease=None).exists())


def test_one_that_is_not_confirmed_is_left_alone(dovecot: Dovecot, other: IMAPClient, service: Stop) -> None:
    put(other, "one")
    make_mailbox(dovecot, is_confirmed=False)
    witness = make_mailbox(dovecot, name="witness", username=MORE_USERS[0])
    until(lambda: is_idling(witness))
    assert kept() == []


def test_many_side_by_side_and_one_that_fails_disturbs_none(
    dovecot: Dovecot, other: IMAPClient, service: Stop
) -> None:
    broken = make_mailbox(dovecot, name="broken", password="no")
    pop3 = make_pop3(dovecot, name="pop3", interval_seconds=1)
    boxes = [
        make_mailbox(dovecot, name=user, username=user, interval_seconds=NEVER_SECONDS) for user in MORE_USERS
    ]
    until(lambda: all(is_idling(mailbox) for mailbox in boxes))
    for user in MORE_USERS:
        with dovecot.client(user) as client:
            client.append("INBOX", mail(user))
    put(other, "by-pop3")
    until(lambda: sorted(kept()) == sorted([*MORE_USERS, "by-pop3"]))
    # A server takes its time over a wrong password.
    until(lambda: Mailbox.objects.exclude(last_error="").filter(pk=broken.pk).exists())
    pop3.refresh_from_db()
    assert (pop3.last_error, pop3.failing_since) == ("", None)
    for user in MORE_USERS:
        dovecot.empty(user)


@pytest.mark.parametrize("steady", [True, False])
def test_a_connection_that_ends_after_a_while_is_made_again_and_one_that_ends_at_once_is_trouble(
    dovecot: Dovecot, other: IMAPClient, service: Stop, monkeypatch: pytest.MonkeyPatch, *, steady: bool
) -> None:
    monkeypatch.setattr(idling, "STEADY_SECONDS", 0 if steady else NEVER_SECONDS)
    user = MORE_USERS[0]
    mailbox = make_mailbox(dovecot, username=user, interval_seconds=NEVER_SECONDS)
    until(lambda: is_idling(mailbox))
    dovecot.hang_up(user)
    if steady:
        with dovecot.client(user) as client:
            client.append("INBOX", mail("one"))
        until(lambda: kept() == ["one"])
        dovecot.empty(user)
    else:
        until(lambda: Mailbox.objects.filter(failing_since__isnull=False).exists())


def test_a_server_without_idle_is_polled_at_the_interval(
    dovecot: Dovecot, other: IMAPClient, service: Stop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ImapFolder.start

    def without_idle(folder: ImapFolder) -> dict[str, object]:
        folder.can_wait = False
        return real(folder)

    monkeypatch.setattr(ImapFolder, "start", without_idle)
    make_mailbox(dovecot, interval_seconds=1)
    until(lambda: Mailbox.objects.filter(last_success__isnull=False, lease=None).exists())
    put(other, "one")
    until(lambda: kept() == ["one"])


def test_a_server_that_promises_idle_and_tells_nothing_is_looked_at_all_the_same(
    dovecot: Dovecot, other: IMAPClient, service: Stop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf(_client: object, *, seconds: float, wake: int) -> bool:
        threading.Event().wait(min(seconds, 0.05))
        return False

    monkeypatch.setattr("mailgate.mailbox.idle.IdleClient.hears", deaf)
    mailbox = make_mailbox(dovecot, interval_seconds=1)
    until(lambda: is_idling(mailbox))
    put(other, "one")
    until(lambda: kept() == ["one"])
