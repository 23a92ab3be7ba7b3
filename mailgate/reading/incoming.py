"""A mail on its way to a ticket: its row, what it says, and what of that our own signatures prove."""

from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _

from blobs.sizes import size_in_words
from mailgate.models import InboundMessage
from mailgate.parse import ParsedMail
from mailgate.parse.reports import Report


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A mail that is being delivered; `html` is safe.

    `report`: what it says as a bounce or its like, where it is one; `is_proven`: whether that may be
    believed. By our own signature are `reported`, our Message-IDs that it was sent back for, `by_token`,
    those that its recipient's token names, `ours`, the one of ours that it answers if a machine sent it, and
    `canary`, the token of a test mail.
    """

    row: InboundMessage
    parsed: ParsedMail
    html: str
    report: Report | None = None
    reported: tuple[str, ...] = ()
    by_token: tuple[str, ...] = ()
    is_proven: bool = False
    ours: str | None = None
    canary: str | None = None

    @property
    def answered(self) -> tuple[str, ...]:
        """The Message-IDs this mail may be an answer to, the likeliest first."""
        return tuple(dict.fromkeys([*self.reported, *answered_by(self.parsed)]))

    @property
    def related(self) -> tuple[str, ...]:
        """The Message-IDs by which it hangs together with other mails: its own, and those it may answer."""
        return (*self.answered, self.parsed.message_id) if self.parsed.message_id else self.answered

    @property
    def text(self) -> str:
        """The mail's text, with a line about what is only on the server."""
        note = self.size_note
        return f"{self.parsed.text}\n\n{note}".strip() if note else self.parsed.text

    @property
    def html_with_note(self) -> str:
        """The safe HTML, with that line; '' where the mail has none."""
        note = self.size_note
        return f"{self.html}<p><em>{escape(note)}</em></p>" if note and self.html else self.html

    @property
    def size_note(self) -> str:
        """What to say of a mail that is too big for us, of which we have the beginning; else ''."""
        size = self.row.full_size
        if size is None:
            return ""
        return _("[The original has %(size)s and is kept on the mail server.]") % {
            "size": size_in_words(size)
        }


def answered_by(parsed: ParsedMail) -> list[str]:
    """What a mail says that it answers, the likeliest first (OTRS 5.13, 5.15)."""
    return [*parsed.in_reply_to, *reversed(parsed.references)]
