"""Where a page of a list begins, as a part of its address."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Literal

from django.utils.dateparse import parse_datetime

Direction = Literal["next", "previous"]

MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?[+-][0-9:]{2,8}")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: behind the row with this key, or before it."""

    direction: Direction
    key: str
    id: int

    def encode(self) -> str:
        """As a part of an address."""
        text = json.dumps([self.direction, self.key, self.id])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(text: str, *, key_type: str) -> Cursor | None:
    """A cursor from an address, whose key must be of this SQL type; None for anything else."""
    try:
        padded = text + "=" * (-len(text) % 4)
        direction, key, row_id = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, TypeError, binascii.Error):
        return None
    if direction not in ("next", "previous") or not isinstance(key, str) or type(row_id) is not int:
        return None
    key = key[:400].replace("\x00", "")
    return Cursor(direction, key, row_id) if 0 <= row_id < 2**63 and _is_key(key, key_type) else None


def _is_key(key: str, sql_type: str) -> bool:
    """Whether a key from an address is one of this type, so that PostgreSQL won't refuse it."""
    match sql_type:
        case "timestamptz":
            try:
                return bool(MOMENT.fullmatch(key)) and parse_datetime(key) is not None
            except ValueError:
                return False
        case "bigint" | "integer":
            return key.isascii() and key.isdigit() and len(key) < 10
        case "boolean":
            return key in ("true", "false")
    return not any("\ud800" <= sign <= "\udfff" for sign in key)  # a half that UTF-8 has no bytes for
