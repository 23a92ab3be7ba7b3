"""HTML of strangers: harmless when stored, silent when shown; texts of admins get their links."""

import re
from html import escape

import pytest
from django.utils.html import urlize
from hypothesis import given
from hypothesis import strategies as st

from richtext.admin_texts import AdminTextTooLong, linkify_admin_text
from richtext.clean import clean_html
from richtext.convert import has_remote_content, hide_remote_content, html_to_text, rewrite_cids, text_to_html
from richtext.links import with_links


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick=alert(1)>x</p>",
        '<a href="javascript:alert(1)">x</a>',
        '<img src=x onerror="alert(1)">',
        "<svg><script>alert(1)</script></svg>",
        '<iframe src="https://evil.example"></iframe>',
        '<form action="https://evil.example"><input name=password></form>',
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
        "<style>body{display:none}</style>",
        '<p style="position:fixed;top:0">x</p>',
        '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    ],
)
def test_what_could_act_is_gone(html: str) -> None:
    clean = clean_html(html).lower()
    for word in (
        "<script",
        "onclick",
        "onerror",
        "javascript:",
        "<iframe",
        "<form",
        "<meta",
        "<style",
        "fixed",
    ):
        assert word not in clean


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://away.example/a.png" alt="a">',
        "<img src='//away.example/a.png'>",
        '<img alt="b" src=http://away.example/a.png>',
        '<p style="background: url(https://away.example/a.png)">x</p>',
        "<p style=\"background: url('https://away.example/a.png')\">x</p>",
    ],
)
def test_nothing_is_fetched_from_elsewhere_until_asked_for(html: str) -> None:
    cleaned = clean_html(html)
    shown = hide_remote_content(cleaned, word="Weg")
    assert not has_remote_content(shown)
    assert has_remote_content(cleaned) == (cleaned != shown)


@pytest.mark.parametrize("data", ["data:image/png;base64,iV//BORw0KGgo=", "data:image/gif;base64,//8="])
def test_an_image_that_came_along_is_not_from_elsewhere(data: str) -> None:
    html = clean_html(f'<img src="{data}"><p style="background:url({data})">x</p>')
    assert html.count(data) == 2
    assert not has_remote_content(html)
    assert hide_remote_content(html, word="Weg") == html


def test_links_and_images_of_the_mail_itself_stay() -> None:
    html = clean_html('<a href="https://a.example/">a</a><img src="cid:x@y" alt="x">')
    images = {"x@y": "/tickets/1/bijlagen/2/"}
    for shown in (rewrite_cids(html, images), hide_remote_content(html, word="Weg", images=images)):
        assert 'href="https://a.example/"' in shown
        assert 'src="/tickets/1/bijlagen/2/"' in shown


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        ('<img src="https://a.example/b/logo.png?x=1" alt="Ons <b>logo">', "Weg: Ons &lt;b&gt;logo"),
        ('<img src="https://a.example/b/logo.png?x=1">', "Weg: logo.png"),
        ('<img src="https://a.example/">', ">Weg<"),
    ],
)
def test_where_an_image_from_elsewhere_would_be_a_word_says_so(image: str, shown: str) -> None:
    assert shown in hide_remote_content(clean_html(f"<p>Hallo {image}</p>"), word="Weg")


@pytest.mark.parametrize("worn", ['width="1" height="1"', 'style="height:0"', 'style="display:none"'])
def test_a_dot_that_counts_readers_leaves_nothing(worn: str) -> None:
    html = clean_html(f'<p>Hallo<img src="https://a.example/t.gif" {worn}></p>')
    assert "Weg" not in hide_remote_content(html, word="Weg")


def test_plain_text_keeps_its_lines_and_gets_links() -> None:
    html = text_to_html("Zie https://kvv.example/a?b=1&c=2\nen <b>niet</b> vet.\n\nGroet")
    assert 'href="https://kvv.example/a?b=1&amp;c=2"' in html
    assert "<br>" in html
    assert "&lt;b&gt;niet&lt;/b&gt;" in html
    assert html.count("<p>") == 2


def test_html_becomes_readable_text() -> None:
    text = html_to_text("<p>Hallo</p><ul><li>een</li><li>twee</li></ul><blockquote>oud</blockquote>")
    assert text.startswith("Hallo")
    assert "> oud" in text


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("<p>Zie www.demo.org.</p>", '<p>Zie <a href="http://www.demo.org">www.demo.org</a>.</p>'),
        ("jan@demo.org", '<p><a href="mailto:jan@demo.org">jan@demo.org</a></p>'),
        ("(http://y.nl)", '<p>(<a href="http://y.nl">http://y.nl</a>)</p>'),
        (
            "http://y.nl/?a=1&amp;b=2",
            '<p><a href="http://y.nl/?a=1&amp;b=2">http://y.nl/?a=1&amp;b=2</a></p>',
        ),
        ('<a href="http://x.nl"><b>www.y.nl</b></a>', '<p><a href="http://x.nl"><b>www.y.nl</b></a></p>'),
        ("Hoi <KVV_CUSTOMER_REALNAME>,", "<p>Hoi &lt;KVV_CUSTOMER_REALNAME&gt;,</p>"),
        ("<KVV_A>http://y.nl", "<p>&lt;KVV_A&gt;http://y.nl</p>"),
        (
            "http://y.nl/<OTRS_TICKETID>.",
            '<p><a href="http://y.nl/&lt;OTRS_TICKETID&gt;">http://y.nl/&lt;OTRS_TICKETID&gt;</a>.</p>',
        ),
        ("1 &lt; 2 &amp; 3", "<p>1 &lt; 2 &amp; 3</p>"),
    ],
)
def test_an_admins_text_gets_links_and_keeps_its_placeholders(typed: str, made: str) -> None:
    shown = re.sub(r' (?:rel|target)="[^"]*"', "", linkify_admin_text(typed))
    assert shown == made


def test_an_admins_text_has_a_limit() -> None:
    with pytest.raises(AdminTextTooLong):
        linkify_admin_text("x" * 10_241)


OURS = (
    "/tickets/1/",
    "//x.example/a",
    "http:/tickets/1/",
    "https:tickets/1/",
    "HTTP:\\\\x.example",
    "https:///x",
)
MORE = (
    "ht\ttp:/tickets/1/",
    "\x01https:/x",
    " http:/x",
    "http:?x",
    "http:#x",
    "https://?x",
    "https://#",
    "http:",
)


@pytest.mark.parametrize("address", [*OURS, *MORE])
def test_what_a_browser_reads_as_an_address_of_ours_is_none(address: str) -> None:
    cleaned = clean_html(f'<a href="{escape(address)}">x</a><img src="{escape(address)}" alt="y">')
    assert "href=" not in cleaned
    assert "src=" not in cleaned


@pytest.mark.parametrize(
    "address", ["https://x.example/a b", "http://X.example", "ht\ntps://x.example/", " https://x"]
)
def test_an_address_with_a_host_stays_one(address: str) -> None:
    cleaned = clean_html(f'<a href="{escape(address)}">x</a><img src="{escape(address)}" alt="y">')
    assert cleaned.count("//") == 2
    assert "\n" not in cleaned


WORDS = 'www.kvv.example https://kvv.example/a?b=1&c kvv.org a@kvv.example ( ). <b> " : &amp; Hoi. een b.v. ;'


@given(st.lists(st.sampled_from([*WORDS.split(), " ", "\n", "\r\n", "\x1c", "\u2028", "\xa0"])).map("".join))
def test_leaving_lines_without_an_address_out_misses_none(text: str) -> None:
    assert with_links(text) == urlize(text, nofollow=True, autoescape=True)
