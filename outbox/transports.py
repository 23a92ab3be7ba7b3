"""Which server takes our mail, and how it has been doing."""

from datetime import datetime

from django.db.models import Q

from outbox.models import OutboundMessage, Transport
from outbox.queueing import SEND
from work.ring import ring
from work.rows import WorkRow


def default_transport() -> Transport | None:
    """The active default, or the only active one."""
    active = list(Transport.objects.filter(is_active=True).order_by("-is_default", "pk")[:2])
    return active[0] if active and (active[0].is_default or len(active) == 1) else None


def use_catcher(*, host: str, port: int) -> Transport:
    """Let all mail go to the demo's catcher."""
    transport, _made = Transport.objects.update_or_create(
        name="Demo",
        defaults={"host": host, "port": port, "security": Transport.Security.PLAIN, "is_default": True},
    )
    return transport


def note_success(transport: Transport, *, now: datetime) -> None:
    """Remember that the server took a mail; where it had been failing, what waited for it waits no longer."""
    mine = Transport.objects.filter(pk=transport.pk)
    worked_again = mine.exclude(failing_since=None).update(
        last_success=now, failing_since=None, last_error=""
    )
    if worked_again:
        end_waiting(transport)
    else:
        mine.update(last_success=now)


def end_waiting(transport: Transport) -> None:
    """Let what waits for this server be tried at once: it works again, or was set up in another way.

    Only what this server kept waiting: a 'not now' for a recipient (RFC 5321, 4.5.4.1) still holds.
    """
    no_choice = Q(transport=None) if transport == default_transport() else Q(pk=None)
    waiting = OutboundMessage.objects.filter(Q(transport=transport) | no_choice, state=WorkRow.QUEUED)
    waiting.filter(server_was_away=True).update(retry_at=None, server_was_away=False)
    ring(SEND)


def note_failure(transport: Transport, *, error: str, now: datetime) -> None:
    """Remember that the server could not be used, and since when."""
    Transport.objects.filter(pk=transport.pk).update(last_error=error[:2000])
    Transport.objects.filter(pk=transport.pk, failing_since=None).update(failing_since=now)
