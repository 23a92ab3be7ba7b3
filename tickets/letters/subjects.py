"""Subjects of mails: finding our number in one, cleaning one, building one (OTRS 1.9 to 1.21)."""

import re

from django.conf import settings

from tickets.letters.reply_words import REPLY_CHAIN
from tickets.numbers import is_valid_number

SUBJECT_MOST = 200
_HOOK = re.compile(rf"{re.escape(settings.TICKET_HOOK)}:?\s{{0,2}}([0-9]{{14,50}})", re.IGNORECASE)
_MARK = re.compile(rf"\[\s*{_HOOK.pattern}\s*\]|{_HOOK.pattern}(?![0-9])", re.IGNORECASE)


def find_number(subject: str) -> str | None:
    """The first number of ours in a subject, brackets or not; a wrong check digit makes it nobody's."""
    return next((number for number in _HOOK.findall(subject) if is_valid_number(number)), None)


def without_mark(*, number: str, subject: str) -> str:
    """The subject without this ticket's own mark: '[Ticket#N]', brackets or not."""
    if number in subject:  # a pattern of its own for each ticket is dear
        mark = re.escape(settings.TICKET_HOOK) + r":?\s{0,2}" + re.escape(number)
        subject = re.sub(rf"\[\s*{mark}\s*\]|{mark}(?![0-9])", " ", subject, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", subject).strip()


def without_marks(subject: str) -> str:
    """The subject without the mark of any ticket of ours; a number of another system stays."""
    bare = _MARK.sub(lambda mark: " " if is_valid_number(mark[1] or mark[2]) else mark[0], subject)
    return subject if bare == subject else re.sub(r"\s+", " ", bare).strip()


def clean_subject(*, number: str, subject: str) -> str:
    """The subject without this ticket's own mark and without reply and forward words in front."""
    bare = REPLY_CHAIN.sub("", without_mark(number=number, subject=subject)).strip()
    return bare if len(bare) <= SUBJECT_MOST else bare[:SUBJECT_MOST] + " […]"


def build_subject(*, number: str, subject: str, prefix: str = "Re") -> str:
    """'Re: [Ticket#N] subject', however often it went to and fro; without a prefix '[Ticket#N] subject'."""
    start = f"{prefix}: " if prefix else ""
    bare = clean_subject(number=number, subject=subject)
    return f"{start}[{settings.TICKET_HOOK}{number}] {bare}".rstrip()
