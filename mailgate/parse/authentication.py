"""What mail servers on the way say of a mail: Authentication-Results (RFC 8601).

Anybody can write such a line, in a server's name, too. Whose is believed, and which of several, is for who
knows that server's name.
"""

import re
from typing import Final

from mailgate.parse.parsed import Authentication

MAX_HEADERS: Final = 20
MAX_RESULTS: Final = 50
_NAME_MOST: Final = 255
_WORD_MOST: Final = 30
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[();]|[^"();]++', re.DOTALL)
_RESULT = re.compile(rf"\s*([a-z0-9-]{{1,{_WORD_MOST}}})(?:\s*/\s*[0-9]+)?\s*=\s*([a-z]{{1,{_WORD_MOST}}})\b")


def read_authentication(header: str) -> Authentication:
    """One header: which server says so, and each method's result, in lower case, in their order.

    Linear; comments are left out, and so is what is no result, as `none`.
    """
    server, *pieces = _pieces(header)
    words = server.split()  # the name, and perhaps a version
    matches = (_RESULT.match(piece.lower()) for piece in pieces[:MAX_RESULTS])
    return Authentication(
        server=words[0].lower()[:_NAME_MOST] if words else "",
        results=tuple((match[1], match[2]) for match in matches if match),
    )


def _pieces(header: str) -> list[str]:
    """What stands between semicolons, without comments and quotes."""
    pieces: list[list[str]] = [[]]
    depth = 0
    for token in _TOKEN.finditer(header):
        sign = token[0]
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(depth - 1, 0)
        elif depth:
            continue
        elif sign == ";":
            pieces.append([])
        else:
            pieces[-1].append(sign.strip('"') if sign.startswith('"') else sign)
    return ["".join(piece) for piece in pieces]
