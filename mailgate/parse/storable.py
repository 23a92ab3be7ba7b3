"""Text that a database takes: no NUL, no lone surrogates, not too long."""

import re

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0\ufffe\uffff]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
# They turn what follows round, beyond the text they stand in: 'fdp.exe' would be read as 'exe.pdf'.
_OVERRIDES = re.compile("[\u202d\u202e]")
_LINE_BREAKS = re.compile("\r(?:\r{0,3}+\n)?+|[\x0b\x0c\x85\u2028\u2029]")
_LINE_SPACES = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_PLAIN_LINE = re.compile("[\x21-\x7e]+(?: [\x21-\x7e]+)*+")


def storable_text(text: str) -> str:
    """`text` with line breaks as `\\n`, without other control characters and lone surrogates."""
    if "\r" in text or not text.isascii():
        text = text.replace("\r\n", "\n")  # nearly all of them, and a tenth of the pattern's time
        text = _SURROGATES.sub("\ufffd", _LINE_BREAKS.sub("\n", text))
    return _CONTROLS.sub("", text)


def storable_line(text: str, *, limit: int) -> str:
    """`text` on one line of at most `limit` characters; runs of spaces and control characters become one.

    Directional overrides are taken out.
    """
    text = text[: limit * 4]
    if not _PLAIN_LINE.fullmatch(text):
        text = _SURROGATES.sub("\ufffd", _LINE_SPACES.sub(" ", _OVERRIDES.sub("", text))).strip()
    return text[:limit].rstrip()
