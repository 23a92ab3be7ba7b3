"""Which mails report that one of ours did not arrive, and which of ours they speak of (OTRS 5.9, 5.13).

Surest first: the token in the address it was sent to (VERP), a delivery-status part, the words of known mail
servers, a mail without sender from a mail system. A person who tells of a report makes none. Only our own
signature, in that token or in a Message-ID, says which answer failed: a forged report marks nothing.
"""

from dataclasses import dataclass, replace

from mailgate.models import InboundMessage
from mailgate.parse import ParsedMail
from mailgate.parse.findings import Findings
from mailgate.parse.reports import STATUS_PARTS, Report
from mailgate.reading.child import Reading, is_from_daemon
from mailgate.reading.incoming import answered_by
from outbox.message_ids import is_ours
from outbox.verp import message_ids_in

READ_RECEIPT = "message/disposition-notification"


@dataclass(frozen=True, slots=True)
class Judged:
    """A mail with what is known of it as a report.

    `reported`: our Message-IDs that it speaks of; `ours`: the one of ours that it answers, if a machine sent
    it.
    """

    parsed: ParsedMail
    report: Report | None
    reported: tuple[str, ...]
    ours: str | None


def points_to_report(row: InboundMessage) -> bool:
    """Whether the envelope alone says that a mail has to be read as a report, too."""
    return _has_no_sender(row) or any(message_ids_in(str(address)) for address in row.envelope_to)


def judge(reading: Reading, *, row: InboundMessage) -> Judged:
    """Take a mail as a report if it is one; a mail without sender was sent by a machine in any case.

    The token is the envelope's alone: To and Cc hold what the other side wrote.
    """
    parsed = reading.parsed
    without_sender = parsed.return_path == "" or _has_no_sender(row)
    report = _report(parsed, reading.findings, without_sender=without_sender)
    envelope = [*(str(address) for address in row.envelope_to), *parsed.delivered_to]
    by_token = [message_id for address in envelope for message_id in message_ids_in(address)]
    signed = list(filter(is_ours, reading.findings.ids)) if reading.findings and report else []
    # A postmaster may be a person, who tells of a mail that came back: then our signature has to be in it.
    # In anybody else's mail it proves nothing: who answers us, or forwards a report, has it in theirs, too.
    is_signed = bool(signed) and is_from_daemon(parsed)
    is_sure = parsed.is_bounce or without_sender or bool(by_token) or is_signed
    is_bounce = report is not None and is_sure
    is_automatic = parsed.is_automatic or without_sender or is_bounce
    reported = tuple(dict.fromkeys([*by_token, *(signed if is_bounce else [])]))
    answered = [*reported, *answered_by(parsed)] if is_automatic else []
    return Judged(
        replace(parsed, is_bounce=is_bounce, is_automatic=is_automatic),
        report=report if is_bounce else None,
        reported=reported,
        ours=next(filter(is_ours, answered), None),
    )


def _has_no_sender(row: InboundMessage) -> bool:
    return row.way == InboundMessage.Way.LISTENER and not row.envelope_from


def _report(parsed: ParsedMail, findings: Findings | None, *, without_sender: bool) -> Report | None:
    types = {file.content_type for file in parsed.attachments}
    if findings is None or (READ_RECEIPT in types and not types & STATUS_PARTS):
        return None
    is_surely_one = parsed.is_bounce or (without_sender and is_from_daemon(parsed))
    return findings.unknown if findings.report is None and is_surely_one else findings.report
