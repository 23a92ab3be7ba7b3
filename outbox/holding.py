"""Mail that waited when the database was put back: it may have left since, where that was before."""

from outbox.models import OutboundMessage
from outbox.queueing import SEND
from work.ring import ring
from work.rows import WorkRow

WAITING = (WorkRow.QUEUED, WorkRow.CLAIMED)


def hold_waiting() -> int:
    """Keep back all that waits; what was leaving is doubtful anyway. Gives the number."""
    return OutboundMessage.objects.filter(state__in=WAITING).update(
        state=WorkRow.HELD, lease=None, leased_until=None
    )


def release_held() -> int:
    """Let it leave after all, in the caller's transaction; gives the number."""
    ring(SEND)
    return OutboundMessage.objects.filter(state=WorkRow.HELD).update(
        state=WorkRow.QUEUED, attempts=0, retry_at=None, put_off_at=None, server_was_away=False
    )


def drop_held() -> int:
    """Let it never leave; gives the number."""
    return OutboundMessage.objects.filter(state=WorkRow.HELD).update(
        state=OutboundMessage.CANCELLED, last_error=OutboundMessage.DROPPED
    )
