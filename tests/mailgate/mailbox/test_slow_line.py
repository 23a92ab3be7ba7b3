"""A slow line: the mailbox stays ours between the pieces of a mail, and between the mails of a batch."""

import poplib
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.utils import timezone
from imapclient import IMAPClient

from mailgate.mailbox import pop3_session
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.mailbox.idle import IdleClient
from mailgate.models import Mailbox
from tests.dovecot import Dovecot
from tests.mailgate.mailbox.mailboxes import make_mailbox, make_pop3, put
from work import pace

pytestmark = [pytest.mark.mailserver, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

SLOW = timedelta(seconds=45)
KILOBYTE = 1024


class Line:
    """Every big piece takes 45 s; after each we look whether the mailbox is still leased."""

    def __init__(self) -> None:
        self.now, self.late, self.held = timezone.now, timedelta(), list[bool]()

    def passes(self) -> None:
        self.late += SLOW
        self.held.append(Mailbox.objects.filter(leased_until__gt=timezone.now()).exists())


@pytest.fixture
def line(other: IMAPClient, monkeypatch: pytest.MonkeyPatch) -> Line:
    line, fetch, piece = Line(), IdleClient.fetch, pop3_session._piece

    def slow_fetch(client: IdleClient, uids: Sequence[int], what: list[str]) -> Any:
        answer = fetch(client, uids, what)
        if what[0].startswith("BODY"):
            line.passes()
        return answer

    def slow_piece(client: poplib.POP3) -> bytes:
        found = piece(client)
        if len(found) == pop3_session.PIECE_BYTES:
            line.passes()
        return found

    monkeypatch.setattr(timezone, "now", lambda: line.now() + line.late)
    monkeypatch.setattr(IdleClient, "fetch", slow_fetch)
    monkeypatch.setattr(pop3_session, "_piece", slow_piece)
    return line


def test_one_big_mail_by_imap(dovecot: Dovecot, other: IMAPClient, line: Line) -> None:
    put(other, "big", size=3 * KILOBYTE * KILOBYTE)
    assert fetch_mailbox(make_mailbox(dovecot).pk) == 1
    assert line.held == [True] * 4


def test_many_mails_by_imap(dovecot: Dovecot, other: IMAPClient, line: Line) -> None:
    put(other, *[f"mail{number}" for number in range(20)], size=200 * KILOBYTE)
    assert fetch_mailbox(make_mailbox(dovecot).pk) == 20
    assert line.held == [True] * 4


def test_one_big_mail_by_pop3(dovecot: Dovecot, other: IMAPClient, line: Line) -> None:
    put(other, "big", size=300 * KILOBYTE)
    assert fetch_mailbox(make_pop3(dovecot).pk) == 1
    assert len(line.held) > 3
    assert all(line.held)


class Clock:
    """Every read of the socket takes so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.times = count(step=seconds)

    def __call__(self) -> float:
        return float(next(self.times))


@pytest.mark.parametrize("make", [make_mailbox, make_pop3])
@pytest.mark.parametrize(("seconds", "kept"), [(4, 3), (59, 0)])
def test_a_server_that_dribbles_holds_nobody_and_a_slow_one_is_waited_for(
    dovecot: Dovecot,
    other: IMAPClient,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[..., Mailbox],
    seconds: int,
    kept: int,
) -> None:
    put(other, "one", "two", "three")
    mailbox = make(dovecot)
    monkeypatch.setattr(pace, "monotonic", Clock(seconds))
    assert fetch_mailbox(mailbox.pk) == kept
    mailbox.refresh_from_db()
    assert ("antwoordt te langzaam" in mailbox.last_error) is (kept == 0)
