"""What comes out of reading a mail. Every text can be stored: no NUL, no lone surrogate, none too long."""

from dataclasses import dataclass
from datetime import datetime

from outbox.addresses import write_address


class UnreadableMail(Exception):
    """There is nothing in these bytes that could be shown; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """A name, decoded, perhaps empty, and a mail address in lower case, at most 320 characters.

    `written`: the address as it stands in the mail, where that differs: so a mail is sent to it.
    """

    name: str
    address: str
    written: str = ""

    def __str__(self) -> str:
        return write_address(self.name, self.address)

    @property
    def as_written(self) -> str:
        """Both, as they are written to (RFC 5321, 2.4)."""
        return write_address(self.name, self.written or self.address)


@dataclass(frozen=True, slots=True)
class Authentication:
    """What a server says of a mail: method and result, as ('dmarc', 'fail'), in lower case."""

    server: str
    results: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """A file of a mail, decoded. `inline`: the HTML shows it by its content-id (without angle brackets)."""

    name: str
    content_type: str
    content_id: str | None
    inline: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as it was read. Ids are without angle brackets; what a mail does not say is None or empty.

    `from_text` is the From line as a person wrote it, also where it holds no address. `delivered_to` are the
    addresses of Envelope-To, Delivered-To and X-Original-To, in this order. `return_path` is '' for `<>`,
    and for MAILER-DAEMON, which old servers write instead; `failed_recipients` is X-Failed-Recipients.
    `text` is always there when anything can be read; `html` is raw and unsafe. `notes` are the codes of
    `mailgate.parse.notes`: what was repaired or cut. `is_automatic`: it claims that a machine wrote it;
    `wants_no_answer`: no machine is to answer it, whoever wrote it. `authentication`: what servers say of it,
    the last of them first; anybody may have written it.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]  # oldest first, at most 100
    date: datetime | None
    from_: Address | None
    from_text: str
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    resent_to: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    return_path: str | None
    failed_recipients: tuple[str, ...]
    subject: str
    text: str
    truncated: bool
    html: str | None
    attachments: tuple[ParsedAttachment, ...]
    auto_submitted: str
    is_automatic: bool
    is_bounce: bool
    notes: tuple[str, ...]
    wants_no_answer: bool = False
    authentication: tuple[Authentication, ...] = ()
