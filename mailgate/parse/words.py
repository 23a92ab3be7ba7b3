"""Encoded words in headers (RFC 2047, RFC 2231 5), as real programs write them.

Words of one charset that follow each other are joined as bytes before they are decoded: many programs break
them inside a character, and some inside a group of base64.
"""

import binascii
import re
from collections.abc import Iterator

from mailgate.parse.charsets import decode
from mailgate.parse.transfer import decode_base64

# The text may hold spaces and question marks, which it should not.
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]*+)?\?([bBqQ])\?(.*?)\?=", re.DOTALL)

_Word = tuple[str, str, str]  # charset, encoding, text


def decode_words(text: str) -> str:
    """`text` with its encoded words decoded; what is no encoded word stays as it is."""
    end = text.rfind("?=")
    if end < 0 or "=?" not in text:
        return text
    decoded = []
    waiting: list[_Word] = []
    position = 0
    for match in _WORD.finditer(text, 0, end + 2):
        between = text[position : match.start()]
        word = (match[1].lower(), match[2].upper(), match[3])
        if waiting and (between.strip() or waiting[-1][0] != word[0]):
            decoded.append(_join(waiting))
            waiting = []
        if between.strip() or not position:
            decoded.append(between)
        waiting.append(word)
        position = match.end()
    decoded += [_join(waiting), text[position:]]
    return "".join(decoded)


def _join(words: list[_Word]) -> str:
    if not words:
        return ""
    data = b"".join(_bytes_of(encoding, text) for encoding, text in _runs(words))
    return decode(data, charset=words[0][0])[0]


def _runs(words: list[_Word]) -> Iterator[tuple[str, str]]:
    """The words' texts; base64 that stops inside a group of four is joined with what follows."""
    pending: list[str] = []
    length = 0
    for _charset, encoding, text in words:
        if encoding == "Q":
            if pending:
                yield "B", "".join(pending)
                pending, length = [], 0
            yield "Q", text
            continue
        compact = "".join(text.split())
        pending.append(compact)
        length += len(compact)
        if length % 4 == 0 or compact.endswith("="):
            yield "B", "".join(pending)
            pending, length = [], 0
    if pending:
        yield "B", "".join(pending)


def _bytes_of(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding == "B":
        return decode_base64(data)[0]
    return binascii.a2b_qp(data, header=True)
