"""Which server takes our mail, and how it has been doing."""

from datetime import datetime

from outbox.models import Transport


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
    """Remember that the server took a mail."""
    Transport.objects.filter(pk=transport.pk).update(last_success=now, failing_since=None, last_error="")


def note_failure(transport: Transport, *, error: str, now: datetime) -> None:
    """Remember that the server could not be used, and since when."""
    Transport.objects.filter(pk=transport.pk).update(last_error=error[:2000])
    Transport.objects.filter(pk=transport.pk, failing_since=None).update(failing_since=now)
