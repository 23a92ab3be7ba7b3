"""The Date header: what the sender's clock says, which is worth no more than that."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import Final

_YEARS: Final = range(1971, 2200)  # what lies outside is no date of a mail


def parse_date(header: str) -> datetime | None:
    """The moment in UTC, or None where there is none to be found; a missing zone counts as UTC."""
    try:
        parsed = parsedate_tz(header[:200])
        if parsed is None or parsed[0] not in _YEARS:
            return None
        zone = timezone(timedelta(seconds=parsed[9] or 0))
        return datetime(*parsed[:5], min(parsed[5], 59), tzinfo=zone).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
