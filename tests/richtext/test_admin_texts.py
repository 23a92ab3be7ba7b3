"""Texts of admins, however written: blocks, with the lines that were typed, and a place to go on."""

import pytest

from richtext.admin_texts import as_blocks, linkify_admin_text, with_place_to_write
from richtext.clean import clean_html
from richtext.convert import html_to_text

PLAIN = "Hallo <KVV_CUSTOMER_REALNAME>,\n\nLeuk & fijn dat je <3 schrijft!\r\nMail Rik <rik@post.example>."
READ = "Hallo <KVV_CUSTOMER_REALNAME>,\n\nLeuk & fijn dat je <3 schrijft!\nMail Rik <rik@post.example>."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (PLAIN, READ),
        (linkify_admin_text(PLAIN), READ),
        ("Zo &amp; zo\nen verder", "Zo & zo\nen verder"),  # kept before line breaks were
        ('Met <b>groet</b>,\n<a href="https://x.example">wij</a>', "Met groet,\nwij <https://x.example>"),
        ("<p>Twee\nwoorden</p>los<p>eind</p>", "Twee woorden\n\nlos\n\neind"),
    ],
    ids=["typed", "saved twice", "stored", "words alone marked", "HTML"],
)
def test_what_was_typed_as_lines_stays_lines(written: str, read: str) -> None:
    assert html_to_text(as_blocks(written)) == read
    assert html_to_text(linkify_admin_text(written)).replace("\n\n\n", "\n\n") == read


@pytest.mark.parametrize(
    "written",
    [
        "woord",
        "<b>woord",
        "<p>woord</p> en <i>nog</i> een",
        "woord<br>woord",
        "<b>in <p>blok</p></b>",
        "</div>x",
    ],
)
def test_each_text_is_blocks_of_its_own_when_texts_are_joined(written: str) -> None:
    alone = html_to_text(as_blocks(written))
    joined = as_blocks("<p>voor</p>") + as_blocks(written) + as_blocks("achter")
    assert html_to_text(joined) == f"voor\n\n{alone}\n\nachter"
    assert as_blocks(as_blocks(written)) == as_blocks(written)


HERE = "<p data-here><br></p>"


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("", HERE),
        ("<p></p>", HERE),
        ("<p>a</p><p>b <b>c</b></p>", "<p>a</p><p data-here>b <b>c</b></p>"),
        ("<p>a</p><p><br></p>", "<p>a</p><p data-here><br></p>"),
        ("<ul><li>a</li><li>b</li></ul>", "<ul><li>a</li><li data-here>b</li></ul>"),
        ("<div><p>a</p>b</div>", "<div data-here><p>a</p>b</div>"),
        ("<blockquote><p>a</p></blockquote>", f"<blockquote><p>a</p></blockquote>{HERE}"),
        ("<hr><dl><dd>a</dd></dl>", f"<hr><dl><dd>a</dd></dl>{HERE}"),
    ],
)
def test_one_goes_on_at_the_end_of_the_last_paragraph_and_the_mark_never_leaves(
    html: str, marked: str
) -> None:
    assert with_place_to_write(html) == marked
    assert "data-here" not in clean_html(marked)


def test_what_an_admin_writes_is_cleaned_and_closed() -> None:
    hostile = '<div><b onclick="x()">vet<script>alert(1)</script><p data-here>lang'
    assert as_blocks(hostile) == "<div><b>vet<p>lang</p></b></div>"
