"""A new mailbox asks first: what was there is taken in quietly, or in part, or not at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from imapclient import IMAPClient

from accounts.models import Agent
from mailgate.mailbox.confirming import Take, begin
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.mailbox.leases import lease_mailbox
from mailgate.models import InboundMessage, Mailbox, WasThere
from tests.dovecot import MORE_USERS, PASSWORD, USER, Dovecot
from tests.mailgate.mailbox.mailboxes import kept, mail, make_mailbox, make_pop3, put, there

pytestmark = [
    pytest.mark.mailserver,
    pytest.mark.committed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("foreign_templates"),
]

After, Security = Mailbox.After, Mailbox.Security
both_protocols = pytest.mark.parametrize("make", [make_mailbox, make_pop3], ids=["imap", "pop3"])
Make = Callable[..., Mailbox]


@pytest.fixture
def desk(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    return client


def values(dovecot: Dovecot, **changes: object) -> dict[str, object]:
    """What the admin's form is sent with."""
    given = {
        "name": "demo",
        "protocol": "imap",
        "host": "127.0.0.1",
        "port": dovecot.port,
        "security": "plain",
        "username": USER,
        "password": PASSWORD,
        "folder": "INBOX",
        "interval_seconds": 60,
        "after": "delete",
        "is_active": "on",
    }
    return given | changes


def put_dated(other: IMAPClient, name: str, *, days_ago: int) -> None:
    """A mail that came some days ago, by the server's date and by its own."""
    arrived = timezone.now() - timedelta(days=days_ago)
    stamp = f"Received: from a by b; {arrived:%a, %d %b %Y %H:%M:%S} +0000\r\n".encode()
    other.append("INBOX", stamp + mail(name), msg_time=arrived)


@both_protocols
@pytest.mark.parametrize(
    ("take", "old"), [(Take.NONE, []), (Take.DAYS, ["lately"]), (Take.ALL, ["long-ago", "lately"])]
)
def test_of_what_was_there_only_what_was_wanted_is_taken_and_everything_new(
    dovecot: Dovecot, other: IMAPClient, make: Make, take: str, old: list[str]
) -> None:
    put_dated(other, "long-ago", days_ago=30)
    put_dated(other, "lately", days_ago=2)
    mailbox = make(dovecot, is_confirmed=False, after=After.DELETE)
    assert fetch_mailbox(mailbox.pk) == 0
    begin(mailbox, take=take, days=7, now=timezone.now())
    put(other, "new")
    for _poll in range(2):
        fetch_mailbox(mailbox.pk)
    assert (kept(is_old=True), kept(is_old=False)) == (old, ["new"])
    assert there(other) == 2 - len(old)  # what is not ours stays


@both_protocols
def test_a_mail_that_moves_into_the_folder_later_is_new_whatever_its_date(
    dovecot: Dovecot, other: IMAPClient, make: Make
) -> None:
    mailbox = make(dovecot, is_confirmed=False)
    begin(mailbox, take=Take.NONE, days=7, now=timezone.now())
    put_dated(other, "moved", days_ago=300)
    fetch_mailbox(mailbox.pk)
    assert kept(is_old=False) == ["moved"]


@pytest.mark.parametrize("take", [Take.NONE, Take.DAYS, Take.ALL])
def test_with_new_uids_dates_tell_what_was_there_and_bytes_what_we_have(
    dovecot: Dovecot, other: IMAPClient, take: str
) -> None:
    put_dated(other, "long-ago", days_ago=30)
    put_dated(other, "lately", days_ago=2)
    mailbox = make_mailbox(dovecot, is_confirmed=False, after=After.LEAVE)
    begin(mailbox, take=take, days=7, now=timezone.now() - timedelta(seconds=5))
    put(other, "new")
    fetch_mailbox(mailbox.pk)
    before = kept()
    dovecot.renumber()
    with dovecot.client() as restored:
        put(restored, "newer")
    for _poll in range(2):
        fetch_mailbox(mailbox.pk)
    assert kept(state=InboundMessage.QUEUED) == [*before, "newer"]
    assert kept(state=InboundMessage.DUPLICATE) == before
    assert kept(is_old=False, state=InboundMessage.QUEUED) == ["new", "newer"]


def test_a_new_mailbox_is_not_fetched_and_leads_to_the_question(
    dovecot: Dovecot, other: IMAPClient, desk: Client
) -> None:
    put(other, "one", "two")
    answer = desk.post(reverse("admin:mailgate_mailbox_add"), values(dovecot))
    mailbox = Mailbox.objects.get()
    question = reverse("admin:mailgate_mailbox_begin", args=[mailbox.pk])
    assert answer["Location"] == question
    assert "Er staan nu 2 berichten." in desk.post(question, {"look": "1"}).content.decode()
    assert (fetch_mailbox(mailbox.pk), there(other)) == (0, 2)
    change = desk.get(reverse("admin:mailgate_mailbox_change", args=[mailbox.pk])).content.decode()
    assert "Er wordt nog niets opgehaald." in change
    desk.post(question, {"take": "all", "take_days": "7"})
    assert fetch_mailbox(mailbox.pk) == 2
    assert kept(is_old=True) == ["one", "two"]


def test_a_server_is_called_by_a_press_alone_and_its_refusal_is_one_sentence_and_nothing_begins(
    dovecot: Dovecot, other: IMAPClient, desk: Client
) -> None:
    mailbox = make_mailbox(dovecot, is_confirmed=False, password="no")
    question = reverse("admin:mailgate_mailbox_begin", args=[mailbox.pk])
    sentence = "127.0.0.1 weigert de gebruikersnaam of het wachtwoord."
    assert sentence not in desk.get(question).content.decode()
    assert sentence in desk.post(question, {"look": "1"}).content.decode()
    assert sentence in desk.post(question, {"take": "all", "take_days": "7"}).content.decode()
    mailbox.refresh_from_db()
    assert not mailbox.is_confirmed


def test_days_are_asked_for_only_where_they_count(dovecot: Dovecot, other: IMAPClient, desk: Client) -> None:
    mailbox = make_mailbox(dovecot, is_confirmed=False)
    question = reverse("admin:mailgate_mailbox_begin", args=[mailbox.pk])
    assert "Vul in hoeveel dagen." in desk.post(question, {"take": "days", "take_days": ""}).content.decode()
    assert desk.post(question, {"take": "none", "take_days": ""}).status_code == 302
    mailbox.refresh_from_db()
    assert mailbox.is_confirmed


@pytest.mark.parametrize(
    "changes", [{"username": MORE_USERS[0]}, {"folder": "Vragen"}, {"host": "localhost"}]
)
def test_another_account_or_folder_asks_again_and_stops_who_is_fetching(
    dovecot: Dovecot, other: IMAPClient, desk: Client, changes: dict[str, str]
) -> None:
    mailbox = make_mailbox(dovecot, highest_uid=7, uid_validity=3)
    assert lease_mailbox(mailbox.pk) is not None
    desk.post(reverse("admin:mailgate_mailbox_change", args=[mailbox.pk]), values(dovecot, **changes))
    mailbox.refresh_from_db()
    assert (mailbox.is_confirmed, mailbox.lease) == (False, None)
    assert (mailbox.highest_uid, mailbox.uid_validity, mailbox.generation) == (0, None, 1)


def test_another_account_with_the_same_uids_loses_nothing(dovecot: Dovecot, other: IMAPClient) -> None:
    put(other, "one")
    mailbox = make_mailbox(dovecot)
    fetch_mailbox(mailbox.pk)
    put(other, "two")
    Mailbox.objects.update(generation=1, highest_uid=0)
    fetch_mailbox(mailbox.pk)
    assert kept(state=InboundMessage.QUEUED) == ["one", "two"]
    assert kept(state=InboundMessage.DUPLICATE) == ["one"]


def test_any_other_change_goes_on_at_once_and_touches_nothing_else(
    dovecot: Dovecot, other: IMAPClient, desk: Client
) -> None:
    later = timezone.now() + timedelta(minutes=10)
    settled = {"highest_uid": 7, "next_poll": later, "after": After.DELETE}
    mailbox = make_mailbox(dovecot, check_certificate=False, **settled)
    assert lease_mailbox(mailbox.pk) is not None
    changed = values(dovecot, interval_seconds=30, password="")
    desk.post(reverse("admin:mailgate_mailbox_change", args=[mailbox.pk]), changed)
    mailbox.refresh_from_db()
    assert (mailbox.is_confirmed, mailbox.highest_uid, mailbox.interval_seconds) == (True, 7, 30)
    assert (mailbox.password.reveal(), mailbox.lease is None) == (PASSWORD, False)
    assert mailbox.next_poll < later


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"protocol": "pop3", "after": "mark"}, "POP3 can only leave a message as it is, or delete it."),
        ({"protocol": "pop3", "after": "move", "move_to": "X"}, "POP3 can only leave a message"),
        ({"after": "move"}, "Say to which other folder."),
        ({"after": "move", "move_to": "INBOX"}, "Say to which other folder."),
    ],
)
def test_what_can_not_be_done_after_fetching_is_refused(
    dovecot: Dovecot, other: IMAPClient, desk: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = desk.post(reverse("admin:mailgate_mailbox_add"), values(dovecot, **changes))
    with translation.override("en"):
        assert sentence in str(answer.context["adminform"].form.errors)
    assert not Mailbox.objects.exists()


def test_two_who_confirm_at_once_begin_once(dovecot: Dovecot, other: IMAPClient) -> None:
    put(other, "one")
    mailbox = make_pop3(dovecot, is_confirmed=False)
    begin(mailbox, take=Take.ALL, days=1, now=timezone.now())
    begin(mailbox, take=Take.NONE, days=1, now=timezone.now())
    assert WasThere.objects.get().is_passed is False
