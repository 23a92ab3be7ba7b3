"""Headers that we write ourselves: who reads them gets back what was given, whatever a stranger wrote."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import HeaderRegistry
from email.policy import SMTP
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outbox.addresses import read_addresses
from outbox.headers import ASCII_POLICY, Header, address_header, header, id_header, text_header

LINE_MOST = 998
HOSTILE = st.text(alphabet="aB1 =?<>@,;:.\"\\()'[]_-/+&%*éß☃\U0001f600", max_size=300)
PIECES = st.lists(
    st.sampled_from(
        [
            "=?utf-8?q?=FF?=",
            "=?utf-8?q?_e=40v.example?=",
            "=?utf-8?q?=22?=",
            "é",
            ",",
            "<x@v.example>",
            '"',
            "a",
        ]
    ),
    max_size=6,
).map(" ".join)
TEXT = st.one_of(HOSTILE, PIECES).map(lambda text: " ".join(text.split()))
OUTLOOK = "<AM9PR07MB7188D4F0A0E0A5F1C5D0E8A3D1B49@AM9PR07MB7188.eurprd07.prod.outlook.com>"


def lines_of(line: Header) -> bytes:
    """As it leaves."""
    return ASCII_POLICY.fold_binary(line.name, line)


def value_of(line: Header) -> str:
    """As a mail program reads it, before it decodes words (RFC 5322, 2.2.3)."""
    raw = message_from_bytes(lines_of(line) + b"\r\n", policy=policy.compat32)[line.name]
    return re.sub(r"\r?\n", "", str(raw))


def decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


@given(text=TEXT)
@example(text="é =?utf-8?q?=FF?=")
@example(text="x" * 300)
@example(text="een lange vraag over het kamp " * 9)
@example(text="")
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    line = text_header("Subject", text)
    assert decoded(value_of(line)).strip() == text.strip()
    assert max(map(len, lines_of(line).split(b"\r\n"))) <= LINE_MOST


def test_plain_words_are_folded_between_words_and_not_encoded() -> None:
    text = "een lange vraag over het kamp " * 9
    written = lines_of(text_header("Subject", text.strip()))
    assert b"=?" not in written
    assert max(map(len, written.split(b"\r\n"))) <= 78


@given(name=TEXT)
@example(name="é, =?utf-8?q?_e=40v.example?=")
@example(name="=?utf-8?q?=22?=")
@example(name='Klant, "Karin"')
@example(name="x" * 900)
def test_a_name_is_read_as_it_was_written_and_adds_no_address(name: str) -> None:
    line = address_header("To", [(name, "karin@post.example"), ("Jan", "jan@post.example")])
    value = value_of(line)
    assert [address for _name, address in read_addresses(value)] == ["karin@post.example", "jan@post.example"]
    assert [address for _name, address in getaddresses([value])] == ["karin@post.example", "jan@post.example"]
    assert decoded(read_addresses(value)[0][0]) == name
    assert max(map(len, lines_of(line).split(b"\r\n"))) <= LINE_MOST


def test_a_quoted_local_part_and_an_address_of_other_letters_stand_as_they_are() -> None:
    pairs = [("", '"jan de"@post.example'), ("Jan", "jané@post.example")]
    assert read_addresses(address_header("To", pairs)) == pairs


def test_ids_of_any_length_are_never_encoded() -> None:
    line = id_header("References", [OUTLOOK, "<a@b.example>", f"<{'x' * 400}@post.example>"])
    assert line is not None
    assert value_of(line).split() == [OUTLOOK, "<a@b.example>", f"<{'x' * 400}@post.example>"]


@pytest.mark.parametrize(
    "bad", ["<é=?utf-8?q?=FF?=@a.example>", f"<{'x' * 1000}>", "<>", "a@b.example", "<a\r\nB: c>"]
)
def test_an_id_that_can_not_stand_in_a_header_is_left_out(bad: str) -> None:
    assert id_header("In-Reply-To", [bad]) is None
    assert id_header("References", [bad, "<a@b.example>"]) == "<a@b.example>"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain"),
        ("Content-Type", 'text/html; charset="utf-8"'),
        ("Content-Type", 'multipart/alternative; boundary="=_0123456789abcdef01234567"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ],
)
def test_a_parts_plain_header_is_what_the_library_writes(name: str, value: str) -> None:
    made = ASCII_POLICY.header_store_parse(name, value)[1]
    assert isinstance(made, Header)
    assert lines_of(made) == SMTP.fold_binary(name, HeaderRegistry()(name, value))
    assert lines_of(header(name, value)) == lines_of(made)


def test_a_parts_other_headers_are_the_librarys() -> None:
    disposition = ASCII_POLICY.header_store_parse("Content-Disposition", 'attachment; filename="é.txt"')[1]
    assert not isinstance(disposition, Header)
