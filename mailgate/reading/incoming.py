"""A mail on its way to a ticket: its row, what it says, and what of that our own signatures prove."""

from dataclasses import dataclass

from mailgate.models import InboundMessage
from mailgate.parse import ParsedMail
from mailgate.parse.reports import Report


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A mail that is being delivered; `html` is safe.

    `reported`: our Message-IDs that it was sent back for, by our own signature; `report`: what it says of
    them, where it is a bounce or its like.
    """

    row: InboundMessage
    parsed: ParsedMail
    html: str
    reported: tuple[str, ...] = ()
    report: Report | None = None

    @property
    def answered(self) -> tuple[str, ...]:
        """The Message-IDs this mail may be an answer to, the likeliest first (OTRS 5.13, 5.15)."""
        parsed = self.parsed
        return tuple(dict.fromkeys([*self.reported, *parsed.in_reply_to, *reversed(parsed.references)]))
