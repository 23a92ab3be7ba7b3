"""Sites elsewhere that may show a form in a frame, as an administrator types them."""

import re
from urllib.parse import urlsplit

ORIGINS_MOST = 20
HOST = re.compile(
    r"(?=.{1,200}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z"
)
HERE = frozenset({"localhost", "127.0.0.1"})
"""Where somebody tries a site on their own machine: these alone need no certificate."""


def read_origins(typed: str) -> list[str]:
    """The origins, in lower case, each once, in their order."""
    return list(
        dict.fromkeys(line.strip().rstrip("/").lower() for line in typed.splitlines() if line.strip())
    )


def is_origin(text: str) -> bool:
    """Whether it is an origin that a policy can name: https://host or https://host:port, and no more."""
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme != "https" and not (parts.scheme == "http" and host in HERE):
        return False
    whole = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    return bool(HOST.match(host)) and whole == text and (host in HERE or "." in host)
