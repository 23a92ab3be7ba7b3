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
    "head of two lines": (
        f"\n{KARIN}: 550 no such user\n\nMessage-ID: <abc.def@elders.example>\nFrom: spel@kvv.example\n",
        {KARIN},
    ),
    "an id beside a recipient": (
        f"\nMessage ID: <abc.def@elders.example>\nRecipient: {KARIN}\nError: 550 no such user\n",
        {KARIN},
    ),
    "ids alone": (
        (
            f"\n{KARIN}: 550 no\nContent-ID: <deel1@elders.example>\n"
            "References: <een@elders.example>\n  <twee@elders.example>\nBericht-id <drie@post.example> 550\n"
            "Original message: <vier@elders.example>\nMail-ID: vijf@elders.example\n"
            "550 5.1.1 (id zes@elders.example)\n"
            f"550 {'a1' * 12}.{'b2' * 10}@elders.example\n"
        ),
        {KARIN},
    ),
    "its sender with a tag": (f"\nspel+kamp@kvv.example -> {KARIN}: 550 unknown\n", {KARIN}),
    "headers of ours above its words": (
        (
            "\nThis is about a mail with the following header fields:\n\n  Message-id: <abc@kvv.example>\n"
            f"  Date: Tue, 24 Nov 2026\n  From: spel@kvv.example\n  To: {KARIN}\n  Subject: Kamp\n"
            f"\nIt cannot be delivered:\n\n  Recipient address: {PIET}\n  Reason: 550 unknown user\n"
        ),
        {PIET},
    ),
    "headers of ours above its words and again below": (
        f"\nTo: {KARIN}\nDate: Tue, 24 Nov 2026\nSubject: Kamp\n\n550 <{PIET}>: no\n\n"
        "MIME-Version: 1.0\n" + RETURNED.format(to=KARIN),
        {PIET},
    ),
    "headers of ours above a sentence": (
        f"\nDe mail:\n> From: spel@kvv.example\n> To: {KARIN}\n> Subject: Kamp\n\nniet bezorgd bij {PIET}.\n",
        {""},
    ),
    "an address in a mail that came back": (
        f"\nIt failed.\n\nMIME-Version: 1.0\n{RETURNED.format(to=KARIN)}\n550 <{PIET}>: no such user\n",
        {KARIN},
    ),
    "somebody in a sentence, another written to": (
        f"\nWe could not reach {PIET} at all.\n\n" + RETURNED.format(to=KARIN),
        {""},
    ),
    "an IP address": (
        (
            f"\n<{KARIN}>: 550 no\nsaid by 185.5.12.3 as we told <wie@dan.example> of it\n"
            "after 500 minutes with <wie@elders.example>\n"
        ),
        {KARIN},
    ),
    "a whole report in one line": (
        f'\n{{"mail":"{KARIN}","code":"550 5.1.1 no","more":"{"x" * 400}","source":"wie@dan.example"}}\n',
        {KARIN},
    ),
    "its sender": (f"\n550 5.7.1 mail from <spel@kvv.example> to <{KARIN}> refused\n", {KARIN}),
}


@pytest.mark.parametrize("case", NAMES_WHO_FAILED)
def test_a_mail_server_names_who_failed_in_its_own_way(case: str) -> None:
    text, failed = NAMES_WHO_FAILED[case]
    to = "spel+tag@kvv.example" if "tag" in case else "spel@kvv.example"
    raw = f"From: MAILER-DAEMON@mx.example\nTo: {to}\nSubject: Undelivered Mail\n{text}"
    assert set(reported(raw.encode()).failed) == failed


TRIED_AGAIN = (
    "THIS IS A WARNING ONLY. It will be retried for 2 days.\n\n<k@post.example>: timed out\n",
    "Je bericht is nog niet bezorgd; het wordt opnieuw geprobeerd.\n\n<k@post.example>: 450 4.4.1\n",
    "A WARNING ONLY: will be\nretried.\n\n<k@post.example>: connect to mx.example[5.9.12.33]:25: timed out\n",
    "We keep trying.\n\n<k@post.example>: connect to mx.example[185.5.12.3]:25: refused\n",
    "We will retry for 45 more hours. You'll be notified if the delivery fails permanently.\n",
    "It has been delayed.\n\n<k@post.example>: 454 4.7.5 the certificate has expired\n",
    "It is delayed, which is not a permanent error. You hear of it if it fails permanently.\n",
    "We keep trying.\n\n<k@post.example>: 550 5.7.1 greylisted\n",
    "It was delayed for 500 minutes.\n",
    "De server probeert het nog 45 uur. Je hoort het als het definitief niet kan worden bezorgd.\n",
    "Wij blijven het de komende dagen proberen. Het kon niet worden bezorgd.\n",
    "It is delayed. If it can not be delivered in 5 days, you hear of it. We have not given up.\n",
    "Action: delayed\nFinal-Recipient: rfc822; k@post.example\nStatus: 4.4.1\n",
)
GIVEN_UP = (
    "Delivery has been delayed for 2 days. We have given up.\n\n<k@post.example>: timed out\n",
    "This is a permanent error: still being busy.\n\n<k@post.example>: 550 5.1.1 no\n",
    "<k@post.example>: 550 Warning: this account is closed\n",
    "De bezorging was vertraagd. Er wordt niet opnieuw geprobeerd.\n",
    "Het is vertraagd. U kunt het later opnieuw proberen.\n<k@post.example>: 5.1.1\n",
    "It was delayed. We will not keep trying.\n<k@post.example>: (reason: 550)\n",
    "It was delayed, and the message has expired.\n",
    "U kunt proberen het opnieuw te versturen, of het blijven proberen. Dit is niet te bezorgen.\n",
    "Contact the recipient without delay.\n",
    "It was delayed. No retry will be attempted.\n",
    "It was delayed, and will no longer be retried.\n",
    "It was delayed, and won't be retried.\n",
    "Waarschuwing: dit postvak is opgeheven.\n",
)


@pytest.mark.parametrize("text", [*TRIED_AGAIN, *GIVEN_UP])
def test_who_says_that_it_is_tried_again_has_failed_nobody(text: str) -> None:
    report = reported(f"From: MAILER-DAEMON@mx.example\nSubject: Your mail\n\n{text}".encode())
    assert (report.is_delay, bool(report.failed)) == (text in TRIED_AGAIN, text in GIVEN_UP)


@pytest.mark.parametrize(
    ("subject", "ours", "is_delay"),
    [
        ("Delayed Mail (still being retried)", "Kamp", True),
        ("Warning: message not sent for 24 hours", "Kamp", True),
        ("Delivery Status Notification (Delay)", "Kamp", True),
        ("Vertraagd: Vertraagd vertrek", "Vertraagd vertrek", True),
        ("Onbestelbaar: Vertraagd vertrek", "Vertraagd vertrek", False),
        ("Uw bericht: Vertraagd vertrek", "Vertraagd vertrek", False),
        ("failure notice: kamp delayed", "", False),
        ("Mail delivery failed: Warning", "Warning", False),
        ("Re: kamp delayed", "Re: kamp delayed", False),
    ],
)
def test_our_own_subject_says_nothing_of_a_delay(subject: str, ours: str, *, is_delay: bool) -> None:
    returned = f"Message-ID: <abc@kvv.example>\nFrom: spel@kvv.example\nSubject: {ours}\n" if ours else ""
    for words in ("Zo is het.", f"Zo is het met {ours!r}.\n\nSubject: {ours}"):
        raw = f"From: MAILER-DAEMON@mx.example\nSubject: {subject}\n\n{words}\n\n{returned}"
        assert reported(raw.encode()).is_delay == is_delay


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
    returned = f"--b\nContent-Type: text/rfc822-headers\n\nTo: {PIET}\n"
    return (
        f"{head}{words}\n--b\nContent-Type: message/delivery-status\n\n{text}\n{returned}\n--b--\n".encode()
    )


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
        (f"Final-Recipient: rfc822; {KARIN}\nAction: expired\nStatus: 4.4.7\n", {KARIN}),
        (f"Final-Recipient: rfc822; {KARIN}\nAction: rejected\nStatus: 5.7.1\n", {KARIN}),
        (f"Final-Recipient: rfc822; {KARIN}\nAction: bounced\nStatus: 2.0.0\n", set()),
        (f"Final-Recipient: rfc822; {KARIN}\nAction: relayed\nStatus: 5.0.0\n", set()),
        (f"Final-Recipient: rfc822; {KARIN}\nDiagnostic-Code: smtp; 550 no\n", {KARIN}),
        (f"Final-Recipient: rfc822; {KARIN}\nRemote-MTA: dns; mx.example\n", {KARIN}),
        (
            (
                f"Action: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822;{KARIN}\n"
                f"Action: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822;{PIET}\n"
            ),
            {KARIN, PIET},
        ),
        (
            (
                f"Final-Recipient: rfc822;{KARIN}\nAction: failed\nOriginal-Recipient: rfc822;{PIET}\n"
                "Final-Recipient: rfc822;p@elders.example\nAction: failed\n"
            ),
            {KARIN, PIET},
        ),
        (
            "".join(f"Final-Recipient : rfc822;{one}\nAction : failed\n" for one in (KARIN, PIET)),
            {KARIN, PIET},
        ),
        (
            f"Final-Recipient: rfc822;k@elders.example\nAction: failed\nOriginal-Recipient: rfc822;{KARIN}\n",
            {KARIN},
        ),
        *(
            (f"Original-Recipient:{original}\nFinal-Recipient: rfc822;{KARIN}\nAction: failed\n", {KARIN})
            for original in ("", " rfc822;", " unknown", " rfc822; Unknown", " rfc822;postvak12")
        ),
        ("Final-Recipient: rfc822; unknown\nAction: failed\n", {""}),
    ],
)
def test_a_machines_part_counts_where_it_says_something_of_somebody(text: str, failed: set[str]) -> None:
    mail = parse_mail(status(text))
    report = read_report(mail) or unknown_report(mail)
    assert set(report.failed) == failed
