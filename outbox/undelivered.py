"""Telling that a mail did not reach somebody: the row is written with what is noted on the mail."""

from collections.abc import Mapping

from django.conf import settings

from outbox.models import OutboundMessage, Recipient, Undelivered
from work.ring import ring

Result = Recipient.Result


def tell_undelivered(message: OutboundMessage, *, failures: Mapping[str, str]) -> None:
    """In the caller's transaction, have whoever wrote the mail told who does not get it, and why."""
    if failures:
        Undelivered.objects.create(message=message, failures=dict(failures), trace=message.trace)
        ring(settings.UNDELIVERED_TASK)


def given_up(message: OutboundMessage) -> dict[str, str]:
    """Who still waited for a mail when we gave it up, with the last word of the mail server on each."""
    waiting = message.recipients.filter(result=Result.WAITING).order_by("pk")
    return dict(waiting.values_list("address", "reply"))
