"""Very many mails, and very big ones: nothing is lost, and memory stays flat."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from imapclient import IMAPClient
from pytest_django import Settings

from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.models import InboundMessage, Mailbox
from tests.dovecot import Dovecot
from tests.mailgate.mailbox.fetch_alone import fetch_alone
from tests.mailgate.mailbox.mailboxes import mail, make_mailbox, make_pop3, there

pytestmark = [pytest.mark.mailserver, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

Make = Callable[..., Mailbox]
MANY, MANY_MB = 10_000, 30
BIG_BYTES, BIG_MB = 50_000_000, 20  # of which 10 are what any first mail needs


@pytest.mark.long
def test_ten_thousand_waiting_mails_are_kept_once_each_in_flat_memory(
    dovecot: Dovecot, other: IMAPClient
) -> None:
    dovecot.fill(mail(f"mail{number}") for number in range(MANY))
    kept, grown = fetch_alone(make_mailbox(dovecot, after=Mailbox.After.LEAVE).pk)
    ids = InboundMessage.objects.values_list("message_id", flat=True)
    assert kept == ids.count() == len(set(ids)) == MANY
    assert grown < MANY_MB


@pytest.mark.parametrize("make", [make_mailbox, make_pop3], ids=["imap", "pop3"])
def test_a_mail_of_50_mb_is_kept_whole_in_flat_memory(
    dovecot: Dovecot, other: IMAPClient, make: Make
) -> None:
    raw = mail("big", size=BIG_BYTES)
    other.append("INBOX", raw)
    kept, grown = fetch_alone(make(dovecot, after=Mailbox.After.DELETE).pk)
    row = InboundMessage.objects.get()
    assert (kept, row.message_id, row.full_size) == (1, "big@visitor.example", None)
    assert (row.raw.size, row.digest) == (len(raw), sha256(raw).hexdigest())
    assert there(other) == 0
    assert grown < BIG_MB


@pytest.mark.parametrize("make", [make_mailbox, make_pop3], ids=["imap", "pop3"])
def test_one_byte_more_than_the_limit_is_kept_in_part_and_stays(
    dovecot: Dovecot, other: IMAPClient, settings: Settings, make: Make
) -> None:
    settings.MAIL_MAX_BYTES = len(mail("big", size=BIG_BYTES)) - 1
    other.append("INBOX", mail("big", size=BIG_BYTES))
    assert fetch_mailbox(make(dovecot, after=Mailbox.After.DELETE).pk) == 1
    row = InboundMessage.objects.get()
    assert (row.raw.size, row.full_size) == (1024 * 1024, settings.MAIL_MAX_BYTES + 1)
    assert there(other) == 1
