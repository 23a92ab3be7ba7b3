"""Twice as much HTML costs at most three times as long, whatever it is made of.

Asked of each character of the Basic Multilingual Plane that cleaning writes otherwise than it stands there,
in texts and in values, and of each element and attribute that it keeps; of cleaning and of all that is done
with what was cleaned. A cost that grows with the square is four times as much.
"""

import time
from collections.abc import Callable, Iterator
from typing import Final

from benchmarks.fuzz.one import Finding
from richtext.clean import ATTRIBUTES, TAGS, clean_html
from richtext.convert import has_remote_content, hide_remote_content, html_to_text, rewrite_cids
from richtext.dress import without_copied_dress
from richtext.fold import Earlier, fold_html, fold_text
from richtext.images import shown_images
from richtext.tokens import VOID
from tickets.letters.strangers_words import can_be_followed

CHARACTERS: Final = 40_000
MOST_TIMES: Final = 3.0
# Below this nobody waits, and the clock tells more of the machine than of the work.
LEAST_SECONDS: Final = 0.02
TRIES: Final = 20
_AT_ONCE = 256
_SURROGATES = range(0xD800, 0xE000)
_WRITTEN = ("&amp;", "&nbsp;", "&#160;", "&lt;", "&gt;", "&quot;", "&#39;", "&#x10FFFF;", "&nothing;", "&x")
_STYLES = (
    "color:#fff;",
    "background:#000;",
    "background:url(https://a.nl);",
    "a:",
    "(",
    "/*",
    "url(",
    '"',
    "\\",
)
_WORDS = ("-aa.", "-\u2491", "a.", "aa-", "aa.pdf.")
_VALUES = {
    "style": "color:#fff;background:url(https://a.nl/x)",
    "src": "cid:a",
    "href": "https://a.nl/",
    "background": "https://a.nl/x",
    "color": "#fff",
    "bgcolor": "#000",
    "type": "cite",
}


def grows_too_fast() -> Iterator[Finding]:
    """What costs more than it may, with the HTML of which there was too much."""
    for number, (name, piece) in enumerate(pieces()):
        times = CHARACTERS // len(piece) or 1
        if why := _why(piece * times, piece * times * 2):
            yield Finding(number=number, raw=(piece * times * 2).encode(), why=f"{name}: {why}")


def pieces() -> Iterator[tuple[str, str]]:
    """What is repeated, each with a name. One value of many signs is one piece, as are many of one."""
    for sign in (*_changed_signs(), *_WRITTEN):
        yield f"text {sign!r}", sign
        for attribute in ("title", "href", "style"):
            yield f"{attribute} {sign!r}", f'<p><a {attribute}="https://a.nl/?{sign * 50}">x</a></p>'
        yield f"one value {sign!r}", f'<p title="{sign * (CHARACTERS // 2)}">x</p>'
    for words in _WORDS:
        yield f"words {words!r}", words
    yield "lines of dashes", f"op schreef {'-' * 480}x\n{'-' * 490}x<br>\n"
    for style in _STYLES:
        yield f"style {style!r}", f"<p style='{style * (CHARACTERS // len(style) // 2)}'>x</p>"
    for tag in sorted(TAGS):
        yield f"<{tag}>", f"<{tag}>"
        yield f"</{tag}>", f"</{tag}>x"
        if tag not in VOID:
            yield f"<{tag}></{tag}>", f"<{tag}>x</{tag}>"
            yield f"<{tag}><p>", f"<{tag} title=x><p>"
    for tag, attributes in sorted(ATTRIBUTES.items()):
        for attribute in sorted(attributes):
            name, value = "div" if tag == "*" else tag, _VALUES.get(attribute, "1")
            yield f"<{name} {attribute}>", f'<{name} {attribute}="{value}">x'
            yield f"<{name} {attribute} …>", f'<{name} {attribute}="{value}{"&amp;" * 2000}">x</{name}>'


def _changed_signs() -> Iterator[str]:
    for start in range(0, 0x10000, _AT_ONCE):
        signs = [chr(code) for code in range(start, start + _AT_ONCE) if code not in _SURROGATES]
        if signs and _is_changed("".join(signs)):
            yield from filter(_is_changed, signs)


def _is_changed(signs: str) -> bool:
    html = f'<p title="{signs}">{signs}</p>'
    return clean_html(html) != html


def _why(once: str, twice: str) -> str:
    for name, work in _works(once, twice).items():
        if not _is_in_proportion(work):
            return name
    return ""


def _works(*htmls: str) -> dict[str, Callable[[int], object]]:
    """What is done with HTML from outside: of the one and of what is twice as long, by 0 and 1."""
    cleaned = [clean_html(html) for html in htmls]
    images = {"a": "/1/"}
    return {
        "clean_html": lambda which: clean_html(htmls[which]),
        "shown_images of what came in": lambda which: shown_images(htmls[which], [_Image()], is_clean=False),
        "shown_images": lambda which: shown_images(cleaned[which], [_Image()]),
        "rewrite_cids": lambda which: rewrite_cids(cleaned[which], images),
        "has_remote_content": lambda which: has_remote_content(cleaned[which]),
        "hide_remote_content": lambda which: hide_remote_content(cleaned[which], word="x", images=images),
        "html_to_text": lambda which: html_to_text(cleaned[which]),
        "fold_html": lambda which: fold_html(cleaned[which], Earlier(["x y z"]), summary=str),
        "can_be_followed": lambda which: can_be_followed(htmls[which]),
        "fold_text": lambda which: fold_text(htmls[which], Earlier(["x y z"])),
        "without_copied_dress": lambda which: without_copied_dress(htmls[which]),
    }


class _Image:
    content_id = "a"
    content_type = "image/png"


def _is_in_proportion(work: Callable[[int], object]) -> bool:
    """Whether the best of some tries is; other programs take their share of a machine's time."""
    once = twice = float("inf")
    for _try in range(TRIES):
        once, twice = min(once, _seconds(work, 0)), min(twice, _seconds(work, 1))
        if twice < max(LEAST_SECONDS, MOST_TIMES * once):
            return True
    return False


def _seconds(work: Callable[[int], object], which: int) -> float:
    began = time.process_time()
    work(which)
    return time.process_time() - began
