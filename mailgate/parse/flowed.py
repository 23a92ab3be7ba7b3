"""format=flowed undone (RFC 3676): the paragraphs that were broken into lines for the way are whole again."""


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
        flows = content.endswith(" ") and content != "-- "
        if growing and (quotes != depth or content == "-- "):
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
    return (f"{'>' * quotes} {paragraph}" if quotes else paragraph).rstrip(" ")
