"""Telling that a mail did not reach somebody: the row is written with what is noted on the mail."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import transaction

from outbox.models import OutboundMessage, Recipient, Undelivered
from work.ring import ring

Result = Recipient.Result


def tell_undelivered(message: OutboundMessage, *, failures: Mapping[str, str]) -> None:
    """In the caller's transaction, have whoever wrote the mail told who does not get it, and why."""
    if failures:
        Undelivered.objects.create(message=message, failures=dict(failures), trace=message.trace)
        ring(settings.UNDELIVERED_TASK)


@transaction.atomic
def settle_and_tell(message: OutboundMessage, *, settle: Callable[[OutboundMessage], bool]) -> bool:
    """Decide about a mail as an admin, and have whoever wrote it told that nobody else has to.

    `settle` decides, and gives whether there was anything to decide; so does this.
    """
    is_settled = settle(message)
    if is_settled:
        Undelivered.objects.create(message=message, trace=message.trace)
        ring(settings.UNDELIVERED_TASK)
    return is_settled


def given_up(message: OutboundMessage) -> dict[str, str]:
    """Who still waited for a mail when we gave it up, with the last word of the mail server on each."""
    waiting = message.recipients.filter(result=Result.WAITING).order_by("pk")
    return dict(waiting.values_list("address", "reply"))
