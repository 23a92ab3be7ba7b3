"""Which server takes our mail, and how it has been doing."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from outbox.models import OutboundMessage, Transport
from outbox.queueing import SEND
from work.ring import ring
from work.rows import WorkRow


def default_transport() -> Transport | None:
    """The active default, or the only active one."""
    active = list(Transport.objects.filter(is_active=True).order_by("-is_default", "pk")[:2])
    return active[0] if active and (active[0].is_default or len(active) == 1) else None


@transaction.atomic
def make_room_for_default(but: int | None) -> Transport | None:
    """Take the default from whichever server has it, for the one of this id (None: a new one) to have it.

    Gives the one that had it. All servers are held until the caller's transaction ends: of two who choose
    at once, the later one chooses.
    """
    servers = list(Transport.objects.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    before = next((server for server in servers if server.is_default and server.pk != but), None)
    if before is not None:
        Transport.objects.filter(pk=before.pk).update(is_default=False)
    return before


@transaction.atomic
def ensure_default() -> Transport | None:
    """Make the first server in use the default, where none in use is; gives it, None if nothing changed."""
    servers = list(Transport.objects.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    chosen = next((server for server in servers if server.is_active), None)
    if chosen is None or any(server.is_default and server.is_active for server in servers):
        return None
    Transport.objects.filter(is_default=True).update(is_default=False)
    Transport.objects.filter(pk=chosen.pk).update(is_default=True)
    return chosen


@transaction.atomic
def use_catcher(*, host: str, port: int) -> Transport:
    """Let all mail go to the demo's catcher."""
    known = Transport.objects.filter(name="Demo").values_list("pk", flat=True).first()
    make_room_for_default(known)
    transport, _made = Transport.objects.update_or_create(
        name="Demo",
        defaults={
            "host": host,
            "port": port,
            "security": Transport.Security.PLAIN,
            "is_default": True,
            "is_active": True,
        },
    )
    return transport


def note_success(transport: Transport, *, now: datetime) -> None:
    """Remember that the server took a mail; where it had been failing, what waited for it waits no longer."""
    mine = Transport.objects.filter(pk=transport.pk)
    if mine.filter(failing_since=None).update(last_success=now):
        return  # as nearly always: one statement for each mail
    if mine.update(last_success=now, failing_since=None, last_error=""):
        end_waiting(transport)


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
