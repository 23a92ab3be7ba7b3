"""Cleaned HTML as lines and elements, each with its place: to fold a part of it that is well nested."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from richtext.plain import INVISIBLE, breaks_line
from richtext.tokens import TAG, VOID, unescape


@dataclass(frozen=True, slots=True)
class Part:
    """A place in HTML, and the ends of the elements that follow each other from there on its level."""

    start: int
    ends: list[int]


class Outline:
    """The lines of cleaned HTML with their places, the images, and how deep each tag leads."""

    def __init__(self, html: str) -> None:
        self._html = html
        self.lines: list[str] = []
        self._starts: list[int] = []
        self.ends: list[int] = []
        self._seen: list[int] = []  # where anything is that is seen
        self._images: list[int] = []
        self._tags: list[tuple[int, int]] = []
        self._depths: list[int] = []  # behind each tag
        self._line: list[str] = []
        self._read()

    def _read(self) -> None:
        place = depth = 0
        for tag in TAG.finditer(self._html):
            self._text(place, tag.start())
            place, name = tag.end(), tag[2].lower()
            if breaks_line(name):
                self._end_line()
            if name == "img":
                self._images.append(tag.start())
                self._seen.append(tag.start())
            elif name not in VOID:
                depth += -1 if tag[1] else 1
            self._tags.append(tag.span())
            self._depths.append(depth)
        self._text(place, len(self._html))
        self._end_line()

    def _text(self, start: int, end: int) -> None:
        written = unescape(self._html[start:end])
        text = written if written.isascii() else INVISIBLE.sub("", written)
        if text.strip():
            if len(self._starts) == len(self.lines):  # the first of its line
                self._starts.append(start)
                self.ends.append(end)
            self.ends[-1] = end
            self._seen.append(start)
        self._line.append(text)

    def _end_line(self) -> None:
        if len(self._starts) > len(self.lines):
            self.lines.append(" ".join("".join(self._line).split()))
        self._line = []

    def before(self, place: int) -> list[str]:
        """The lines that begin before this place."""
        return self.lines[: bisect_left(self._starts, place)]

    def behind(self, place: int) -> list[str]:
        """The lines that begin at this place or after it."""
        return self.lines[bisect_left(self._starts, place) :]

    def has_image(self, start: int, end: int) -> bool:
        return bisect_left(self._images, start) < bisect_left(self._images, end)

    def is_blank(self, start: int, end: int) -> bool:
        """Whether nothing is seen of what begins between these places."""
        return bisect_left(self._seen, start) == bisect_left(self._seen, end)

    def part_from(self, place: int) -> Part | None:
        """What follows a place: on its own level, or where that has nothing more, on the one above."""
        number = bisect_right(self._tags, (place, -1))
        while not self.is_blank(place, len(self._html)):
            part, number, above = self._level(place, number)
            if part:
                return part
            place = above
        return None

    def _level(self, place: int, number: int) -> tuple[Part | None, int, int]:
        """What is seen on the level of a place; else the first tag that leaves it, and where that ends."""
        floor = self._depths[number - 1] if number else 0
        start = place
        ends: list[int] = []
        while number < len(self._tags) and self._depths[number] >= floor:
            if self._depths[number] == floor:
                end = self._tags[number][1]
                if not ends and self.is_blank(start, end):
                    start = end
                else:
                    ends.append(end)
            number += 1
        stop, above = self._tags[number] if number < len(self._tags) else (len(self._html), len(self._html))
        if self.is_blank(start, stop):
            return None, number + 1, above
        return Part(start, ends if ends[-1:] == [stop] else [*ends, stop]), number, stop


def outermost(html: str, name: str) -> list[tuple[int, int]]:
    """From where to where each element of this name goes that is in no other of it."""
    spans, depth, began = [], 0, 0
    for tag in TAG.finditer(html):
        if tag[2].lower() != name:
            continue
        if not tag[1]:
            began, depth = (tag.start() if not depth else began), depth + 1
        elif depth:
            depth -= 1
            if not depth:
                spans.append((began, tag.end()))
    return spans
