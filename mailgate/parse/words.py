"""Encoded words in headers (RFC 2047, RFC 2231 5), as real programs write them.

Words of one charset that follow each other are joined as bytes before they are decoded: many programs break
them inside a character, and some inside a group of base64.
"""

import binascii
import re
from collections.abc import Iterator

from mailgate.parse.charsets import codec_of, decode, is_single_byte
from mailgate.parse.transfer import decode_base64

# The text may hold spaces and question marks, which it should not.
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]*+)?\?([bBqQ])\?(.*?)\?=", re.DOTALL)

_RAW_WORD = re.compile(rb"=\?([^?\s*]{1,60})((?:\*[^?\s]*+)?)\?([bBqQ])\?(.*?)\?=", re.DOTALL)
_HIGH = re.compile(rb"[\x80-\xff]++")

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


def with_bytes_encoded(header: bytes) -> bytes:
    """A header whose encoded words hold no raw bytes any more, which would be read by another charset."""
    end = header.rfind(b"?=")
    if end < 0 or b"=?" not in header:
        return header
    return _RAW_WORD.sub(_with_bytes_encoded, header[: end + 2]) + header[end + 2 :]


def _with_bytes_encoded(word: re.Match[bytes]) -> bytes:
    if word[0].isascii():
        return word[0]
    charset = word[1].decode("ascii", "replace")
    if word[3] in b"bB":
        text = _as_codes(in_charset(decode_base64(word[4])[0], charset=charset))
    else:
        text = _HIGH.sub(lambda raw: _as_codes(in_charset(raw[0], charset=charset)), word[4])
    return b"=?%b%b?Q?%b?=" % (word[1], word[2], text)


def in_charset(raw: bytes, *, charset: str) -> bytes:
    """Raw bytes in the charset that was named for them; a relay may have made UTF-8 of them."""
    if is_single_byte(charset):
        try:
            return raw.decode("utf-8").encode(codec_of(charset) or "")
        except UnicodeError:
            pass
    return raw


def _as_codes(data: bytes) -> bytes:
    return b"".join(b"=%02X" % byte for byte in data)


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
