"""Headers of a mail as the standard library writes them, without its parser for those that need none.

A header that is short and plain comes out of the library as it went in, after a parse and a fold that cost
more than all the rest of a mail. So such a one is written as it stands; the library has the others.
"""

import re
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.policy import SMTP, SMTPUTF8, Policy
from typing import Any, Final

LINE_MOST: Final = 78  # RFC 5322, 2.1.1
_ATOMS = r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
_NAME = r"[A-Za-z0-9'&+-]+(?: [A-Za-z0-9'&+-]+)*"
_MAILBOX = rf"(?:{_NAME} <{_ATOMS}@{_ATOMS}>|{_ATOMS}@{_ATOMS})"
PLAIN_MAILBOX: Final = re.compile(_MAILBOX)  # as 'Name <address>': nothing is to be quoted or encoded

# Words with one space between; '=?' would be taken for the beginning of an encoded one.
_WORDS = re.compile(r"(?!.*=\?)[!-~]+(?: [!-~]+)*")
STRUCTURED: Final = {
    **dict.fromkeys(("from", "to", "cc", "reply-to"), re.compile(rf"{_MAILBOX}(?:, {_MAILBOX})*")),
    "message-id": re.compile(rf"<{_ATOMS}@{_ATOMS}>"),
    "date": re.compile(
        r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}(?::[0-9]{2}){2} [+-][0-9]{4}"
    ),
    "mime-version": re.compile(r"1\.0"),
    "content-type": re.compile(r'[a-z]+/[a-z]+(?:; [a-z]+="[A-Za-z0-9=_-]+")?'),
    "content-transfer-encoding": re.compile(r"7bit|quoted-printable|base64"),
}


class PlainHeader(str):
    """A header that is written as it stands; what the library asks of one of its own, to write it."""

    __slots__ = ("name",)
    name: str

    def fold(self, *, policy: Policy) -> str:
        """The line of the header."""
        return f"{self.name}: {self}{policy.linesep}"


class Headers(HeaderRegistry):
    """Makes the headers of the policies below."""

    def __init__(self) -> None:
        super().__init__()
        self._types: dict[str, type] = {}

    def __getitem__(self, name: str) -> type:
        """The library's type for this name, which the library makes anew each time it is asked for."""
        if name not in self._types:
            self._types[name] = super().__getitem__(name)
        return self._types[name]

    def __call__(self, name: str, value: Any) -> Any:
        """The header as an object: ours where the value is plain, else the library's."""
        if not isinstance(value, str) or not self._is_plain(name, value):
            return super().__call__(name, value)
        header = PlainHeader(value)
        header.name = name
        return header

    def _is_plain(self, name: str, value: str) -> bool:
        plain = _WORDS if issubclass(self[name], UnstructuredHeader) else STRUCTURED.get(name.lower())
        return plain is not None and len(f"{name}: {value}") <= LINE_MOST and bool(plain.fullmatch(value))


ASCII_POLICY: Final = SMTP.clone(header_factory=Headers())
UTF8_POLICY: Final = SMTPUTF8.clone(header_factory=Headers())
