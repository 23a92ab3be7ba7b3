"""The listener: mail handed to us by SMTP or LMTP (RFC 5321, RFC 2033), kept before we say that we have it.

Any recipient is accepted; which queue a mail belongs to is decided at delivery. What the database can't take
now is answered with 451, so that the sender's side keeps it and comes again.
"""

import asyncio
import logging
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from mailgate.intake import take_in
from mailgate.models import InboundMessage

logger = logging.getLogger(__name__)

DATABASE_THREADS = 4
FINISH_SECONDS = 3
IDLE_SECONDS = 300
NOT_NOW = "451 4.3.0 We can't store mail at this moment, please try again"


class PortTakenError(Exception):
    """The port to listen on can't be had; the text says which, why, and which setting changes it."""


class Listener:
    """Serves SMTP, or LMTP, until it is stopped; its database work runs in a few threads of its own."""

    def __init__(self, *, host: str, port: int, lmtp: bool = False) -> None:
        self.host, self.port, self.lmtp = host, port, lmtp
        self.threads = ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix="intake")
        self.server: asyncio.Server | None = None
        self.running: set[asyncio.Future[InboundMessage]] = set()

    async def start(self) -> None:
        """Begin to listen; `self.port` is the real port afterwards. Raises `PortTakenError`."""
        loop = asyncio.get_running_loop()
        try:
            self.server = await loop.create_server(self._session, self.host, self.port)
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

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        """Keep the mail and answer; LMTP wants an answer for each recipient."""
        task = asyncio.ensure_future(
            asyncio.get_running_loop().run_in_executor(self.threads, _keep, envelope)
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
            answer = f"250 2.0.0 Kept as {row.pk}"
        return "\r\n".join([answer] * (len(envelope.rcpt_tos) if self.lmtp else 1))

    def _session(self) -> SMTP:
        session = LmtpSession if self.lmtp else SmtpSession
        return session(
            self,
            data_size_limit=settings.MAIL_MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname=settings.MAIL_DOMAIN,
            ident="KVV",
            timeout=IDLE_SECONDS,
            loop=asyncio.get_running_loop(),
        )


class SmtpSession(SMTP):
    """One sender's SMTP session. A line may be as long as a mail: real ones break the limit of 998."""

    line_length_limit = settings.MAIL_MAX_BYTES


class LmtpSession(LMTP):
    """One sender's LMTP session; see `SmtpSession`."""

    line_length_limit = settings.MAIL_MAX_BYTES


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


def _keep(envelope: Envelope) -> InboundMessage:
    """Runs in a thread with a database connection of its own, renewed when it is stale or broken."""
    close_old_connections()
    return take_in(
        raw=envelope.original_content or b"",
        way=InboundMessage.Way.LISTENER,
        envelope_from=(envelope.mail_from or "").strip("<>"),
        envelope_to=envelope.rcpt_tos,
    )


def _close(everybody: threading.Barrier) -> None:
    """Each thread runs this once: the barrier holds it until all others have one too."""
    with suppress(threading.BrokenBarrierError):
        everybody.wait(timeout=1)
    connection.close()
