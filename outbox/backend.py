"""Django's and allauth's own mail (a forgotten password) leaves by the outbox like everything else."""

import uuid
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from outbox.message_ids import new_message_id
from outbox.mime import Mail, OutgoingFile, build_mime
from outbox.models import Transport
from outbox.queueing import enqueue


class EmailBackend(BaseEmailBackend):
    """Puts mails into the outbox; the worker sends them by `transport`, or by the default one."""

    def __init__(
        self, *, transport: Transport | None = None, fail_silently: bool = False, **_unused: Any
    ) -> None:
        super().__init__(fail_silently=fail_silently)
        self.transport = transport

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the mails and give their number; a mail without recipients is passed over."""
        return sum(
            _queue(message, transport=self.transport) for message in email_messages if message.recipients()
        )


def _queue(message: EmailMessage, *, transport: Transport | None) -> int:
    message_id = new_message_id()
    mail = Mail(
        from_header=message.from_email,
        to=tuple(message.to),
        cc=tuple(message.cc),
        bcc=tuple(message.bcc),
        reply_to=", ".join(message.reply_to),
        subject=str(message.subject),
        text=str(message.body),
        html=_html(message),
        message_id=message_id,
        files=tuple(_files(message)),
        automatic=True,
        date=timezone.now(),
    )
    enqueue(
        mime=build_mime(mail),
        message_id=message_id,
        sender=parseaddr(message.from_email)[1],
        recipients=[parseaddr(address)[1] for address in message.recipients()],
        subject=str(message.subject),
        dedupe_key=f"django:{uuid.uuid4()}",
        transport=transport,
    )
    return 1


def _html(message: EmailMessage) -> str:
    if not isinstance(message, EmailMultiAlternatives):
        return ""
    bodies = (content for content, mimetype in message.alternatives if mimetype == "text/html")
    return str(next(bodies, ""))


def _files(message: EmailMessage) -> list[OutgoingFile]:
    """Attachments given as (name, content, type), the only form that Django's own mails use."""
    return [
        OutgoingFile(
            name=str(attachment[0] or "file"),
            content_type=str(attachment[2] or "application/octet-stream"),
            data=attachment[1] if isinstance(attachment[1], bytes) else str(attachment[1]).encode(),
        )
        for attachment in message.attachments
        if isinstance(attachment, tuple)
    ]
