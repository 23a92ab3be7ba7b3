"""Any mail is delivered or kept with its bytes: damaged ones, and whatever a parser may give."""

import random
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.mutate import mutate
from blobs.store import read_bytes
from mailgate.delivery.deliver import _deliver_group, deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.parse import Address, ParsedAttachment, ParsedMail
from mailgate.reading.incoming import IncomingMail
from queues.models import Queue
from richtext.clean import clean_html

MAILS = [file.read_bytes() for file in sorted((Path(__file__).parents[2] / "mail").glob("*.eml"))]
ENDED = {InboundMessage.DELIVERED, InboundMessage.IGNORED, InboundMessage.DUPLICATE}

# The examples of a test share its database, so that they answer and double each other too.
on_one_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

# What a column takes: no control characters, no lone surrogates.
characters = st.characters(exclude_categories=("Cs", "Cc"))


def text(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Short ones, and those that just fit."""
    return st.one_of(
        st.text(characters, min_size=least, max_size=min(most, 30)),
        st.just("é" * most),
        st.just("=?utf-8?q?x?= <script>'\"%s{}\\"[:most]),
    )


names = text(300)
local_parts = st.sampled_from(["a", "karin", "é", "x" * 250, "o'hara", "a+b", "%s", "-"])
domains = st.sampled_from(["post.example", "kvv.example", "é.example", "d" * 50 + ".example"])
addresses = st.builds(
    lambda name, local, domain: Address(name, f"{local}@{domain}"), names, local_parts, domains
)
few_addresses = st.lists(addresses, max_size=3).map(tuple)
ids = st.one_of(
    text(500, 1).map(lambda one: one.replace(" ", "") or "x"),
    st.sampled_from(["one@a.example", "two@a.example"]),
)
files = st.builds(
    ParsedAttachment,
    name=text(200, 1),
    content_type=st.sampled_from(["text/plain", "image/png", "a" * 70 + "/" + "b" * 70]),
    content_id=st.none() | text(500, 1),
    inline=st.booleans(),
    data=st.binary(max_size=50),
)
dates = st.datetimes(datetime(1971, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  (hypothesis wants bare limits)
parsed_mails = st.builds(
    ParsedMail,
    message_id=st.none() | ids,
    in_reply_to=st.lists(ids, max_size=3).map(tuple),
    references=st.lists(ids, max_size=3).map(tuple) | st.just(tuple(f"{n}{'x' * 490}" for n in range(100))),
    date=st.none() | dates,
    from_=st.none() | addresses,
    from_text=text(1000),
    sender=st.none() | addresses,
    reply_to=few_addresses | st.just(tuple(Address("n" * 300, f"a{n}@b.example") for n in range(1000))),
    to=few_addresses,
    cc=few_addresses,
    resent_to=few_addresses,
    delivered_to=st.lists(addresses.map(lambda one: one.address), max_size=2).map(tuple),
    return_path=st.none() | st.just("") | text(320),
    failed_recipients=st.lists(addresses.map(lambda one: one.address), max_size=2).map(tuple),
    subject=text(998) | st.just("[Ticket#2026112410000017]"),
    text=text(2000),
    truncated=st.booleans(),
    html=st.none() | text(2000),
    attachments=st.lists(files, max_size=3).map(tuple),
    auto_submitted=text(200),
    is_automatic=st.booleans(),
    is_bounce=st.booleans(),
    notes=st.just(()),
)


def claimed(*raws: bytes) -> list[InboundMessage]:
    return take_in_many([Arrival(raw=raw, way=InboundMessage.Way.PIPE) for raw in raws], lease=uuid4())


@given(mails=st.lists(parsed_mails, min_size=1, max_size=3))
@on_one_database
def test_whatever_a_parser_may_give_becomes_articles(queue: Queue, mails: list[ParsedMail]) -> None:
    rows = claimed(*[f"Number {number}".encode() for number in range(len(mails))])
    read = [
        IncomingMail(row=row, parsed=mail, html=clean_html(mail.html or ""))
        for row, mail in zip(rows, mails, strict=True)
    ]
    _deliver_group(read)
    found = InboundMessage.objects.filter(pk__in=[row.pk for row in rows])
    assert {row.last_error for row in found} == {""}
    # One that answers another of its batch which is still under way waits a second.
    assert {row.state for row in found} <= {*ENDED, InboundMessage.QUEUED}


@given(seed=st.integers(min_value=0))
@on_one_database
def test_a_damaged_mail_is_delivered_or_kept_with_its_bytes(queue: Queue, seed: int) -> None:
    raw = mutate(MAILS, chance=random.Random(seed))  # noqa: S311  (repeatable, not secret)
    (row,) = claimed(raw)
    deliver([row])
    row.refresh_from_db()
    assert read_bytes(row.raw_id) == raw
    if row.state == InboundMessage.DELIVERED:
        assert row.article is not None
        assert row.article.raw_id == row.raw_id
    elif row.state == InboundMessage.QUARANTINED:
        assert row.last_error == "The mail is empty."
    else:
        assert row.state == InboundMessage.DUPLICATE


def test_every_mail_of_the_corpus_becomes_an_article(queue: Queue) -> None:
    rows = claimed(*MAILS)
    deliver(rows)
    states = dict(InboundMessage.objects.values_list("pk", "state"))
    assert {states[row.pk] for row in rows} == {InboundMessage.DELIVERED}
