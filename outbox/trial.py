"""A test mail, sent at once and past the outbox: whether a server takes our mail, and else why not."""

import copy
import smtplib
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from socket import SHUT_RDWR
from socket import socket as Socket  # noqa: N812  (a name that a field has, too)
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from outbox.message_ids import new_message_id
from outbox.mime import Mail, build_mime
from outbox.models import Transport
from outbox.sentences import DoubtError, TransportError
from outbox.smtp import Replies, connect, hand_over

SECONDS_MOST: Final = 20
STEP_SECONDS_MOST: Final = 10


class TrialError(Exception):
    """The test mail was not taken; the text says why, in the reader's language."""


def send_test_mail(transport: Transport, *, to: str, seconds: float = SECONDS_MOST) -> None:
    """Send a test mail to one address by this server, whether it is in use or not.

    Returns when the server has taken it. Raises `TrialError`, after so many seconds at the latest: the server
    may let one wait at each step, or answer a byte at a time.
    """
    trial = _Trial(
        transport=copy.copy(transport), to=to, mime=_mime(transport, to=to), language=get_language()
    )
    trial.transport.timeout_seconds = min(transport.timeout_seconds, STEP_SECONDS_MOST)
    thread = threading.Thread(target=trial.run, daemon=True, name="test mail")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        trial.hang_up()
        raise TrialError(_("there was no answer within %(n)s seconds") % {"n": f"{seconds:g}"})
    trial.judge()


@dataclass(slots=True)
class _Trial:
    """A test mail on its way, in a thread that touches no database."""

    transport: Transport
    to: str
    mime: bytes
    language: str | None
    """The reader's: a thread has none of its own."""
    is_over: bool = False
    socket: Socket | None = None
    """The line's, a second handle of it: the line's own is another once it is encrypted."""
    replies: Replies = field(default_factory=Replies)
    trouble: Exception | None = None

    def run(self) -> None:
        try:
            with override(self.language):
                self._send()
        except Exception as error:  # noqa: BLE001  (it is told by whoever waits for this thread)
            self.trouble = error
        finally:
            if self.socket is not None:
                self.socket.close()

    def hang_up(self) -> None:
        """Let the thread end, wherever it waits, or as soon as it has a line."""
        self.is_over = True
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(SHUT_RDWR)

    def _send(self) -> None:
        line = connect(self.transport, opened=self._keep)
        self.replies = hand_over(
            line,
            sender=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
            recipients=[self.to],
            mime=self.mime,
            before_data=lambda: None,
        )
        with suppress(OSError, smtplib.SMTPException):
            line.quit()

    def _keep(self, opened: Socket) -> None:
        self.socket = opened.dup()
        if self.is_over:
            self.hang_up()

    def judge(self) -> None:
        if isinstance(self.trouble, TransportError | DoubtError):
            raise TrialError(str(self.trouble)) from self.trouble
        if self.trouble is not None:
            raise self.trouble
        if self.to not in self.replies.accepted:
            reply = (self.replies.refused | self.replies.deferred).get(self.to, "")
            raise TrialError(_("the server answers: %(reply)s") % {"reply": reply})


def _mime(transport: Transport, *, to: str) -> bytes:
    text = _("This mail was sent from KVV's administration, to see whether the server '%(name)s' takes mail.")
    return build_mime(
        Mail(
            from_header=settings.DEFAULT_FROM_EMAIL,
            to=(to,),
            subject=_("Test mail from KVV"),
            text=text % {"name": transport.name},
            html="",
            message_id=new_message_id(),
            automatic=True,
            date=timezone.now(),
        )
    )
