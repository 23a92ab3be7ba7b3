"""Reading settings from the environment, each with a default, a type and a clear sentence when it is wrong.

`make run` writes what it started (the addresses of its own database and broker, the secret key) to
`var/run.env`, so that `manage.py` in another terminal reaches the same servers with nothing set. A real
environment variable wins over that file.
"""

import os
import re
import sys
import zoneinfo
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
from django.core.exceptions import ImproperlyConfigured

from kvv.run_file import read_run_file

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}


class Environment:
    """The process environment, completed by the file that `make run` leaves under `var/`."""

    def __init__(self, *, base: Path) -> None:
        kept = read_run_file(Path(os.environ.get("KVV_VAR") or base / "var"))
        if os.environ.get("DATABASE_URL") not in (None, kept.get("DATABASE_URL")):
            kept = {}  # left by `make run` in this folder, but this is another installation
        self.values = kept | dict(os.environ)

    def text(self, name: str, *, default: str | None = None) -> str:
        """The variable as it stands, or the default; without a default it must be there."""
        value = self.values.get(name, default)
        if value is None:
            raise ImproperlyConfigured(
                f"{name} is not set. Set it, or start KVV with `make run`, which sets it itself."
            )
        return value

    def secret(self, name: str) -> str:
        """A secret of at least 32 characters."""
        return _long_enough(name, self.text(name))

    def secrets(self, name: str) -> list[str]:
        """Secrets of at least 32 characters, the present one first, separated by commas; at least one."""
        self.text(name)
        values = self.words(name, default=[])
        return [_long_enough(name, value) for value in values or [""]]

    def flag(self, name: str, *, default: bool) -> bool:
        """A yes or no, in one of the usual words."""
        word = self.text(name, default=str(default)).strip().lower()
        if word not in TRUE_WORDS | FALSE_WORDS:
            raise ImproperlyConfigured(f"{name} is '{word}': use 1 or 0.")
        return word in TRUE_WORDS

    def number(self, name: str, *, default: int, least: int = 0, most: int = 10**15) -> int:
        """A whole number, from `least` to `most`."""
        word = self.text(name, default=str(default)).strip()
        if not re.fullmatch(r"[0-9]{1,15}", word):
            raise ImproperlyConfigured(f"{name} is '{word}': use a whole number.")
        if not least <= int(word) <= most:
            raise ImproperlyConfigured(f"{name} is '{word}': use a number from {least} to {most}.")
        return int(word)

    def port(self, name: str, *, default: int) -> int:
        """A TCP port."""
        number = self.number(name, default=default)
        if not 0 < number < 65536:
            raise ImproperlyConfigured(f"{name} is '{number}': use a port from 1 to 65535.")
        return number

    def web_address(self, name: str, *, default: str) -> str:
        """The address of a web site, without a slash at its end."""
        value = self.text(name, default=default).strip().rstrip("/")
        if not re.fullmatch(r"https?://[^/\s]+", value):
            raise ImproperlyConfigured(f"{name} is '{value}': use an address such as https://kvv.example.")
        return value

    def page_address(self, name: str) -> str:
        """The address of a page on a web site, or nothing."""
        value = self.text(name, default="").strip()
        if value and not re.fullmatch(r"https?://[^/\s]+(/\S*)?", value):
            raise ImproperlyConfigured(
                f"{name} is '{value}': use an address such as https://ntfy.example/kvv."
            )
        return value

    def hour(self, name: str) -> int | None:
        """An hour of the day, 0 to 23, or 'off', which is None."""
        word = self.text(name, default="off").strip().lower()
        if word in FALSE_WORDS - {"0"}:
            return None
        if not re.fullmatch(r"[0-9]{1,2}", word) or int(word) > 23:
            raise ImproperlyConfigured(f"{name} is '{word}': use an hour from 0 to 23, or off.")
        return int(word)

    def choice(self, name: str, *, default: str, words: Sequence[str]) -> str:
        """One of a few words."""
        value = self.text(name, default=default).strip().upper()
        if value not in words:
            raise ImproperlyConfigured(f"{name} is '{value}': use one of {', '.join(words)}.")
        return value

    def digits(self, name: str, *, default: str) -> str:
        """Digits that are a name, not a number ('07' stays '07')."""
        word = self.text(name, default=default).strip()
        if not re.fullmatch(r"[0-9]{1,8}", word):
            raise ImproperlyConfigured(f"{name} is '{word}': use 1 to 8 digits.")
        return word

    def words(self, name: str, *, default: list[str]) -> list[str]:
        """A list, separated by commas."""
        value = self.text(name, default=",".join(default))
        return [word.strip() for word in value.split(",") if word.strip()]

    def path(self, name: str, *, default: Path) -> Path:
        """A folder."""
        return Path(self.text(name, default=str(default)))

    def time_zone(self, name: str, *, default: str) -> str:
        """The IANA name of a time zone, as 'Europe/Amsterdam'."""
        value = self.text(name, default=default)
        if value not in zoneinfo.available_timezones():
            raise ImproperlyConfigured(f"{name} is '{value}': use a name such as Europe/Amsterdam.")
        return value

    def database(self, name: str) -> dict[str, Any]:
        """The database as Django wants it, from `postgres://user:password@host:port/name`.

        A unix socket's folder is a host with its slashes written as %2F.
        """
        url = self.text(name)
        if not url.startswith(("postgres://", "postgresql://")):
            raise ImproperlyConfigured(f"{name} must begin with postgres:// (KVV runs on PostgreSQL only).")
        config = dict(environ.Env.db_url_config(url))
        return config | {"HOST": unquote(config["HOST"])}

    def redis(self, name: str) -> str:
        """The broker's address: redis://, rediss://, redis+socket:// or sentinel://."""
        url = self.text(name)
        if not url.startswith(("redis://", "rediss://", "redis+socket://", "sentinel://")):
            raise ImproperlyConfigured(
                f"{name} must begin with redis://, rediss://, redis+socket:// or sentinel://."
            )
        return url


@contextmanager
def one_sentence(*, exit_code: int) -> Iterator[None]:
    """End the process with the sentence that a wrong setting carries, instead of a traceback."""
    try:
        yield
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(exit_code) from None


def _long_enough(name: str, value: str) -> str:
    if len(value) < 32:
        raise ImproperlyConfigured(f"{name} is too short: use at least 32 random characters.")
    return value
