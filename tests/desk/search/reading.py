"""A page of results as its reader sees it."""

import re
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tests.desk.reading import HTMX, text

VALUE = re.compile(
    r'<a href="[^"]*"( aria-current="true")?>.*?class="facet__name">(.*?)</span><span class="n">(\d+)'
)


def look(desk: Client, typed: str = "", *, counts: bool = False, part: bool = False, **asked: Any) -> Any:
    """The page of this search, or its counts; `part`: as htmx asks for it."""
    query = urlencode({"q": typed, **asked}, doseq=True)
    path = "/zoeken/aantallen/" if counts else "/zoeken/"
    return desk.get(f"{path}?{query}", headers=HTMX if part else None)


def hits(answer: Any) -> list[str]:
    """The numbers of the tickets that were found, in order."""
    return re.findall(r'<a id="t(\d+)" href="/tickets/', text(answer))


def facets(answer: Any) -> dict[str, dict[str, int]]:
    """By the word of each facet its values, chosen ones with a star, and how many tickets they have."""
    found: dict[str, dict[str, int]] = {}
    for box in text(answer).split('<section class="box facet"')[1:]:
        word = re.search(r"<h2[^>]*>([^<]+)</h2>", box)
        assert word
        found[word[1]] = {
            re.sub(r"<[^>]+>", "", name) + ("*" if chosen else ""): int(count)
            for chosen, name, count in VALUE.findall(box)
        }
    return found


def address_of(answer: Any, words: str) -> str:
    """Where the link with these words leads."""
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>(?:(?!</a>).)*{re.escape(words)}', text(answer))
    assert found, words
    return found[1].replace("&amp;", "&")
