"""Reports without a machine's part: what strangers write must not hold up who looks for patterns in it."""

import base64
import time

import pytest

from mailgate.parse.patterns import failures

HEAD = b"From: postmaster@shop.example\r\nSubject: x\r\n"
# What known mail servers write before their addresses: from there on each line is looked through.
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


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_nobody_can_make_the_patterns_slow(line: bytes) -> None:
    text = BEGINNINGS + line
    began = time.process_time()
    for raw in (HEAD + b"\n" + text, mixed(text), mixed(text, encoded=True), HEAD + line):
        failures(raw)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("name", [b"From", b"X-Failed-Recipients", b"Content-Type", b"Content-Description"])
@pytest.mark.parametrize("sign", [b"(", b'"', b"a,", b";", b"<", b"\n (", b'\n ;a="\n'])
def test_nor_by_what_stands_in_the_head(name: bytes, sign: bytes) -> None:
    began = time.process_time()
    failures(name + b": " + sign * (60_000 // len(sign)) + b"\n\nHoi\n")
    assert time.process_time() - began < 1


@pytest.mark.parametrize("encoded", [False, True])
def test_a_text_that_was_encoded_is_read_as_well(*, encoded: bool) -> None:
    text = b"Transcript of session follows\n\nkarin@post.example\n"
    assert failures(mixed(text, encoded=encoded)) == ([], ["karin@post.example"])


def test_the_addresses_of_exim_and_of_qmail() -> None:
    exim = (
        b"X-Failed-Recipients: A@post.example,\n b@post.example\n\nThis message was created automatically.\n"
    )
    qmail = b"From: m@x.example\n\nHi. This is the qmail-send program.\n\n<k@post.example>:\nNo mailbox.\n"
    assert failures(exim) == ([], ["a@post.example", "b@post.example"])
    assert failures(qmail) == ([], ["k@post.example"])
