"""IMAP servers that do not give a message: it is no empty one for that, and does not block the others."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError
from pytest_django import Settings

from blobs.store import read_bytes
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.mailbox.idle import IdleClient
from mailgate.mailbox.idling import Stop, Watcher
from mailgate.models import InboundMessage, Mailbox
from tests.dovecot import Dovecot
from tests.mailgate.mailbox.mailboxes import kept, mail, make_mailbox, put, there

pytestmark = [pytest.mark.mailserver, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

After = Mailbox.After
Answer = dict[int, dict[bytes, Any]]
MEGABYTE = 1024 * 1024


def without_bytes(answer: Answer, uid: int) -> None:
    answer[uid] = {key: None if key.startswith(b"BODY") else value for key, value in answer[uid].items()}


def with_empty_bytes(answer: Answer, uid: int) -> None:
    answer[uid] = {key: b"" if key.startswith(b"BODY") else value for key, value in answer[uid].items()}


def without_it(answer: Answer, uid: int) -> None:
    if any(key.startswith(b"BODY") for key in answer[uid]):
        del answer[uid]


def without_it_anywhere(answer: Answer, uid: int) -> None:
    del answer[uid]


def without_a_later_piece(answer: Answer, uid: int) -> None:
    later = [key for key in answer[uid] if key.startswith(b"BODY") and not key.endswith(b"<0>")]
    answer[uid] |= dict.fromkeys(later)


def refused(_answer: Answer, _uid: int) -> None:
    raise IMAPClientError("fetch failed: Some messages could not be FETCHed")


def watch_once(mailbox_id: int) -> None:
    with Stop() as stop:
        watcher = Watcher(mailbox_id, stop=stop)
        watcher.start()
        watcher.join(timeout=60)
        assert not watcher.is_alive()


@pytest.fixture
def spoil(other: IMAPClient, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets the server's answers be worse for one message, until this is called with nothing."""
    fetch = IdleClient.fetch

    def start(how: Callable[[Answer, int], None] | None = None, *, uid: int = 0) -> None:
        def spoilt(client: IdleClient, uids: Sequence[int], what: list[str]) -> Answer:
            answer: Answer = fetch(client, uids, what)
            if how is not None and uid in uids:
                how(answer, uid)
            return answer

        monkeypatch.setattr(IdleClient, "fetch", spoilt)

    return start


@pytest.mark.parametrize("after", [After.DELETE, After.MARK, After.LEAVE])
@pytest.mark.parametrize(
    "how",
    [without_bytes, with_empty_bytes, without_it, without_it_anywhere, refused],
    ids=["NIL", "empty", "left out", "left out of all", "NO"],
)
def test_what_the_server_does_not_give_is_asked_for_again_while_the_others_go_on(
    dovecot: Dovecot,
    other: IMAPClient,
    spoil: Callable[..., None],
    how: Callable[[Answer, int], None],
    after: str,
) -> None:
    put(other, "one", "bad", "three")
    bad = sorted(other.search())[1]
    mailbox = make_mailbox(dovecot, after=after)
    spoil(how, uid=bad)
    assert fetch_mailbox(mailbox.pk) == 2
    put(other, *[f"mail{number}" for number in range(120)])
    assert fetch_mailbox(mailbox.pk) == 120
    mailbox.refresh_from_db()
    assert (mailbox.last_error, mailbox.highest_uid) == ("", bad - 1)
    assert "bad" not in kept()
    spoil()
    assert fetch_mailbox(mailbox.pk) == 1
    assert kept()[-1] == "bad"
    assert there(other) == (0 if after == After.DELETE else 123)
    mailbox.refresh_from_db()
    assert mailbox.highest_uid == (bad if after == After.DELETE else bad + 121)


@pytest.mark.parametrize("how", [without_a_later_piece, refused], ids=["NIL", "NO"])
def test_a_mail_of_which_a_piece_is_missing_is_not_kept_in_part(
    dovecot: Dovecot, other: IMAPClient, spoil: Callable[..., None], how: Callable[[Answer, int], None]
) -> None:
    put(other, "big", size=2 * MEGABYTE + 5000)
    mailbox = make_mailbox(dovecot, after=After.DELETE)
    spoil(how, uid=other.search()[0])
    assert fetch_mailbox(mailbox.pk) == 0
    assert there(other) == 1
    spoil()
    assert fetch_mailbox(mailbox.pk) == 1
    assert read_bytes(InboundMessage.objects.get().raw_id) == mail("big", size=2 * MEGABYTE + 5000)


def test_the_beginning_of_a_mail_over_the_limit_is_asked_for_again_too(
    dovecot: Dovecot, other: IMAPClient, spoil: Callable[..., None], settings: Settings
) -> None:
    settings.MAIL_MAX_BYTES = MEGABYTE
    put(other, "huge", size=2 * MEGABYTE)
    mailbox = make_mailbox(dovecot)
    spoil(without_bytes, uid=other.search()[0])
    assert fetch_mailbox(mailbox.pk) == 0
    spoil()
    assert fetch_mailbox(mailbox.pk) == 1
    assert kept() == ["huge"]


@pytest.mark.parametrize("work", [fetch_mailbox, watch_once], ids=["poll", "watch"])
def test_an_answer_that_nobody_has_thought_of_is_one_sentence_too(
    dovecot: Dovecot, other: IMAPClient, monkeypatch: pytest.MonkeyPatch, work: Callable[[int], object]
) -> None:
    select = IdleClient.select_folder

    def without_validity(client: IdleClient, folder: str, *, readonly: bool) -> dict[bytes, Any]:
        answer: dict[bytes, Any] = select(client, folder, readonly=readonly)
        del answer[b"UIDVALIDITY"]
        return answer

    mailbox = make_mailbox(dovecot)
    with monkeypatch.context() as patch:
        patch.setattr(IdleClient, "select_folder", without_validity)
        work(mailbox.pk)
    mailbox.refresh_from_db()
    assert "KeyError" in mailbox.last_error
    assert (mailbox.failing_since is None, mailbox.lease) == (False, None)
