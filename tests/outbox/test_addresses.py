"""Lines of addresses: those that people write, and those that are meant to do harm."""

import time

import pytest

from mailgate.parse.parsed import Address
from outbox.addresses import read_addresses, write_address


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("", []),
        ("zomaar", []),
        ("undisclosed-recipients:;", []),
        ("a@x.example", [("", "a@x.example")]),
        ("A <a@x.example>, b@y.example; C C <c@z.example>", [("A", "a"), ("", "b"), ("C C", "c")]),
        ('"Berg, Jan" <a@x.example>', [("Berg, Jan", "a@x.example")]),
        ('"Jan \\"J\\" \\\\" <a@x.example>', [('Jan "J" \\', "a@x.example")]),
        ("a@x.example (Jan (van) Berg)", [("Jan van Berg", "a@x.example")]),
        ("Groep: a@x.example, B <b@y.example>;", [("", "a@x.example"), ("B", "b@y.example")]),
        ('"a b"@x.example', [("", '"a b"@x.example')]),
        ('Jan <"a b"@x.example>', [("Jan", '"a b"@x.example')]),
        ("Jan a@x.example", [("Jan", "a@x.example")]),
        ("a@x.example b@y.example", []),
        ("a@x.example ((((", [("", "a@x.example")]),
        ("'a@x.example' <b@y.example>", [("'a@x.example'", "b@y.example")]),
    ],
)
def test_names_and_addresses(line: str, pairs: list[tuple[str, str]]) -> None:
    read = read_addresses(line)
    assert [name for name, _address in read] == [name for name, _address in pairs]
    assert all(
        address.startswith(start) for (_name, address), (_also, start) in zip(read, pairs, strict=True)
    )


@pytest.mark.parametrize(
    "sign", ["(", ")", '"', '\\"', '"\\', "<", "<a", ",", ";", ":", "@", "(,", "a@b ", "\\"]
)
@pytest.mark.parametrize("start", ["", "From a@x.example ", '"', "<"])
def test_no_line_is_slow_or_raises(start: str, sign: str) -> None:
    began = time.process_time()
    read_addresses(start + sign * 50_000)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "name", ["Jan", "Jörg", "Jörg\\", 'J"ö"rg\\', "a\\", '"', "B, C", "x@y", "(", "a <b@c.example>"]
)
@pytest.mark.parametrize("address", ["a@x.example", "jörg@x.example", '"a b"@x.example', '"a\\"@x.example'])
def test_what_was_written_is_read_again(name: str, address: str) -> None:
    written = f"{Address(name, address)}, {Address('', address)}, b@y.example"
    assert read_addresses(written) == [(name, address), ("", address), ("", "b@y.example")]


@pytest.mark.parametrize("name", ["Jan", "Jörg\\", 'J"ö', "a\\", 'Jörg\\" <b@y.example>, \\'])
def test_a_name_can_not_become_an_address(name: str) -> None:
    assert read_addresses(write_address(name, "a@x.example")) == [(name, "a@x.example")]
