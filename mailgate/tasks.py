"""What Celery does for the mail gate: each task is a doorbell, its work is in the database."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from mailgate.autoresponse.answers import answers, forget_sent
from mailgate.delivery.canary import send_canaries
from mailgate.delivery.deliver import deliver
from mailgate.intake import BATCH
from mailgate.mailbox.fetch import fetch_mailbox
from mailgate.mailbox.leases import due_mailboxes
from mailgate.models import InboundMessage
from tickets.kinds import AUTORESPONSE
from tickets.reactions import work_off
from work.drain import drain
from work.ring import ring_now


@shared_task(name="mailgate.deliver")
def deliver_waiting() -> int:
    """Deliver waiting mails until none is left or 20 s have passed."""
    return drain(InboundMessage, work=deliver, batch=BATCH, lease=settings.CLAIM_LEASE)


@shared_task(name="mailgate.poll_mailboxes")
def poll_mailboxes() -> None:
    """Ring for each mailbox whose time has come and that nobody is fetching; beat calls this every 5 s."""
    for mailbox_id in due_mailboxes(now=timezone.now()).values_list("pk", flat=True):
        ring_now("mailgate.fetch", mailbox_id)


@shared_task(name="mailgate.autoresponse")
def autoresponse() -> int:
    """Answer what waits for an automatic answer, until none is left or 20 s have passed."""
    return work_off(AUTORESPONSE, prepare=answers)


@shared_task(name="mailgate.forget_sent")
def forget_automatic_answers() -> None:
    """Drop what no limit counts any more; beat calls this every hour."""
    forget_sent(now=timezone.now())


@shared_task(name="mailgate.fetch")
def fetch(mailbox_id: int) -> int:
    """Fetch one mailbox."""
    return fetch_mailbox(mailbox_id)


@shared_task(name="mailgate.canary")
def canary() -> int:
    """Send the day's test mails, once; beat calls this every minute."""
    return send_canaries(now=timezone.now())
