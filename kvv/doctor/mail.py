"""Mailboxes, outgoing mail servers, and what waits for a person. Nothing is fetched, nothing is sent."""

import smtplib
from collections.abc import Callable, Iterator
from functools import partial

from django.conf import settings
from django.utils import timezone

from kvv.doctor.finding import Check, Finding, fine, warning, wrong
from kvv.watch.kinds import BEAT_STILL, WORKER_STILL
from kvv.watch.look import look
from kvv.watch.words import sentence
from mailgate.mailbox.connect import open_folder
from mailgate.mailbox.folder import MailboxError
from mailgate.models import Mailbox
from outbox.models import Transport
from outbox.sentences import TransportError
from outbox.smtp import connect
from outbox.transports import default_transport

LOCAL = ("localhost", "127.0.0.1", "::1")
CHECKED_ELSEWHERE = (WORKER_STILL, BEAT_STILL)


def mail_checks() -> dict[str, Check]:
    """A check for each active mailbox and transport, so that one that hangs does not hide the others."""
    checks: dict[str, Check] = {}
    boxes = Mailbox.objects.filter(is_active=True, is_confirmed=True).select_related("queue")
    for box in boxes.order_by("name"):
        checks[f"mailbox {box}"] = partial(mailbox, box)
    for way in Transport.objects.filter(is_active=True).order_by("name"):
        checks[f"transport {way}"] = partial(transport, way)
    return checks


def mailbox(box: Mailbox) -> Iterator[Finding]:
    """The mailbox can be opened; says how much is in it, and how long it has failed if it has."""
    name = f"mailbox {box}"
    try:
        with open_folder(box, just_look=True) as folder:
            n = folder.count()
    except MailboxError as error:
        yield wrong(name, f"{error}{_failing(box)}")
    else:
        yield fine(name, f"{box.host} lets us in; {n} messages are there.{_failing(box)}")
    if box.security == Mailbox.Security.PLAIN and box.host not in LOCAL:
        yield warning(name, "Name and password cross the network readable: choose TLS or STARTTLS.")
    if box.queue is not None and not box.queue.is_active:
        yield warning(name, f"It leads to a queue that is not active: {box.queue}.")


def transport(way: Transport) -> Iterator[Finding]:
    """The server takes us: connection, TLS, sign-in and EHLO; nothing is sent."""
    name = f"transport {way}"
    try:
        line = connect(way)
        line.ehlo_or_helo_if_needed()
        line.quit()
    except TransportError as error:
        yield wrong(name, f"{error}{_failing(way)}")
    except (OSError, smtplib.SMTPException) as error:
        yield wrong(name, f"{way.host} breaks off at EHLO: {error}{_failing(way)}")
    else:
        yield fine(name, f"{way.host}:{way.port} takes us.{_failing(way)}")
    if way.security == Transport.Security.PLAIN and way.username and way.host not in LOCAL:
        yield warning(name, "Name and password cross the network readable: choose TLS or STARTTLS.")


def ways() -> Iterator[Finding]:
    """There is something to receive mail with, and something to send it with."""
    if default_transport() is None:
        yield wrong(
            "transports", "No outgoing mail server is the default one: mark one in the administration."
        )
    if not Mailbox.objects.filter(is_active=True).exists():
        yield warning(
            "mailboxes", "There is none: mail comes in only by `manage.py listen` and `manage.py ingest`."
        )
    if settings.CANARY_HOUR is not None and not Mailbox.objects.exclude(canary_address="").exists():
        yield warning("test mail", "KVV_CANARY is set, but no mailbox has an address for test mails.")


def waiting() -> Iterator[Finding]:
    """What the notices on the pages say, too."""
    now = timezone.now()
    troubles = [trouble for trouble in look(now=now) if trouble.kind not in CHECKED_ELSEWHERE]
    for trouble in troubles:
        level: Callable[[str, str], Finding] = warning if trouble.kind.is_for_admins else wrong
        yield level("mail", sentence(trouble, now=now))
    if not troubles:
        yield fine("mail", "Nothing waits for a person.")


def _failing(server: Mailbox | Transport) -> str:
    if server.failing_since is None:
        return ""
    return f" It has failed since {timezone.localtime(server.failing_since):%Y-%m-%d %H:%M}."
