"""Reports in words: the patterns of some sixty mail servers (flufl.bounce), kept from what could slow them.

Some of them try again from each sign of a line, so that a line costs the square of its length. They are given
a message of its few headers and lines that matter, all cut: what a mail server has to say comes early.
"""

import email
from email.message import Message
from typing import Final

from flufl.bounce._scan import _DETECTORS

MAX_SCANNED: Final = 64 * 1024
MAX_LINES: Final = 500
MAX_LINE: Final = 500
# The sum of the squares of the lines' lengths: some three hundred lines of text, or eight that are very long.
MAX_EFFORT: Final = 2_000_000
MAX_HEADER: Final = 500
MAX_HEADERS: Final = 20  # of one name: a mail server may write one for each recipient
# Python's own parser, which is wanted here, becomes slow by nested parts: a report has few.
MAX_BOUNDARIES: Final = 30

_HEADERS: Final = ("From", "X-Mailer", "X-Failed-Recipients", "Content-Description")
# LLNL's pattern costs the cube, and takes any address between two commas for one that failed.
_KNOWN: Final = [detector for detector in _DETECTORS if detector.__name__ != "LLNL"]


def failures(raw: bytes) -> tuple[list[str], list[str]]:
    """The addresses, in lower case, that a known mail server's words say it failed for: for now, for good."""
    if raw.count(b"boundary", 0, MAX_SCANNED) > MAX_BOUNDARIES:
        return [], []
    try:
        message = _Cut().message(email.message_from_bytes(raw[:MAX_SCANNED]))
        for detector in _KNOWN:
            for_now, for_good = detector().process(message)
            if for_now or for_good:
                return _texts(for_now), _texts(for_good)
    except Exception:  # noqa: BLE001, S110  (they meet what strangers wrote; what they choke on is no report)
        pass
    return [], []


class _Cut:
    """Rebuilds a message; what is left of lines and effort counts for all of its parts."""

    def __init__(self) -> None:
        self._lines = MAX_LINES
        self._effort = MAX_EFFORT

    def message(self, part: Message) -> Message:
        """The part with the headers and the lines that the patterns look at, in no transfer encoding."""
        cut = Message()
        cut["Content-Type"] = part.get_content_type()[:MAX_HEADER]
        for name in _HEADERS:
            for value in part.get_all(name, [])[:MAX_HEADERS]:
                cut[name] = str(value)[:MAX_HEADER]
        if part.is_multipart():
            cut.set_payload([self.message(one) for one in part.get_payload() if isinstance(one, Message)])
        elif part.get_content_maintype() in ("text", "message"):
            cut.set_payload(self._text(part.get_payload(decode=True)))
        else:
            cut.set_payload("")
        return cut

    def _text(self, payload: object) -> str:
        lines = []
        for line in payload.splitlines() if isinstance(payload, bytes) else ():
            cut = line[:MAX_LINE]
            self._lines -= 1
            self._effort -= len(cut) ** 2
            if self._lines < 0 or self._effort < 0:
                break
            lines.append(cut.decode("ascii", "replace"))
        return "\n".join(lines)


def _texts(addresses: frozenset[bytes]) -> list[str]:
    return [address.decode("ascii", "replace").lower() for address in sorted(addresses)]
