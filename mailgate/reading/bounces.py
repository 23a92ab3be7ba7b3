"""Which mails report that one of ours did not arrive, and which of ours they speak of (OTRS 5.9, 5.13).

Surest first: the token in the address it was sent to (VERP), a mail without sender that brings back one of
ours (RFC 5321, 4.5.5), a delivery-status part, a mail system's words. A person who tells of a report makes
none.

Anybody can write a report, and everybody who got a mail of ours knows its Message-ID. So a report is *proven*
only where its envelope is that of a report, and our own signature says which answer failed. What else looks
like a report is shown to agents, and marks nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailgate.models import InboundMessage
from mailgate.parse import ParsedMail
from mailgate.parse.automatic import is_daemon, is_nobody
from mailgate.parse.findings import Findings
from mailgate.parse.reports import Report, is_other_report
from mailgate.reading.child import Reading, is_from_daemon
from mailgate.reading.incoming import answered_by
from outbox.message_ids import is_ours
from outbox.verp import message_ids_in


@dataclass(frozen=True, slots=True)
class Judged:
    """A mail with what is known of it as a report.

    `reported`: our Message-IDs that it speaks of; `by_token`: those of them that its recipient's token names;
    `is_proven`: whether it may be believed; `ours`: the one of ours that it answers, if a machine sent it.
    """

    parsed: ParsedMail
    report: Report | None
    reported: tuple[str, ...]
    by_token: tuple[str, ...]
    is_proven: bool
    ours: str | None


def points_to_report(row: InboundMessage) -> bool:
    """Whether the envelope alone says that a mail has to be read as a report, too."""
    return _has_no_sender(row) or any(message_ids_in(str(address)) for address in row.envelope_to)


def judge(reading: Reading, *, row: InboundMessage) -> Judged:
    """Take a mail as a report if it is one; a mail without sender was sent by a machine in any case.

    The token is the envelope's alone: To and Cc hold what the other side wrote.
    """
    parsed, findings = reading.parsed, reading.findings
    without_sender = parsed.return_path == "" or _has_no_sender(row)
    envelope = [*(str(address) for address in row.envelope_to), *parsed.delivered_to]
    by_token = _ids_in_tokens(envelope)
    signed = list(filter(is_ours, findings.ids)) if findings else []
    brings_back = findings is not None and any(map(is_ours, findings.returned))
    nature = _Nature(
        is_report=parsed.is_bounce,
        is_daemons=is_from_daemon(parsed),
        is_mailers=_is_mailers(parsed),
        without_sender=without_sender,
        is_signed=bool(signed),
        brings_back=brings_back,
        is_answer=findings is not None and _is_answer(parsed, findings, brings_back=brings_back),
        says_failure=findings is not None and findings.report is not None,
    )
    report = _report(parsed, findings, nature)
    is_bounce = report is not None
    is_automatic = parsed.is_automatic or without_sender or is_bounce
    reported = tuple(dict.fromkeys([*by_token, *(signed if is_bounce else [])]))
    answered = [*reported, *answered_by(parsed)] if is_automatic else []
    is_believable = (nature.is_certain or bool(by_token)) and _is_sent_as_report(parsed, row)
    return Judged(
        replace(parsed, is_bounce=is_bounce, is_automatic=is_automatic),
        report=report,
        reported=reported,
        by_token=_ids_in_tokens([*envelope, *(address.address for address in parsed.to)]),
        is_proven=is_bounce and bool(reported) and is_believable,
        ours=next(filter(is_ours, answered), None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nature:
    """What of a mail speaks for its being a report.

    `is_mailers`: by its From no person ever writes, as one does as postmaster; `says_failure`: in words that
    are known. `brings_back`: our own signature stands in the head of a mail in it; `is_signed`: anywhere in
    it. `is_answer`: it answers for somebody, as an absence notice does, which has no sender either.
    """

    is_report: bool
    is_daemons: bool
    is_mailers: bool
    without_sender: bool
    is_signed: bool
    brings_back: bool
    is_answer: bool
    says_failure: bool

    @property
    def is_certain(self) -> bool:
        """Whether it may be believed to be one, whatever its words.

        A postmaster may be a person, who tells of a mail that came back: then our signature has to be in it.
        In anybody else's mail it proves nothing: who answers us, or forwards a report, has it in theirs, too.
        """
        if self.is_report or (self.is_daemons and (self.without_sender or self.brings_back)):
            return True
        if self.is_mailers and self.is_signed and self.says_failure:
            return True
        return self.without_sender and self.brings_back and not self.is_answer

    @property
    def is_likely(self) -> bool:
        """Whether it is one if its words are those of a report."""
        return (self.without_sender and not self.is_answer) or (self.is_daemons and self.is_signed)


def _has_no_sender(row: InboundMessage) -> bool:
    """As the listener heard it; a daemon is nobody, too: old servers write it instead."""
    return row.way == InboundMessage.Way.LISTENER and (not row.envelope_from or is_nobody(row.envelope_from))


def _is_mailers(parsed: ParsedMail) -> bool:
    return is_nobody(parsed.from_.address if parsed.from_ is not None else parsed.from_text.strip(" <>"))


def _is_answer(parsed: ParsedMail, findings: Findings, *, brings_back: bool) -> bool:
    """Whether a machine answers for somebody: Exim and Postfix mark their reports as answers, too."""
    is_failure = parsed.failed_recipients or (findings.tells_of_failure and brings_back)
    return findings.is_answer and not is_failure


def _is_sent_as_report(parsed: ParsedMail, row: InboundMessage) -> bool:
    """Whether the envelope names no sender, or a mail system; where nobody kept it, From has to.

    Who else sends a report in a mail system's name has a sender that their own server knows.
    """
    is_known = row.way == InboundMessage.Way.LISTENER
    sender = row.envelope_from if is_known else parsed.return_path
    return is_from_daemon(parsed) if sender is None else not sender or is_daemon(sender)


def _ids_in_tokens(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(message_id for address in addresses for message_id in message_ids_in(address)))


def _report(parsed: ParsedMail, findings: Findings | None, nature: _Nature) -> Report | None:
    if findings is None or is_other_report(parsed):
        return None
    if nature.is_certain:
        return findings.report or findings.unknown
    return findings.report if nature.is_likely else None
