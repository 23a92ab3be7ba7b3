"""What mail servers say in words: who failed, and who is never meant. No stranger's words take long."""

import base64
import time

import pytest

from mailgate.parse import parse_mail
from mailgate.parse.reports import Report, read_report, unknown_report

HEAD = b"From: postmaster@shop.example\r\nSubject: x\r\n"
BEGINNINGS = b"""failed addresses follow:
Sorry, unable to deliver your message to
Invalid final delivery userid:
A message that you sent could not be delivered
Your message could not be delivered to
did not reach the following recipient
Did not reach the following recipient
this is the email server at
Message not delivered to the following addresses
A message that you sent was rejected
here is your list of failed recipients
This message was created automatically by mail delivery software
This is the machine generated message from mail service.
The following addresses did NOT receive a copy of your message:
The email below could not be delivered to the following user:
Unable to deliver message to the following address(es).
Unable to deliver message to
------ Failed Recipients ------
The following address failed:
The following recipient(s) could not be reached
Delivery to the following recipients failed
Delivery has failed
The address to which the message has not yet been delivered is
Your message to:
Your message with Subject:
Delivery to the following recipient has been delayed
This is an advisory-only email
This Message was undeliverable due to the following reason:
"""
LINES = [
    b"," * 8000 + b"@" * 8000,
    b"a" * 60_000,
    b"<" * 60_000,
    b" " * 60_000,
    b"*" * 60_000,
    b"@" * 60_000,
    b"user mailbox" * 5000,
    b"\n" * 60_000,
    (b"a" * 250 + b"<" * 249 + b"\n") * 200,
    (b"a" * 79 + b"\n") * 900,
    (b"\t" * 20 + b"*" * 20 + b"<" * 20 + b"\n") * 900,
    (b", @@@@@@,@" * 50 + b"\n") * 200,
    b"Content-Type: message/rfc822\n\n" * 3000,
]


def mixed(text: bytes, *, encoded: bool = False) -> bytes:
    """As GroupWise and others write, of whom some decode their text first."""
    how = b"Content-Transfer-Encoding: base64\n" if encoded else b""
    body = base64.encodebytes(text) if encoded else text
    parts = b'X-Mailer: Nov\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n'
    return HEAD + parts + how + b"\n" + body + b"\n--b\n\nend\n--b--\n"


def reported(raw: bytes) -> Report:
    return unknown_report(parse_mail(raw))


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_nobody_can_make_the_words_of_a_report_slow(line: bytes) -> None:
    text = BEGINNINGS + line
    raws = (HEAD + b"\n" + text, mixed(text), mixed(text, encoded=True), HEAD + line)
    mails = [parse_mail(raw) for raw in raws]
    began = time.process_time()
    for mail in mails:
        read_report(mail)
        unknown_report(mail)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("encoded", [False, True])
def test_a_text_that_was_encoded_is_read_as_well(*, encoded: bool) -> None:
    text = b"Transcript of session follows\n\nkarin@post.example\n"
    assert set(reported(mixed(text, encoded=encoded)).failed) == {"karin@post.example"}


KARIN, PIET = "karin@post.example", "piet@post.example"
RETURNED = "Message-ID: <abc.def@kvv.example>\nFrom: spel@kvv.example\nTo: {to}\nSubject: Re: Kamp\n\nHoi\n"
NAMES_WHO_FAILED = {
    "exim": (
        f"X-Failed-Recipients: Karin@post.example,\n {PIET}\n\nThis message was created.\n",
        {KARIN, PIET},
    ),
    "qmail": (f"\nHi. This is the qmail-send program.\n\n<{KARIN}>:\nNo mailbox.\n", {KARIN}),
    "sendmail": (f"\n   ----- Transcript -----\n550 5.1.1 <{KARIN}>... User unknown\n", {KARIN}),
    "label": (f"\nIt\n     could not be delivered to: <{KARIN}>\n     As the mailbox is full.\n", {KARIN}),
    "fields in words": (
        f"\nTechnical report:\n\nAction: failed\nFinal-Recipient: rfc822; {KARIN}\n",
        {KARIN},
    ),
    "named and written to": (
        f"\nSorry for {KARIN}, says postmaster@mx.example.\n\n"
        + RETURNED.format(to=f"Karin <{KARIN}>, {PIET}"),
        {KARIN},
    ),
    "sent on": ("\n<k@elders.example>: mailbox full\n\n" + RETURNED.format(to=KARIN), {"k@elders.example"}),
    "nobody named, one written to": ("\nHet is mislukt.\n\n" + RETURNED.format(to=KARIN), {KARIN}),
    "nobody named, two written to": ("\nHet is mislukt.\n\n" + RETURNED.format(to=f"{KARIN}, {PIET}"), {""}),
    "quoted head": (
        f"\n550 <{KARIN}>: no such user\n\n> " + RETURNED.format(to=KARIN).strip().replace("\n", "\n> "),
        {KARIN},
    ),
    "our own address and an id in lines of their own": (
        f"\n{KARIN} Invalid Address, ERROR_CODE :550\n\n\n" + RETURNED.format(to=KARIN).replace(": ", ":"),
        {KARIN},
    ),
    "whom to ask": (f"\n550 <{KARIN}>: no\nContact <hulp@mx.example>\nhelp: hulp@mx.example 550 \n", {KARIN}),
    "its sender": (f"\n550 5.7.1 mail from <spel@kvv.example> to <{KARIN}> refused\n", {KARIN}),
}


@pytest.mark.parametrize("case", NAMES_WHO_FAILED)
def test_a_mail_server_names_who_failed_in_its_own_way(case: str) -> None:
    text, failed = NAMES_WHO_FAILED[case]
    raw = f"From: MAILER-DAEMON@mx.example\nTo: spel@kvv.example\nSubject: Undelivered Mail\n{text}"
    assert set(reported(raw.encode()).failed) == failed


@pytest.mark.parametrize(
    ("text", "is_delay"),
    [
        ("THIS IS A WARNING ONLY. It will be retried for 2 days.\n\n<k@post.example>: timed out\n", True),
        (
            "Je bericht is nog niet bezorgd; het wordt opnieuw geprobeerd.\n\n<k@post.example>: 450 4.4.1\n",
            True,
        ),
        ("Delivery has been delayed for 2 days. We have given up.\n\n<k@post.example>: timed out\n", False),
        ("This is a permanent error: still being busy.\n\n<k@post.example>: 550 5.1.1 no\n", False),
    ],
)
def test_who_says_that_it_is_tried_again_has_failed_nobody(text: str, *, is_delay: bool) -> None:
    report = reported(f"From: MAILER-DAEMON@mx.example\nSubject: Your mail\n\n{text}".encode())
    assert (report.is_delay, bool(report.failed)) == (is_delay, not is_delay)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"This is the mail system.\n\n<{KARIN}>: connect timed out\n", f"<{KARIN}>: connect timed out"),
        (f"<{KARIN}>:\nSorry.\n552 5.2.2 Over quota\n", "552 5.2.2 Over quota"),
        (f"550 Other\n550 5.1.1 <{KARIN}> unknown\n", f"550 5.1.1 <{KARIN}> unknown"),
        ("Wij konden het niet bezorgen.\n", "Wij konden het niet bezorgen."),
    ],
)
def test_the_reason_is_the_line_that_speaks_of_who_failed(text: str, reason: str) -> None:
    report = reported(f"From: MAILER-DAEMON@mx.example\nSubject: Returned mail\n\n{text}".encode())
    assert list(report.failed.values()) == [reason]


def status(text: str) -> bytes:
    head = "From: MAILER-DAEMON@mx.example\nSubject: x\nContent-Type: multipart/report; boundary=b\n\n"
    words = f"--b\nContent-Type: text/plain\n\n<{PIET}>: 550 unknown\n"
    return f"{head}{words}\n--b\nContent-Type: message/delivery-status\n\n{text}\n--b--\n".encode()


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("", {PIET}),
        ("Reporting-MTA: dns; mx.example\n", {PIET}),
        (f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {KARIN}\nAction: delivered\n", set()),
        (
            f"Final-Recipient: rfc822;{KARIN}\nAction: failed\nFinal-Recipient: rfc822;{PIET}\nStatus: 5.1\n",
            {KARIN, PIET},
        ),
        (
            f"Original-Recipient: a;{KARIN}\nAction: failed\nOriginal-Recipient: a;{PIET}\nStatus: 2.1.5\n",
            {KARIN},
        ),
        (f"Final-Recipient: rfc822; |/bin/save {KARIN} /tmp\nAction: failed\n", {KARIN}),
    ],
)
def test_a_machines_part_counts_where_it_says_something_of_somebody(text: str, failed: set[str]) -> None:
    mail = parse_mail(status(text))
    report = read_report(mail) or unknown_report(mail)
    assert set(report.failed) == failed
