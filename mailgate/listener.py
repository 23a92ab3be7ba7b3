"""The listener: mail handed to us by SMTP or LMTP (RFC 5321, RFC 2033), kept before we say that we have it.

Any recipient is accepted, unless a setting says that only our own are; which queue a mail belongs to is
decided at delivery. What the database can't take now is answered with 451, so that the sender's side keeps it
and comes again. What strangers may choose has limits: `mailgate/smtp/`.
"""

import asyncio
import logging
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from aiosmtpd.smtp import Envelope
from aiosmtpd.smtp import Session as Sender
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from blobs.spool import Spool
from mailgate.intake import take_in
from mailgate.models import InboundMessage
from mailgate.smtp.door import Connections, Door, Room
from mailgate.smtp.session import LmtpSession, Session
from queues.ours import takes_mail_for

logger = logging.getLogger(__name__)

DATABASE_THREADS = 4
FINISH_SECONDS = 3
UNKNOWN_MOST = 20  # recipients that are refused before a sender is sent away: they are trying names
NOT_NOW = "451 4.3.0 We can't store mail at this moment, please try again"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients, please send the mail to the others apart"
UNKNOWN = "550 5.1.1 There is no such address here"
TOO_MANY_UNKNOWN = "421 4.7.0 Too many addresses that are not here"
NOT_UNDERSTOOD = "500 5.5.2 This command can't be understood"


class PortTakenError(Exception):
    """The port to listen on can't be had; the text says which, why, and which setting changes it."""


class Listener:
    """Serves SMTP, or LMTP, until it is stopped; its database work runs in a few threads of its own."""

    def __init__(self, *, host: str, port: int, lmtp: bool = False) -> None:
        self.host, self.port, self.lmtp = host, port, lmtp
        self.threads = ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix="intake")
        self.server: asyncio.Server | None = None
        self.running: set[asyncio.Future[InboundMessage]] = set()
        self.connections = Connections(
            most=settings.LISTENER_CONNECTIONS, most_from_one=settings.LISTENER_CONNECTIONS_PER_ADDRESS
        )
        self.room = Room(most=settings.LISTENER_SPOOL_BYTES)

    async def start(self) -> None:
        """Begin to listen; `self.port` is the real port afterwards. Raises `PortTakenError`."""
        loop = asyncio.get_running_loop()
        try:
            self.server = await loop.create_server(self._door, self.host, self.port)
        except OSError as error:
            raise PortTakenError(
                f"Can't listen for mail on {self.host}:{self.port} ({error.strerror}). "
                "Stop what uses that port, or choose another with KVV_MAIL_PORT."
            ) from error
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Accept nothing more, let what is being stored be stored, and close the connections."""
        if self.server is not None:
            self.server.close()
        if self.running:
            await asyncio.wait(self.running, timeout=FINISH_SECONDS)
        everybody = threading.Barrier(DATABASE_THREADS)
        loop = asyncio.get_running_loop()
        await asyncio.gather(
            *(loop.run_in_executor(self.threads, _close, everybody) for _ in range(DATABASE_THREADS))
        )
        self.threads.shutdown(wait=False, cancel_futures=True)

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, session: Session, sender: Sender, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept a recipient, within the limits."""
        if len(envelope.rcpt_tos) >= settings.LISTENER_RECIPIENTS:
            return TOO_MANY_RECIPIENTS
        if settings.LISTENER_KNOWN_ONLY:
            try:
                is_known = await asyncio.get_running_loop().run_in_executor(self.threads, _is_known, address)
            except DatabaseError:
                return NOT_NOW
            if not is_known:
                return _refused(session)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_exception(self, error: Exception) -> str:
        """What aiosmtpd could not work with; its sender learns nothing of how we are made."""
        logger.warning("a command failed: %r", error)
        return NOT_UNDERSTOOD

    async def keep(self, envelope: Envelope, mail: Spool) -> str:
        """Store the mail, and give what its sender is answered."""
        task = asyncio.ensure_future(
            asyncio.get_running_loop().run_in_executor(self.threads, _keep, envelope, mail)
        )
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        try:
            row = await asyncio.shield(task)
        except DatabaseError as error:
            logger.error("refused a mail from <%s> for now: %s", envelope.mail_from, str(error).strip())
            answer = NOT_NOW
        except Exception:
            logger.exception("refused a mail from <%s> for now", envelope.mail_from)
            answer = NOT_NOW
        else:
            answer = f"250 2.0.0 Kept as {row.trace}"  # a counter would tell everybody how much mail we get
        return answer

    def _door(self) -> Door:
        return Door(self.connections, session=self._session)

    def _session(self, source: str) -> Session:
        session = LmtpSession if self.lmtp else Session
        return session(
            self,
            source=source,
            data_size_limit=settings.MAIL_MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname=settings.MAIL_DOMAIN,
            ident="KVV",
            timeout=2 * settings.LISTENER_SECONDS,  # aiosmtpd's own clock, which each command begins anew
            loop=asyncio.get_running_loop(),
        )


async def serve(listener: Listener) -> None:
    """Listen until SIGTERM or SIGINT comes; raises `PortTakenError`."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await listener.start()
    logger.info(
        "listening for mail (%s) on %s:%d", "LMTP" if listener.lmtp else "SMTP", listener.host, listener.port
    )
    await stop.wait()
    await listener.stop()
    logger.info("the mail listener has stopped")


def _keep(envelope: Envelope, mail: Spool) -> InboundMessage:
    """Runs in a thread with a database connection of its own, renewed when it is stale or broken."""
    close_old_connections()
    return take_in(
        raw=mail,
        way=InboundMessage.Way.LISTENER,
        envelope_from=(envelope.mail_from or "").strip("<>"),
        envelope_to=envelope.rcpt_tos,
    )


def _is_known(address: str) -> bool:
    """Runs in a thread, as `_keep` does."""
    close_old_connections()
    return takes_mail_for(address)


def _refused(session: Session) -> str:
    """The answer to a recipient who is unknown here; who goes on naming such is sent away."""
    session.refused += 1
    if session.refused < UNKNOWN_MOST:
        return UNKNOWN
    session.dismiss(TOO_MANY_UNKNOWN)
    return TOO_MANY_UNKNOWN


def _close(everybody: threading.Barrier) -> None:
    """Each thread runs this once: the barrier holds it until all others have one too."""
    with suppress(threading.BrokenBarrierError):
        everybody.wait(timeout=1)
    connection.close()
