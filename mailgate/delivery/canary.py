"""The canary: once a day a test mail by each transport to each mailbox proves that the round works.

It is known by a signed token in its subject, kept as an ignored mail, and becomes no ticket. One that has not
come back within an hour is told by whoever watches (see `OVERDUE`).
"""

import logging
from datetime import date, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailgate.models import Canary, Mailbox
from mailgate.reading.incoming import IncomingMail
from outbox.message_ids import new_canary_token, new_message_id
from outbox.mime import Mail, build_mime
from outbox.models import Transport
from outbox.queueing import enqueue
from work.locks import Lock, try_lock

logger = logging.getLogger(__name__)

OVERDUE = timedelta(hours=1)
KEPT_FOR = timedelta(days=30)


@transaction.atomic
def send_canaries(*, now: datetime) -> int:
    """Send today's test mails, from the hour of KVV_CANARY on; gives the number of those that were queued.

    Safe to call as often as one likes and at the same moment: a day has one for each transport and mailbox.
    """
    today = timezone.localtime(now)
    if settings.CANARY_HOUR is None or today.hour < settings.CANARY_HOUR or not try_lock(Lock.SEND_CANARIES):
        return 0
    Canary.objects.filter(sent__lt=now - KEPT_FOR).delete()
    sent = set(Canary.objects.filter(day=today.date()).values_list("mailbox_id", "transport_id"))
    mailboxes = Mailbox.objects.filter(is_active=True, is_confirmed=True).exclude(canary_address="")
    wanted = [
        (mailbox, transport)
        for mailbox in mailboxes.order_by("pk")
        for transport in Transport.objects.filter(is_active=True).order_by("pk")
        if (mailbox.pk, transport.pk) not in sent
    ]
    for mailbox, transport in wanted:
        _send(mailbox=mailbox, transport=transport, day=today.date(), now=now)
    return len(wanted)


def came_back(mail: IncomingMail, *, now: datetime) -> None:
    """This test mail of ours has come: its way is known to work.

    One that comes by another mailbox than the one it was meant for proves nothing.
    """
    canary = Canary.objects.filter(token=mail.canary, mailbox=mail.row.mailbox_id, arrived=None).first()
    if canary is not None:
        canary.arrived = now
        canary.save(update_fields=["arrived"])
        Mailbox.objects.filter(pk=canary.mailbox_id).update(canary_arrived=now)
        Transport.objects.filter(pk=canary.transport_id).update(canary_arrived=now)


def _send(*, mailbox: Mailbox, transport: Transport, day: date, now: datetime) -> None:
    token, message_id = new_canary_token(), new_message_id()
    subject = _("KVV test mail %(token)s") % {"token": token}
    mail = Mail(
        from_header=settings.DEFAULT_FROM_EMAIL,
        to=(mailbox.canary_address,),
        subject=subject,
        text=_("KVV sends this mail to itself, to see whether mail arrives. You need not do anything."),
        message_id=message_id,
        date=now,
        automatic=True,
    )
    Canary.objects.create(mailbox=mailbox, transport=transport, day=day, token=token, sent=now)
    enqueue(
        mime=build_mime(mail),
        message_id=message_id,
        sender=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        recipients=[mailbox.canary_address],
        subject=subject,
        dedupe_key=f"canary:{transport.pk}:{mailbox.pk}:{day.isoformat()}",
        transport=transport,
    )
    logger.info("test mail by %s to %s <%s>", transport, mailbox.canary_address, message_id)
