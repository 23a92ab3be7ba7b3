"""Which files a mail's HTML shows, read as browsers and mail programs read it; no other counts as shown."""

from dataclasses import dataclass

import pytest

from richtext.clean import clean_html
from richtext.convert import rewrite_cids
from richtext.images import shown_images
from tests.richtext.test_changed import Read


@dataclass(frozen=True)
class File:
    content_id: str | None
    content_type: str = "image/png"


SHOWN = [
    '<img src="cid:deel1@post.example">',
    "<img src='\n  cid:deel1@post.example'>",
    "<img src='\x01\x1f cid:deel1@post.example \t'>",
    "<img src='c\nid:de\tel1@post.exam\r\nple'>",
    '<IMG SRC="CID:deel1@post.example">',
    '<img src="Cid:Deel1@Post.Example">',
    '<img src="cid:deel1%40post.example">',
    '<img src="cid:&#100;eel1&#64;post.example">',
    '<img src="cid:%3Cdeel1@post.example%3E">',
    '<img src="cid:<deel1@post.example>">',
    "<img src=cid:deel1@post.example>",
    '<img alt="a > b" src="cid:deel1@post.example" width="200" style="display:inline">',
    '<p style="display:none">x</p><img src="cid:deel1@post.example">',
    '<p style="display:none"><b>x</p><img src="cid:deel1@post.example">',
    *(
        f'<p style="{style}"><img src="cid:deel1@post.example" style="{style}"></p>'
        for style in (
            *("width:3px", "width:2em", "WIDTH:0.2IN", "height:12.5pt", "max-width:100%", "width:auto"),
            *("margin:0 auto", "margin:-20px -1em", "margin-left:36pt;text-indent:-18.0pt", "line-height:0"),
        )
    ),
]
UNSEEN = [
    "<p>cid:deel1@post.example</p>",
    '<a href="cid:deel1@post.example">foto</a>',
    '<p title="<img src=cid:deel1@post.example>">x</p>',
    '<!-- <img src="cid:deel1@post.example"> -->',
    '<!--[if mso]><img src="cid:deel1@post.example"><![endif]-->',
    '<style>p { background: url("cid:deel1@post.example") }</style>',
    '<td background="cid:deel1@post.example"><p style="background:url(cid:deel1@post.example)">x</p></td>',
    '<object data="cid:deel1@post.example"></object><video poster="cid:deel1@post.example"></video>',
    '<v:imagedata src="cid:deel1@post.example">',
    '<img src="cid:deel1@post.example" width="0" height="0">',
    '<img src="cid:deel1@post.example" width="2px">',
    '<img src="cid:deel1@post.example" style="DISPLAY:None">',
    '<img src="cid:deel1@post.example" style="max-height:0">',
    '<div style="display:none"><p>x<img src="cid:deel1@post.example"></p></div>',
    *(f'<img src="cid:deel1@post.example" width="{width}">' for width in ("00", " 0.0", "1.9px", "1%")),
    *(
        f'<img src="cid:deel1@post.example" style="color:red;{side}:{length}">'
        for side in ("width", "max-height")
        for length in ("0pt", "0em", "0.0px", "-0", "+.1EX", "1e-3in", "calc(0px)", "0 ! important")
    ),
    *(
        f'{before} style="{style}">x{after}'
        for style in (
            *("margin-left:-9999px", "margin:0 0 0 -9999px", "margin-top:-99em", "Margin-Left:-1e4px"),
            *("text-indent:-9999px", "text-indent:-100%", "text-indent:9999px", "margin:calc(0px - 9999px)"),
        )
        for before, after in (
            ('<img src="cid:deel1@post.example"', ""),
            ("<div", '<p><b>x<img src="cid:deel1@post.example"></b></p></div>'),
        )
    ),
    '<div style="max-width:0em"><p>x<img src="cid:deel1@post.example"></p></div>',
    '<img src="cid:deel1@post.example.nl">',
    '<img src="deel1@post.example">',
    "",
]


@pytest.mark.parametrize(
    ("html", "is_shown"), [(each, True) for each in SHOWN] + [(each, False) for each in UNSEEN]
)
def test_a_file_counts_as_shown_if_and_only_if_a_reader_sees_it(html: str, *, is_shown: bool) -> None:
    file = File("deel1@post.example")
    cleaned = clean_html(html)
    assert bool(shown_images(cleaned, [file])) == is_shown
    assert bool(shown_images(html, [file], is_clean=False)) == is_shown
    if is_shown:
        assert ("src", "/1/") in Read(
            rewrite_cids(cleaned, dict.fromkeys(shown_images(cleaned, [file]), "/1/"))
        ).attributes


@pytest.mark.parametrize("content_id", ["%20", "<>", "<%20>", "\x01", "%3C%3E"])
def test_a_file_whose_id_is_nothing_is_shown_nowhere(content_id: str) -> None:
    html = '<img src="https://elders.example/x.png"><img src="cid:%20"><img src="cid:"><img>'
    file = File(content_id)
    for shown in (shown_images(clean_html(html), [file]), shown_images(html, [file], is_clean=False)):
        assert shown == {}
    assert "/1/" not in rewrite_cids(clean_html(html), {content_id: "/1/"})


def test_of_two_files_with_one_id_the_first_is_shown() -> None:
    first, second = File("a@b"), File("A@b", "image/jpeg")
    assert list(shown_images('<img src="cid:a@b">', [first, second]).values()) == [first]


@pytest.mark.parametrize(
    "content_type", ["image/svg+xml", "image/tiff", "application/octet-stream", "text/html"]
)
def test_what_a_browser_is_not_given_to_show_is_not_shown(content_type: str) -> None:
    assert not shown_images('<img src="cid:a@b">', [File("a@b", content_type), File(None), File("")])
