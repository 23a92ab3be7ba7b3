"""Letters are read on the ground that is left, whatever cleaning and hiding took away."""

import pytest

from richtext.clean import clean_html
from richtext.convert import has_remote_content, hide_remote_content
from richtext.dress import without_copied_dress

AWAY = "url(https://away.example/grond.jpg)"
READ = "#1f1c19"
ON_WHITE = [
    '<div style="background-image:url(cid:a@b);color:#fff">tekst</div>',
    '<style>.a{background:#000}</style><div class="a" style="color:#fff">tekst</div>',
    '<style>.a{background:#000}</style><div class="a"><font color="white">tekst</font></div>',
    '<div style="background:url(/ours.png);color:WHITE">tekst</div>',
    '<div style="position:fixed;background:image-set(url(https://a.example/x) 1x);color:#fffffe">tekst</div>',
    '<div bgcolor="black" style="color:rgb(250 250 250 / 90%)">tekst</div>',
    '<div style="color:rgba(0,0,0,0)">tekst</div>',
    '<p style="color:hsl(60, 100%, 95%) !important">tekst</p>',
    '<p style="background:#000;background:none;color:#fff">tekst</p><p style="color:transparent">tekst</p>',
]
UNTIL_ASKED_FOR = [
    f'<div style="background-image:{AWAY};color:#fff">tekst</div>',
    f'<div style="background:{AWAY} no-repeat center;color:#fff">tekst</div>',
    f'<div style="background:{AWAY}"><p><font color="#fff">tekst</font></p></div>',
    '<table background="https://away.example/x"><tr><td style="color:white">tekst</td></tr></table>',
    '<table><tr><td background="https://away.example/x" style="color:white">tekst</td></tr></table>',
    '<body background="https://away.example/x" text="#ffffff"><p>tekst</p></body>',
    f'<body style="background:{AWAY};color:#fff"><p>tekst</p></body>',
]
AS_IT_CAME = [
    '<td bgcolor="#003366" style="color:#fff">tekst</td>',
    '<div style="background:#003366;color:#fff">tekst</div>',
    '<div style="background-color:rgb(0,51,102)"><p><span style="color:#fff">tekst</span></p></div>',
    '<div style="background:linear-gradient(#000, #036);color:#fff">tekst</div>',
    '<p style="color:#999">bleek</p><p style="color:var(--x)">x</p><p style="color:inherit">x</p>',
    '<p style="color:#c00">rood</p><font color="navy">blauw</font>',
    '<P STYLE="BACKGROUND : #003366; Color:#fff">tekst</P>',
]


@pytest.mark.parametrize("html", ON_WHITE)
def test_letters_that_lost_their_ground_are_dark(html: str) -> None:
    cleaned = clean_html(html)
    assert READ in cleaned
    assert not any(light in cleaned.lower() for light in ("#fff", "white", "transparent", "rgb", "hsl"))


@pytest.mark.parametrize("html", UNTIL_ASKED_FOR)
def test_a_ground_from_elsewhere_comes_when_asked_for_and_until_then_letters_are_dark(html: str) -> None:
    cleaned = clean_html(html)
    assert has_remote_content(cleaned)
    assert READ not in cleaned
    hidden = hide_remote_content(cleaned, word="Weg")
    assert READ in hidden
    assert not any(light in hidden.lower() for light in ("#fff", "white"))


@pytest.mark.parametrize("html", AS_IT_CAME)
def test_colours_that_can_be_read_stay(html: str) -> None:
    wrapped = f"<table><tr>{html}</tr></table>" if html.startswith("<td") else html
    cleaned = clean_html(wrapped)
    assert READ not in cleaned
    assert [piece for piece in ("#fff", "#999", "#c00") if (piece in html) != (piece in cleaned)] == []


def test_a_plain_ground_stays_where_its_image_is_taken_away() -> None:
    cleaned = clean_html(f'<div style="background:#003366 {AWAY} no-repeat;color:#fff">tekst</div>')
    hidden = hide_remote_content(cleaned, word="Weg")
    assert "background-color:#003366" in hidden
    assert "color:#fff" in hidden


def test_light_letters_come_back_on_a_dark_ground_further_in() -> None:
    html = '<table style="color:#fff"><tr><td>a</td><td bgcolor="#003366">b</td></tr></table>'
    assert clean_html(html).replace(" ", "").count("color:#ffffff") == 1


def test_a_page_leaves_its_ground_to_the_mail() -> None:
    dark = clean_html('<body bgcolor="#000000" text="#ffffff"><p>a</p><font color="white">b</font></body>')
    assert dark.startswith('<div style="background-color:#000000;color:#ffffff">')
    assert READ not in dark
    assert clean_html('<body bgcolor="#FFFFFF" text="#000000"><p>a</p></body>') == "<p>a</p>"


def test_dark_letters_on_a_dark_ground_become_light() -> None:
    assert 'style="color:#ffffff"' in clean_html('<table><tr><td bgcolor="#111">a</td></tr></table>')


COPIED = (
    "color: rgb(236, 231, 223); font-size: 15px; orphans: 2; -webkit-text-stroke-width: 0px; padding: 12px"
)


def test_what_a_browser_copied_along_is_taken_off_outside_what_is_quoted() -> None:
    text = f'<p>a</p><pre style="{COPIED}">b <b style="background:#222;font-weight:400">c</b></pre>'
    assert without_copied_dress(text) == '<p>a</p><pre>b <b style="font-weight:400">c</b></pre>'
    for kept in (
        f'<blockquote type="cite">{text}</blockquote>',
        '<p style="color:#c00">ons</p>',
    ):
        assert without_copied_dress(kept) == kept


def test_a_dress_of_any_length_is_read_once() -> None:
    style = "background:#000;" * 2000
    assert clean_html(f'<p style="{style}color:#fff">x</p>').startswith("<p")
