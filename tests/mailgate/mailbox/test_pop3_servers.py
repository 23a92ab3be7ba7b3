"""POP3 servers that do less than they should: a mail is neither lost nor doubled."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import Settings

from accounts.models import Agent
from blobs.models import Blob
from mailgate.mailbox.confirming import Take, begin
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.mailbox.folder import MailboxError
from mailgate.models import InboundMessage, Mailbox
from tests.mailgate.mailbox.mailboxes import kept, mail
from tests.pop3_server import Maildrop, pop3_server

pytestmark = [
    pytest.mark.mailserver,
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("foreign_templates"),
]

After = Mailbox.After
OLD = b"Received: from a by b; Mon, 2 Nov 2020 10:00:00 +0100\r\n"


@pytest.fixture
def maildrop() -> Iterator[Maildrop]:
    """An empty one; its server runs."""
    with pop3_server(Maildrop()) as served:
        yield served
    InboundMessage.objects.all().delete()
    Mailbox.objects.all().delete()
    Blob.objects.all().delete()


def mailbox_of(maildrop: Maildrop, **values: object) -> Mailbox:
    plain = {"protocol": "pop3", "host": "127.0.0.1", "port": maildrop.port, "security": "plain"}
    return Mailbox.objects.create(
        **{"name": "demo", "username": "demo", "after": After.LEAVE, **plain, **values}
    )


def without_message_id(name: str) -> bytes:
    return mail(name).replace(f"Message-ID: <{name}@visitor.example>\r\n".encode(), b"")


def test_without_uidl_what_is_left_is_kept_once(maildrop: Maildrop) -> None:
    maildrop.messages = [mail("one"), without_message_id("two")]
    mailbox = mailbox_of(maildrop)
    assert fetch_mailbox(mailbox.pk) == 2
    maildrop.messages.append(mail("three"))
    assert fetch_mailbox(mailbox.pk) == 1
    assert kept() == ["one", "", "three"]


def test_without_uidl_everything_is_looked_at_before_a_poll_ends(
    maildrop: Maildrop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailgate.mailbox.fetch.ROUND", timedelta())
    maildrop.messages = [mail(f"mail{number}") for number in range(45)]
    assert fetch_mailbox(mailbox_of(maildrop).pk) == 45


def test_without_uidl_deleting_works(maildrop: Maildrop) -> None:
    maildrop.messages = [mail("one"), mail("two")]
    fetch_mailbox(mailbox_of(maildrop, after=After.DELETE).pk)
    assert (kept(), maildrop.messages) == (["one", "two"], [])


def test_two_mails_with_one_uidl_are_both_kept_and_equal_ones_once(maildrop: Maildrop) -> None:
    maildrop.messages = [mail("one"), mail("two"), mail("same"), mail("same")]
    maildrop.names = ["a", "a", "b", "b"]
    mailbox = mailbox_of(maildrop)
    assert fetch_mailbox(mailbox.pk) == 3
    assert fetch_mailbox(mailbox.pk) == 0
    assert kept() == ["one", "two", "same"]


def test_a_uidl_that_is_used_again_while_its_first_mail_is_there(maildrop: Maildrop) -> None:
    maildrop.messages, maildrop.names = [mail("one")], ["a"]
    mailbox = mailbox_of(maildrop)
    fetch_mailbox(mailbox.pk)
    maildrop.messages.append(mail("two"))
    maildrop.names.append("a")
    fetch_mailbox(mailbox.pk)
    assert kept(state=InboundMessage.QUEUED) == ["one", "two"]


def test_a_message_that_takes_the_place_and_the_uidl_of_another_is_kept(maildrop: Maildrop) -> None:
    maildrop.messages, maildrop.names = [mail("one"), mail("two"), mail("three")], ["x", "a", "a"]
    mailbox = mailbox_of(maildrop)
    fetch_mailbox(mailbox.pk)
    maildrop.messages[2] = mail("four")
    fetch_mailbox(mailbox.pk)
    assert kept() == ["one", "two", "three", "four"]


def test_a_message_that_can_not_be_deleted_stays_and_is_deleted_later(maildrop: Maildrop) -> None:
    maildrop.messages, maildrop.names = [mail("one"), mail("two")], ["a", "b"]
    maildrop.refuses = {"DELE 1"}
    mailbox = mailbox_of(maildrop, after=After.DELETE)
    assert fetch_mailbox(mailbox.pk) == 2
    assert maildrop.names == ["a"]
    maildrop.refuses = set()
    assert fetch_mailbox(mailbox.pk) == 0
    assert maildrop.names == []


def test_names_that_no_server_should_give(maildrop: Maildrop) -> None:
    maildrop.messages = [mail("one"), mail("two"), mail("three")]
    maildrop.names = ["x" * 1000, "a\0b", "with space"]
    mailbox = mailbox_of(maildrop)
    assert [fetch_mailbox(mailbox.pk) for _poll in range(2)] == [3, 0]


def test_a_message_that_can_not_be_read_keeps_nobody_waiting_and_is_asked_for_again(
    maildrop: Maildrop,
) -> None:
    maildrop.messages, maildrop.names = [mail("one"), mail("two"), mail("three")], ["a", "b", "c"]
    maildrop.refuses = {"RETR 2"}
    mailbox = mailbox_of(maildrop)
    assert fetch_mailbox(mailbox.pk) == 2
    maildrop.refuses = set()
    assert fetch_mailbox(mailbox.pk) == 1
    assert kept() == ["one", "three", "two"]
    assert maildrop.retrieved == 3


def test_without_top_the_beginning_of_a_mail_over_the_limit_is_read_all_the_same(
    maildrop: Maildrop, settings: Settings
) -> None:
    settings.MAIL_MAX_BYTES = 1024 * 1024
    maildrop.messages, maildrop.names, maildrop.refuses = [mail("huge", size=3_000_000)], ["a"], {"TOP"}
    fetch_mailbox(mailbox_of(maildrop, after=After.DELETE).pk)
    row = InboundMessage.objects.get()
    assert (row.message_id, row.raw.size) == ("huge@visitor.example", 1024 * 1024)
    assert len(maildrop.messages) == 1


def test_a_server_that_is_busy_is_not_a_wrong_password(maildrop: Maildrop) -> None:
    maildrop.refuses, maildrop.says = {"PASS"}, "-ERR [IN-USE] another one reads it"
    mailbox = mailbox_of(maildrop, password="geheim")
    with translation.override("en"):
        fetch_mailbox(mailbox.pk)
    mailbox.refresh_from_db()
    assert mailbox.last_error == "127.0.0.1 broke off: -ERR [IN-USE] another one reads it"


def test_old_can_not_be_told_from_new_by_name_so_that_only_all_can_be_taken(maildrop: Maildrop) -> None:
    maildrop.messages = [OLD + mail("old")]
    mailbox = mailbox_of(maildrop, is_confirmed=False)
    with translation.override("en"), pytest.raises(MailboxError, match="only all can be taken"):
        begin(mailbox, take=Take.NONE, days=1, now=timezone.now())
    begin(mailbox, take=Take.ALL, days=1, now=timezone.now())
    maildrop.messages.append(mail("new"))
    fetch_mailbox(mailbox.pk)
    assert (kept(is_old=True), kept(is_old=False)) == (["old"], ["new"])


def test_an_answer_that_nobody_has_thought_of_is_one_sentence_too(
    maildrop: Maildrop, client: Client, superuser: Agent
) -> None:
    maildrop.refuses, maildrop.says = {"STAT"}, "+OK many"
    mailbox = mailbox_of(maildrop)
    assert fetch_mailbox(mailbox.pk) == 0
    mailbox.refresh_from_db()
    assert "ValueError" in mailbox.last_error
    assert (mailbox.failing_since is None, mailbox.lease) == (False, None)
    Mailbox.objects.update(is_confirmed=False)
    client.force_login(superuser)
    question = reverse("admin:mailgate_mailbox_begin", args=[mailbox.pk])
    for page in (client.post(question, {"look": "1"}), client.post(question, {"take": "none"})):
        assert (page.status_code, "ValueError" in page.content.decode()) == (200, True)


def test_a_host_that_can_not_be_one_is_one_sentence_too(maildrop: Maildrop) -> None:
    mailbox = mailbox_of(maildrop, host="mail..example")
    with translation.override("en"):
        fetch_mailbox(mailbox.pk)
    mailbox.refresh_from_db()
    assert mailbox.last_error == "There is no server named mail..example."
