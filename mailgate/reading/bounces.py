"""Which mails report that one of ours did not arrive, and which of ours they speak of (OTRS 5.9, 5.13).

Surest first: the token in the address it was sent to (VERP), a delivery-status part, the words of known mail
servers, a mail without sender from a mail system. Only our own signature, in that token or in a Message-ID,
says which answer failed: a forged report marks nothing.
"""

import re
from collections.abc import Callable
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
class Returned:
    """A mail with what is known of it as a report; `reported`: our Message-IDs that it speaks of."""

    mail: ParsedMail
    report: Report | None = None
    reported: tuple[str, ...] = ()


def look_at(mail: ParsedMail, *, row: InboundMessage, find: Callable[[], Findings]) -> Returned:
    """Take a mail as a report if it is one; a mail without sender was sent by a machine in any case.

    `find` reads it as one; it is called only if the mail may be one.
    """
    without_sender = mail.return_path == "" or (
        row.way == InboundMessage.Way.LISTENER and not row.envelope_from
    )
    by_token = _by_token(mail, row=row)
    from_daemon = mail.from_ is not None and bool(_DAEMON.match(mail.from_.address))
    if without_sender and not mail.is_automatic:
        mail = replace(mail, is_automatic=True)
    if not (mail.is_bounce or without_sender or from_daemon or by_token):
        return Returned(mail)
    found = find()
    report = _report(mail, found, is_surely_one=mail.is_bounce or (without_sender and from_daemon))
    signed = tuple(one for one in found.ids if is_ours(one)) if report is not None else ()
    # A postmaster may be a person, who tells of a mail that came back: then our signature has to be in it.
    if report is None or not (mail.is_bounce or without_sender or by_token or signed):
        return Returned(replace(mail, is_bounce=False), reported=by_token)
    mail = replace(mail, is_bounce=True, is_automatic=True)
    return Returned(mail, report=report, reported=tuple(dict.fromkeys([*by_token, *signed])))


def _report(mail: ParsedMail, found: Findings, *, is_surely_one: bool) -> Report | None:
    types = {file.content_type for file in mail.attachments}
    if READ_RECEIPT in types and not types & STATUS_PARTS:
        return None
    return found.unknown if found.report is None and is_surely_one else found.report


def _by_token(mail: ParsedMail, *, row: InboundMessage) -> tuple[str, ...]:
    """The token is the envelope's alone: To and Cc hold what the other side wrote."""
    addresses = [*(str(address) for address in row.envelope_to), *mail.delivered_to]
    return tuple(dict.fromkeys(one for address in addresses for one in message_ids_in(address)))
