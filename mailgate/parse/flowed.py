"""format=flowed undone (RFC 3676): the paragraphs that were broken into lines for the way are whole again."""

from typing import Final

SIGNATURE: Final = "-- "  # stands alone, whatever its space says (RFC 3676 4.3)


def unflow(text: str, *, delsp: bool) -> str:
    """The text with its flowed lines joined, its quotes as '> ', its space-stuffing gone.

    `delsp`: the space before a line break was only put there to mark it (languages without spaces).
    """
    lines: list[str] = []
    growing: list[str] = []
    depth = 0
    for line in text.split("\n"):
        content = line.lstrip(">")
        quotes = len(line) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != SIGNATURE
        if growing and (quotes != depth or content == SIGNATURE):
            lines.append(_paragraph(growing, quotes=depth))
            growing = []
        depth = quotes
        growing.append(content[:-1] if flows and delsp else content)
        if not flows:
            lines.append(_paragraph(growing, quotes=depth))
            growing = []
    if growing:
        lines.append(_paragraph(growing, quotes=depth))
    return "\n".join(lines)


def _paragraph(pieces: list[str], *, quotes: int) -> str:
    paragraph = "".join(pieces)
    if paragraph != SIGNATURE:
        paragraph = paragraph.rstrip(" ")
    if not quotes:
        return paragraph
    return f"{'>' * quotes} {paragraph}" if paragraph else ">" * quotes
