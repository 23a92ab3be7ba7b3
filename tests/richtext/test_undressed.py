"""HTML of our own in a page of ours: its formats stay, its look does not."""

import pytest

from richtext.clean import clean_html
from richtext.undressed import undressed


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<h1 align="right">Kop</h1><p style="margin:-900px;color:#fff">een <b>twee</b></p>',
            "<h1>Kop</h1><p>een <b>twee</b></p>",
        ),
        (
            '<table width="2000" bgcolor="black"><tr><td width="9" colspan="2">x</td></tr></table>',
            '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>',
        ),
        ('<font color="#eee" size="7">bleek</font><center>midden</center>', "bleekmidden"),
        (
            '<ol start="3" type="i"><li>x</li></ol><blockquote style="float:right">q</blockquote>',
            '<ol start="3"><li>x</li></ol><blockquote>q</blockquote>',
        ),
        ("<main><nav><p>plek</p></nav></main>", "<p>plek</p>"),
        ("<p>eind</p><p><br></p><div>&nbsp;</div>", "<p>eind</p>"),
        (f"<p>eind</p>{'<div><br></div>' * 5000}", "<p>eind</p>"),
        ("a &amp; b &lt;script&gt;", "a &amp; b &lt;script&gt;"),
    ],
)
def test_formats_stay_and_nothing_else(html: str, shown: str) -> None:
    assert undressed(clean_html(html)) == shown


def test_links_open_a_window_of_their_own_and_images_keep_their_address() -> None:
    html = undressed(
        clean_html('<a href="https://kvv.example/">x</a>').replace(
            "</a>", '</a><img src="/t/1/" height="900">'
        )
    )
    assert html == (
        '<a href="https://kvv.example/" target="_blank" rel="noopener noreferrer">x</a><img src="/t/1/">'
    )


def test_what_we_mark_stays_marked() -> None:
    marked = '<details class="quoted"><summary>Eerder</summary></details><span class="blocked">Beeld</span>'
    assert undressed(marked.replace('class="blocked"', 'class="blocked btn"')) == marked
