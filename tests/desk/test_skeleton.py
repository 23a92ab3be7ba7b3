"""A row's template, made once: what strangers wrote is put in, and never read."""

from html import escape

from desk.lists.rows import HOLES
from desk.skeleton import Skeleton, hole

CONTEXT = {
    "tick_cell": "",
    "is_archive": False,
    "address": hole("path"),
    **{name: hole(name) for name in HOLES},
}
WORDS = dict.fromkeys((*HOLES, "path"), "")


def test_a_word_stands_where_its_hole_was() -> None:
    row = Skeleton("desk/lists/_row.html", CONTEXT).filled(**WORDS | {"title": "Kamp", "number": "7"})

    assert ">Kamp</a>" in row
    assert 'id="t7"' in row


def test_what_looks_like_a_hole_or_a_percentage_in_a_subject_is_shown_as_it_is() -> None:
    titles = ("100% %(sender)s %s", hole("sender"), "{sender} sender NUMBER", escape("<b>"))
    skeleton = Skeleton("desk/lists/_row.html", CONTEXT | {"address": "/tickets/7/?from=%3A"})

    for title in titles:
        row = skeleton.filled(**WORDS | {"title": title, "sender": "wie"})
        assert f">{title}</a>" in row
        assert row.count("wie") == 1
        assert 'href="/tickets/7/?from=%3A"' in row
