"""Reading a page as its reader does."""

import re
from typing import Any


def text(answer: Any) -> str:
    """The page in one line, each gap one space."""
    return " ".join(answer.content.decode().split())


def untokened(answer: Any) -> bytes:
    """The page without its forms' tokens, which are others each time: else two pages can be the same."""
    page: bytes = re.sub(rb'(name="csrfmiddlewaretoken" value=")\w+', rb"\1", answer.content)
    return page


def numbers(answer: Any) -> list[str]:
    """The numbers of the tickets in a list, in its order."""
    pieces = answer.content.decode().split('<td class="c-nr">')[1:]
    return [piece.partition("</a>")[0].rpartition(">")[2] for piece in pieces]


HTMX = {"HX-Request": "true"}
"""How htmx asks: for a part of a page, as a dialog alone."""


def box(page: Any, name: str) -> str:
    """A box of the dashboard."""
    return text(page).partition(f'id="box-{name}"')[2].partition("</section>")[0]
