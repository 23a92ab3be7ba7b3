"""Addresses are read once: what an article keeps of a mail's head is read again as what was found in it."""

import random

import pytest

from mailgate.delivery.articles import article_of
from mailgate.models import InboundMessage
from mailgate.parse import ParsedMail, parse_mail
from mailgate.reading.incoming import IncomingMail
from outbox.addresses import is_address, read_addresses
from tickets.changing.articles import NewArticle

JAN = "jan@post.example"
PIECES = [
    *('"', "<", ">", "(", ")", ",", ";", ":", "@", "'", "\\", "[", "]", " ", "."),
    *("Jan", "mailto:", f"<{JAN}>", JAN, "a@b.example", '"a b"@c.example', "=?utf-8?q?x=40y=2Eexample=2C?="),
    *(
        "=?utf-8?q?=22?=",
        "=?utf-8?q?=3Cx=40y=2Eexample=3E?=",
        "=?utf-8?q?Jan_=28?=",
        "undisclosed:;",
        "ë",
        "\x7f",
    ),
]


def kept(mail: ParsedMail) -> NewArticle:
    return article_of(IncomingMail(InboundMessage(), mail, html=""), files=(), writer=mail.from_)


def read(**headers: str) -> ParsedMail:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return parse_mail("\n".join([*lines, "", "Hoi"]).encode())


def assert_one_reading(mail: ParsedMail) -> None:
    """Each line of the article holds the addresses that were found in the mail, and no others."""
    article = kept(mail)
    found = {
        article.from_header: (mail.from_,) if mail.from_ else (),
        article.reply_to: mail.reply_to,
        article.to: mail.to,
        article.cc: mail.cc,
    }
    for line, addresses in found.items():
        assert [address.lower() for _name, address in read_addresses(line)] == [
            one.address for one in addresses
        ]
        assert all(is_address(one.address) for one in addresses)


@pytest.mark.parametrize(
    ("line", "name", "address"),
    [
        ("Jan <jan@post.example>", "Jan", JAN),
        ("Jan <mailto:jan@post.example>", "Jan", JAN),
        ("Jan <jan@post.example (werk)>", "Jan", JAN),
        ("=?utf-8?q?Jan_=28penningmeester?= <jan@post.example>", "Jan (penningmeester", JAN),
        ("=?utf-8?q?Jan_=22de_Beer?= <jan@post.example>", 'Jan "de Beer', JAN),
        ("=?utf-8?q?jan=40werk=2Eexample=2C?= <jan@post.example>", "jan@werk.example,", JAN),
        ("=?utf-8?q?=3Cjan=40werk=2Eexample=3E?= <jan@post.example>", "jan@werk.example", JAN),
        ('"jan@werk.example, Jan" <jan@post.example>', "jan@werk.example, Jan", JAN),
        ('"Jan <jan@post.example>', "Jan", JAN),
        ("Jan (de <jan@post.example>", "Jan de", JAN),
        ("Jan <jan@post.example", "Jan", JAN),
        ("Jan <<jan@post.example>>", "Jan", JAN),
        ("'jan@post.example'", "", JAN),
        ("Jan: <jan@post.example>;", "", JAN),
        ("jan@post.example (Jan, penningmeester)", "Jan, penningmeester", JAN),
        ("=?utf-8?q?Jan_=3Cjan=40post=2Eexample=3E?=", "Jan", JAN),
        ("Jan <Jan@Post.example.>", "Jan", "Jan@Post.example"),
        ('Jan <"jan (j)"@post.example>', "Jan", '"jan (j)"@post.example'),
        ("Jan <@relay.example:jan@post.example>", "Jan", JAN),
    ],
)
def test_an_answer_goes_to_the_address_that_was_found(line: str, name: str, address: str) -> None:
    mail = read(From=line, Reply_To=line, To=line, Cc=line)
    article = kept(mail)
    assert mail.from_ is not None
    assert (mail.from_.name, mail.from_.address) == (name, address.lower())
    for header in (article.from_header, article.reply_to, article.to, article.cc):
        assert read_addresses(header) == [(name, address)]


@pytest.mark.parametrize("line", ["Jan", "jan@", "<jan@po st>", "jan@@post.example", "MAILER-DAEMON <>", ""])
def test_where_none_was_found_none_is_kept(line: str) -> None:
    mail = read(From=line, To="info@kvv.example")
    assert mail.from_ is None
    assert read_addresses(kept(mail).from_header) == []
    assert kept(mail).from_header


def test_of_several_senders_the_first_is_kept() -> None:
    assert read_addresses(kept(read(From="Jan <jan@post.example>, a@b.example")).from_header) == [
        ("Jan", JAN)
    ]


def test_a_long_name_leaves_the_address_whole() -> None:
    article = kept(read(From='"' + '\\"' * 400 + '" <' + "j" * 300 + "@post.example>"))
    assert len(article.from_header) <= 1000
    assert [address for _name, address in read_addresses(article.from_header)] == [
        "j" * 300 + "@post.example"
    ]


def test_no_line_is_read_in_two_ways() -> None:
    chance = random.Random("two readers")  # noqa: S311  (repeatable, not secret)
    for _number in range(4000):
        line = "".join(chance.choices(PIECES, k=chance.randint(1, 9)))
        assert_one_reading(read(From=line, Reply_To=line, To=line, Cc=line))


def test_of_a_mail_that_is_too_big_the_article_knows_that_its_end_is_missing() -> None:
    mail = read(From=JAN)
    for full_size, is_whole in ((None, True), (60_000_000, False)):
        incoming = IncomingMail(InboundMessage(full_size=full_size), mail, html="")
        assert article_of(incoming, files=(), writer=mail.from_).raw_is_whole == is_whole
