"""Whatever is changed in a mail's HTML after cleaning, cleaning it once more finds nothing to remove."""

from html import escape
from html.parser import HTMLParser

import pytest

from richtext.clean import clean_again, clean_html
from richtext.convert import has_remote_content, hide_remote_content, quote_html, rewrite_cids
from richtext.fold import Earlier, fold_html
from richtext.styles import declarations

IMAGES = {"logo": "/tickets/1/bijlagen/2/", "foo": "/tickets/1/bijlagen/3/"}
EVIL = "onerror=alert(1) style=position:fixed;inset:0 srcset=https://evil.example/x class=btn"
QUOTED = "Wanneer begint het kamp van de welpen precies?"
HOSTILE = [
    f'<img alt=" src=cid:logo {EVIL} x=" src="cid:foo">',
    f"<img alt=' src=\"cid:logo\" {EVIL} x=' src='cid:foo'>",
    f'<img title="><img src=cid:logo {EVIL}>" src="cid:logo">',
    f'<img src="https://away.example/a.png" alt="\'\\"><img src=x {EVIL}>">',
    f'<img src="https://away.example/a.png?&quot; {EVIL}">',
    f'<p title="background=&quot;//x&quot; url(//y {EVIL}" style="background:url(https://away.example/x)">x</p>',
    f"<p style=\"background:url('https://away.example/x&quot; {EVIL}')\">x</p>",
    f'<td background="https://away.example/&quot; {EVIL}">x',
    f'<p>Ja.</p><blockquote title="</blockquote><img src=x {EVIL}>">{QUOTED}</blockquote>',
    f'<p title="<blockquote>{escape(EVIL)}">Ja.</p>{quote_html(QUOTED)}',
    '<details class="quoted btn"><summary class="blocked">x</summary></details><img data-attachment="1">',
    '<img src="cid:a&quot;b"><img src="cid:%22%3E%3Cscript%3E">',
    "<p style=\"background:image-set('/tickets/1/' 1x)\">x</p>",
    '<p style="background:u\\72l(/tickets/1/)">x</p>',
    '<table background="/tickets/1/"><tr><td background="cid:logo">x</table>',
]
KNOWN = {"alt", "background", "class", "colspan", "href", "rel", "src", "style", "target", "title", "type"}


class Read(HTMLParser):
    """What attributes a reader of the HTML finds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]


def outputs(html: str) -> dict[str, str]:
    cleaned = clean_html(html)
    images = {**IMAGES, 'a"b': "/tickets/1/bijlagen/4/", '"><script>': "/tickets/1/bijlagen/5/"}
    folded = fold_html(cleaned, Earlier([QUOTED]), summary=lambda n: f"{n} &lt;regel&gt;")
    return {
        "cids": rewrite_cids(cleaned, images),
        "hidden": hide_remote_content(cleaned, word='W"<eg>', images=images),
        "fold": rewrite_cids(folded, images),
        "fold hidden": hide_remote_content(folded, word="Weg", images=images),
    }


@pytest.mark.parametrize("html", HOSTILE)
def test_each_output_is_clean_already(html: str) -> None:
    for name, output in outputs(html).items():
        addresses = {
            value: value for value in (*IMAGES.values(), *(f"/tickets/1/bijlagen/{n}/" for n in (4, 5)))
        }
        assert clean_again(output, images=addresses) == output, name
        read = Read(output).attributes
        assert {attribute for attribute, _value in read} <= KNOWN, (name, output)
        styles = [declarations(value) for attribute, value in read if attribute == "style"]
        assert "position" not in [name for style in styles for name, _value in style]
        if "hidden" in name:
            assert not has_remote_content(output), output
            assert not [v for a, v in read if a in ("src", "style", "background") and "//" in v]


def test_an_address_in_a_text_is_no_address() -> None:
    cleaned = clean_html(HOSTILE[0])
    assert rewrite_cids(cleaned, {"logo": "/elsewhere/"}) == cleaned
    assert Read(rewrite_cids(cleaned, IMAGES)).attributes[-1] == ("src", IMAGES["foo"])


def test_only_the_images_that_are_named_may_have_an_address_of_ours() -> None:
    assert "src" not in clean_again('<img src="/tickets/9/"><a href="/tickets/9/">x</a>', images=IMAGES)
    assert "href" not in clean_again('<a href="/tickets/1/bijlagen/2/">x</a>', images=IMAGES)


def test_where_it_is_silent_an_image_whose_id_is_nobodys_is_asked_for_nowhere() -> None:
    foreign = clean_html('<img src="cid:of-an-earlier-mail@post.example" alt="logo">')
    assert "src" not in clean_again(foreign, images=IMAGES, silent=True)
    assert 'alt="logo"' in clean_again(foreign, images=IMAGES, silent=True)
    assert "cid:of-an-earlier-mail@post.example" in clean_again(foreign, images=IMAGES)


def test_what_is_folded_keeps_its_mark_and_a_mail_can_not_give_it_to_itself() -> None:
    assert 'class="quoted"' in outputs(f"<p>Ja.</p>{quote_html(QUOTED)}")["fold"]
    assert "class" not in clean_html('<details class="quoted"><summary>x</summary></details>')
