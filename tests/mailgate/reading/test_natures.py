"""Which mails may be believed as reports of a failure: by sender, marks, words, and what they bring back."""

import pytest
from django.conf import settings

from mailgate.models import InboundMessage
from mailgate.reading.bounces import Judged, judge, points_to_report
from mailgate.reading.child import Reading, read_as_report, read_raw
from outbox.message_ids import message_id_of

KARIN = "karin@post.example"
OURS = message_id_of("0123456789abcdef01234567", key=settings.MESSAGE_ID_KEYS[0])
HEAD = f"Message-ID: <{OURS}>\nFrom: Spel <spel@kvv.example>\nTo: {KARIN}\nSubject: Re: Niet aangekomen\n"
FAILED = f"A message that you sent could not be\ndelivered:\n\n  {KARIN}\n    550 no such person\n\n"
LATER = f"It has not yet been delivered to {KARIN}.\n\n"
ABSENT = (
    f"Ik ben er niet. Bel 050 555 1234 of schrijf\n{KARIN}\nIf you got this e-mail in error, delete it. "
    "Als dit niet aangekomen is, hoor ik het graag.\n\n"
)
NOBODY = "Return-Path: <>\n"
SYSTEM = f"{NOBODY}From: Mail Delivery System <niet-antwoorden@mx.example>\nAuto-Submitted: auto-replied"
PERSON = f"{NOBODY}From: Karin <{KARIN}>\nSubject: Re: Niet aangekomen"
MAILER = "From: MAILER-DAEMON@mx.example"


def judged(head: str, words: str, *, sender: str | None = None) -> Judged:
    """The mail as the listener took it from this envelope sender, else as it came by a pipe."""
    way = InboundMessage.Way.PIPE if sender is None else InboundMessage.Way.LISTENER
    row = InboundMessage(way=way, envelope_from=sender or "", envelope_to=[])
    raw = f"{head}\nTo: spel@kvv.example\nMessage-ID: <r@mx.example>\n\n{words}".encode()
    reading = (read_as_report if points_to_report(row) else read_raw)(raw)
    assert isinstance(reading, Reading)
    return judge(reading, row=row)


@pytest.mark.parametrize(
    ("head", "words", "sender"),
    [
        (SYSTEM, FAILED + HEAD, None),
        (SYSTEM, LATER + HEAD, None),
        (f"{SYSTEM}\nX-Failed-Recipients: {KARIN}", "Zo is het.\n\n" + HEAD, None),
        (f"{PERSON}\nAuto-Submitted: auto-generated", "Zo is het.\n\n" + HEAD, None),
        (f"From: Karin <{KARIN}>", "Zo is het.\n\n" + HEAD, "MAILER-DAEMON@mx.example"),
        (f"{MAILER}\nReferences: <{OURS}>", FAILED, None),
        (MAILER, f"{FAILED}Kenmerk: {OURS}\n", None),
        ("From: MAILER-DAEMON <>", f"{FAILED}Kenmerk: {OURS}\n", None),
        (MAILER, f"Zo is het.\n\nBericht-ID: <{OURS}>\n", None),
        (PERSON, f"Zo is het.\n\nBericht-ID: <{OURS}>\n", None),
        (PERSON, f"Zo is het.\n\nID du message : <{OURS}>\n", None),
    ],
)
def test_a_failure_is_believed_by_whatever_name_and_mark_it_comes(
    head: str, words: str, sender: str | None
) -> None:
    report = judged(head, words, sender=sender)
    assert (report.parsed.is_bounce, report.is_proven, report.reported) == (True, True, (OURS,))
    assert report.report is not None
    assert report.report.is_final == (LATER not in words)
    assert set(report.report.failed) <= {KARIN, ""}


MARKS = (
    "Auto-Submitted: auto-replied",
    "X-Autoreply: yes",
    "X-Apple-Action: VACATION",
    "Precedence: auto_reply",
    "X-Autorespond: Re: Niet aangekomen",
)


@pytest.mark.parametrize(
    ("head", "words", "sender"),
    [
        *((f"{PERSON}\n{mark}", ABSENT + HEAD, None) for mark in MARKS),
        (f"From: Karin <{KARIN}>\n{MARKS[1]}", ABSENT + HEAD, ""),
        (f"From: Karin <{KARIN}>\n{MARKS[2]}", ABSENT + HEAD, "MAILER-DAEMON@post.example"),
        (f"{PERSON}\n{MARKS[0]}\nReferences: <{OURS}>", ABSENT, None),
        (f"{PERSON}\nReferences: <{OURS}>", ABSENT.replace("niet aangekomen is", "kwijt is"), None),
        (f"From: Karin <{KARIN}>\nReferences: <{OURS}>", FAILED + HEAD, None),
        (f"From: Karin <{KARIN}>\nReferences: <{OURS}>", FAILED + HEAD, KARIN),
        (f"From: postmaster@mx.example\nReferences: <{OURS}>", "Wij zoeken het uit.\n", None),
        (f"{MAILER}\nReferences: <{OURS}>", "Wij zoeken het uit.\n", None),
        (f"Return-Path: <{KARIN}>\n{MAILER}\nReferences: <{OURS}>", FAILED, None),
        (f"From: postmaster@mx.example\nReferences: <{OURS}>", FAILED, None),
    ],
)
def test_who_answers_for_somebody_or_writes_as_a_person_proves_no_failure(
    head: str, words: str, sender: str | None
) -> None:
    assert not judged(head, words, sender=sender).is_proven
