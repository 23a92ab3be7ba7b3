"""What an enemy would send: much of one thing, deep nesting, and baits for slow patterns."""

import random
from collections.abc import Callable

# Unclosed, repeated, nested: each has kept some parser busy for minutes.
BAITS = (
    b"(", b'"', b"<", b"<a ", b"<div>", b"<b>", b"<table><tr><td>", b"</p>", b"<!--", b"<!", b"<![CDATA[",
    b"&", b"&#", b"&amp", b"&lt;", b"=?", b"=?utf-8?q?", b"=?utf-8?b?YQ==?= ", b"?=", b";a=", b";a*0=b",
    b"\\",
    b" ", b"\t", b"\r", b",", b"a@b,", b"<a@b>", b"a:", b"()", b">", b"> ", b"=\r\n", b"= ", b"A",
    b"AAAA\r\n",
    b"begin 644 a\n", b"M\n", b"x-\n", b"<style>", b"<script>", b"<svg><style>", b"<math><mi>", b"<a href='",
    b"<img src=cid:a>", b"http://", b"http://a.nl ", b"<blockquote>", b"<ul><li>", b"<pre>",
    b"<font color=red>",
    b"\n--", b"\r\n\r\n", b"\xc3\xa9", b"\xe2\x80\xae", b"<p style='color:red;color:red'>", b"''%",
    b"%00", b"-- \n",
)  # fmt: skip
NAMES = (b"From", b"To", b"Cc", b"Subject", b"References", b"In-Reply-To", b"Content-Type", b"Received",
         b"Content-Disposition", b"Message-ID", b"Date", b"Reply-To", b"Delivered-To",
         b"X-" + b"a" * 200)  # fmt: skip
SIZES = (100, 1_000, 10_000, 50_000)
DEPTHS = (5, 30, 200, 1_000)


def bomb(raw: bytes, *, chance: random.Random) -> bytes:
    """The mail with one such thing in it or around it."""
    return chance.choice(BOMBS)(raw, chance)


def _bait_in_header(raw: bytes, chance: random.Random) -> bytes:
    return chance.choice(NAMES) + b": " + _many(chance) + b"\r\n" + raw


def _bait_in_body(raw: bytes, chance: random.Random) -> bytes:
    kind = chance.choice(
        (b"text/html", b"text/plain", b"text/plain; format=flowed", b"multipart/mixed; boundary=x")
    )
    head = raw.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    return b"Content-Type: " + kind + b"\r\n" + head + b"\r\n\r\n" + _many(chance) + _many(chance)


def _bait_somewhere(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randint(0, len(raw))
    return raw[:place] + _many(chance) + raw[place:]


def _many_headers(raw: bytes, chance: random.Random) -> bytes:
    line = chance.choice(NAMES) + b": a@b.example\r\n"
    return line * chance.choice(SIZES[:-1]) + raw


def _long_line(raw: bytes, chance: random.Random) -> bytes:
    return raw + b"x" * chance.choice((1_000, 100_000, 300_000))


def _nested_multiparts(raw: bytes, chance: random.Random) -> bytes:
    depth = chance.choice(DEPTHS)
    heads = (
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
        for level in range(depth)
    )
    return b"".join(heads) + raw


def _nested_mails(raw: bytes, chance: random.Random) -> bytes:
    return b"Content-Type: message/rfc822\r\n\r\n" * chance.choice(DEPTHS) + raw


def _many_parts(raw: bytes, chance: random.Random) -> bytes:
    kind = chance.choice((b"text/plain", b"text/html", b"image/png", b"message/rfc822", b"multipart/mixed"))
    part = b"--b\r\nContent-Type: " + kind + b"\r\n\r\nx\r\n"
    return b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * chance.choice((10, 300, 3_000)) + raw


def _many_addresses(raw: bytes, chance: random.Random) -> bytes:
    address = chance.choice(
        (b'"a" <a%d@b.example>, ', b"a%d@b.example,", b"g:a%d@b.example;", b"(c) a%d@b.example, ")
    )
    name = chance.choice((b"To", b"Cc", b"Reply-To", b"From", b"Delivered-To"))
    return name + b": " + b"".join(address % n for n in range(chance.choice((100, 2_000)))) + b"\r\n" + raw


def _many_references(raw: bytes, chance: random.Random) -> bytes:
    ids = b" ".join(b"<%d@%s.example>" % (n, b"a" * chance.randint(1, 300)) for n in range(300))
    return b"References: " + ids + b"\r\n" + raw


def _many(chance: random.Random) -> bytes:
    return chance.choice(BAITS) * chance.choice(SIZES)


BOMBS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _bait_in_header, _bait_in_header, _bait_in_body, _bait_in_body, _bait_somewhere, _many_headers,
    _long_line,
    _nested_multiparts, _nested_mails, _many_parts, _many_addresses, _many_references,
)  # fmt: skip
