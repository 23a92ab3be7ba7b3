"""What the tests of mailboxes share: mails, mailboxes on the private Dovecot, and what became of them."""

from typing import Any

from imapclient import SEEN, IMAPClient

from mailgate.models import InboundMessage, Mailbox
from tests.dovecot import PASSWORD, USER, Dovecot


class KilledError(BaseException):
    """As if by kill -9: nothing catches it."""


def make_mailbox(dovecot: Dovecot, **values: Any) -> Mailbox:
    """An IMAP mailbox that works, but for what a test changes of it."""
    plain = {"host": "127.0.0.1", "port": dovecot.port, "security": Mailbox.Security.PLAIN}
    return Mailbox.objects.create(
        **{"name": "demo", "username": USER, "password": PASSWORD, **plain, **values}
    )


def make_pop3(dovecot: Dovecot, **values: Any) -> Mailbox:
    """The same by POP3, where messages stay."""
    pop3 = {"protocol": Mailbox.Protocol.POP3, "port": dovecot.pop3_port, "after": Mailbox.After.LEAVE}
    return make_mailbox(dovecot, **{**pop3, **values})


def put(other: IMAPClient, *names: str, size: int = 0) -> None:
    """Deliver a mail for each name."""
    for name in names:
        other.append("INBOX", mail(name, size=size))


def mail(name: str, *, size: int = 0) -> bytes:
    """A mail of at least `size` bytes."""
    head = f"From: {name}@visitor.example\r\nMessage-ID: <{name}@visitor.example>\r\nSubject: {name}\r\n\r\n"
    return head.encode() + b"0123456789abcdef" * 4 * (size // 64) + b"\r\n"


def kept(**wanted: Any) -> list[str]:
    """Whose mails we have, in order of arrival."""
    rows = InboundMessage.objects.filter(**wanted).order_by("pk")
    return [message_id.partition("@")[0] for message_id in rows.values_list("message_id", flat=True)]


def there(other: IMAPClient) -> int:
    """How many messages are in the opened folder now."""
    other.noop()
    return len(other.search())


def seen(other: IMAPClient) -> list[bool]:
    """Whether each message of the folder is marked as read."""
    other.noop()
    flags = other.get_flags(other.search())
    return [SEEN in flags[uid] for uid in sorted(flags)]
