"""Which mails report that one of ours did not arrive, and which of ours they speak of (OTRS 5.9, 5.13).

Surest first: the token in the address it was sent to (VERP), a delivery-status part, the words of known mail
servers, a mail without sender from a mail system. Only our own signature, in that token or in a Message-ID,
says which answer failed: a forged report marks nothing.
"""

import re
from dataclasses import dataclass, replace

from mailgate.models import InboundMessage
from mailgate.parse import ParsedMail
from mailgate.parse.findings import Findings
from mailgate.parse.reports import STATUS_PARTS, Report
from outbox.message_ids import is_ours
from outbox.verp import message_ids_in

READ_RECEIPT = "message/disposition-notification"
_DAEMON = re.compile(r"(?:mailer-daemon|mail-?daemon|postmaster|microsoftexchange[0-9a-f]*)@")


@dataclass(frozen=True, slots=True)
class Signs:
    """What points to a report before the mail is read as one.

    `without_sender`: a machine sent it in any case; `by_token`: our Message-IDs that its envelope names.
    """

    is_bounce: bool
    without_sender: bool
    from_daemon: bool
    by_token: tuple[str, ...]

    @property
    def may_be_report(self) -> bool:
        """Whether it has to be read as one."""
        return self.is_bounce or self.without_sender or self.from_daemon or bool(self.by_token)


@dataclass(frozen=True, slots=True)
class Judged:
    """A mail with what is known of it as a report; `reported`: our Message-IDs that it speaks of."""

    parsed: ParsedMail
    report: Report | None = None
    reported: tuple[str, ...] = ()


def signs_of(parsed: ParsedMail, *, row: InboundMessage) -> Signs:
    """The token is the envelope's alone: To and Cc hold what the other side wrote."""
    by_listener = row.way == InboundMessage.Way.LISTENER
    envelope = [*(str(address) for address in row.envelope_to), *parsed.delivered_to]
    named = (message_id for address in envelope for message_id in message_ids_in(address))
    return Signs(
        is_bounce=parsed.is_bounce,
        without_sender=parsed.return_path == "" or (by_listener and not row.envelope_from),
        from_daemon=parsed.from_ is not None and bool(_DAEMON.match(parsed.from_.address)),
        by_token=tuple(dict.fromkeys(named)),
    )


def judge(parsed: ParsedMail, *, signs: Signs, findings: Findings | None) -> Judged:
    """Take a mail as a report if it is one; `findings`: what it says as one, where it may be one."""
    report = _report(parsed, findings, signs=signs) if findings is not None else None
    signed = tuple(filter(is_ours, findings.ids)) if findings is not None and report is not None else ()
    # A postmaster may be a person, who tells of a mail that came back: then our signature has to be in it.
    is_sure = signs.is_bounce or signs.without_sender or bool(signs.by_token or signed)
    is_bounce = report is not None and is_sure
    return Judged(
        replace(
            parsed,
            is_bounce=is_bounce,
            is_automatic=parsed.is_automatic or signs.without_sender or is_bounce,
        ),
        report=report if is_bounce else None,
        reported=tuple(dict.fromkeys([*signs.by_token, *(signed if is_bounce else ())])),
    )


def _report(parsed: ParsedMail, findings: Findings, *, signs: Signs) -> Report | None:
    types = {file.content_type for file in parsed.attachments}
    if READ_RECEIPT in types and not types & STATUS_PARTS:
        return None
    if findings.report is None and (signs.is_bounce or (signs.without_sender and signs.from_daemon)):
        return findings.unknown
    return findings.report
