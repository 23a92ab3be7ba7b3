"""A sender's session: aiosmtpd's, with limits where it has none, and a mail that is never whole in memory."""

import asyncio
import collections
from typing import Any, Protocol, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, syntax
from django.conf import settings

from blobs.spool import MOST_IN_MEMORY, NoRoomError, Spool
from mailgate.smtp.door import Connections, Room
from mailgate.smtp.dots import MailReader

COMMAND_BYTES = 4096
FIRST_SECONDS = 60  # until a sender has named a mail: who says nothing holds no place for longer
READ_BYTES = 1024 * 1024  # more than a transport hands over at once, so that one read leaves nothing behind
LAST_WORD_SECONDS = 5
TOO_LONG = "500 5.5.2 This command line is too long"
TOO_SLOW = "421 4.4.2 This took too long, please try again"
TOO_BIG = "552 5.3.4 This mail is too big"
NO_ROOM = "452 4.3.1 There is no room for this mail at this moment, please try again"


class Host(Protocol):
    """What a session asks of the listener that it belongs to."""

    connections: Connections
    room: Room

    async def keep(self, envelope: Envelope, mail: Spool) -> str:
        """Store the mail, and give what its sender is answered."""


class Session(SMTP):
    """One sender's SMTP session, from one `source`.

    All that a sender does until a mail of theirs is kept, and then until the next, has one time together, of
    which the first minute is for MAIL: no command and no byte begins it anew.
    """

    line_length_limit = command_size_limit = COMMAND_BYTES

    def __init__(self, host: Host, *, source: str, **options: Any) -> None:
        super().__init__(host, **options)
        self.command_size_limits = collections.defaultdict(lambda: COMMAND_BYTES)  # theirs is shared by all
        self.host, self.source = host, source
        self.refused = 0
        self._clock: asyncio.TimerHandle | None = None
        self._began = 0.0
        self._is_in_mail, self._line_bytes = False, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The time begins."""
        super().connection_made(transport)
        self._start_clock()

    def connection_lost(self, error: Exception | None) -> None:
        """There is room for another."""
        self._stop_clock()
        self.host.connections.leave(self.source)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """A command that has no end is not waited for: aiosmtpd would, for ever."""
        if not self._is_in_mail:
            end = data.rfind(b"\n")
            self._line_bytes = len(data) - end - 1 if end >= 0 else self._line_bytes + len(data)
            if self._line_bytes > COMMAND_BYTES:
                self.dismiss(TOO_LONG)
                return
        super().data_received(data)

    def dismiss(self, answer: str) -> None:
        """Say a last word and hang up, also on who does not listen."""
        self._stop_clock()
        if self.transport is not None:
            line = cast("asyncio.Transport", self.transport)
            line.write(f"{answer}\r\n".encode())
            line.close()
            self._clock = self.loop.call_later(LAST_WORD_SECONDS, line.abort)

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802  (aiosmtpd's name)
        """Begin a mail, for which there is the whole time."""
        await super().smtp_MAIL(arg)
        if self.envelope is not None and self.envelope.mail_from:
            self._stop_clock()
            self._wait_until(self._began + settings.LISTENER_SECONDS)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802  (aiosmtpd's name)
        """Take in a mail: after its last byte it is kept, or its sender is told why not."""
        if await self.check_helo_needed():
            return
        envelope = self.envelope or Envelope()
        if arg or not envelope.rcpt_tos:
            await self.push("501 Syntax: DATA" if arg else "503 Error: need RCPT command")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        mail = Mail(self.host.room)
        try:
            await self._read(mail)
            answer = mail.refusal or await self._kept(envelope, mail.spool)
        finally:
            mail.give_back()
        self.envelope = self._create_envelope()
        await self.push("\r\n".join([answer] * self.answers_for(envelope)))

    def answers_for(self, envelope: Envelope) -> int:
        """How many answers a mail gets."""
        return 1

    async def _read(self, mail: "Mail") -> None:
        """All of it, also of one that is refused: the sender's side listens only then (RFC 5321, 4.2.5)."""
        reader, self._is_in_mail = MailReader(), True
        while not reader.is_complete:
            piece = await self._reader.read(READ_BYTES)
            if not piece:
                raise ConnectionResetError
            mail.add(reader.feed(piece))
        self._is_in_mail, self._line_bytes = False, 0
        self._reader.feed_data(reader.rest)

    async def _kept(self, envelope: Envelope, spool: Spool) -> str:
        """Storing is our time, not the sender's."""
        self._stop_clock()
        answer = await self.host.keep(envelope, spool)
        self._start_clock()
        return answer

    def _start_clock(self) -> None:
        self._began = self.loop.time()
        self._wait_until(self._began + min(FIRST_SECONDS, settings.LISTENER_SECONDS))

    def _wait_until(self, end: float) -> None:
        self._clock = self.loop.call_at(end, self.dismiss, TOO_SLOW)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()


class LmtpSession(Session, LMTP):
    """One sender's LMTP session."""

    def answers_for(self, envelope: Envelope) -> int:
        """One for each recipient, kept or not (RFC 2033, 4.2)."""
        return len(envelope.rcpt_tos)


class Mail:
    """A mail on its way in: its bytes while there is room for them, else why it is refused."""

    def __init__(self, room: Room) -> None:
        self.spool, self.refusal = Spool(), ""
        self._room, self._on_disk = room, 0

    def add(self, piece: bytes) -> None:
        """Keep the next bytes, if all so far can be kept."""
        if self.refusal:
            return
        size = len(self.spool) + len(piece)
        if size > settings.MAIL_MAX_BYTES:
            self._refuse(TOO_BIG)
        elif size > MOST_IN_MEMORY and not self._take(size - self._on_disk):
            self._refuse(NO_ROOM)
        else:
            try:
                self.spool.add(piece)
            except NoRoomError:
                self._refuse(NO_ROOM)

    def give_back(self) -> None:
        """Its bytes are stored, or not wanted any more."""
        self._room.give_back(self._on_disk)
        self._on_disk = 0

    def _take(self, size: int) -> bool:
        is_there = self._room.take(size)
        self._on_disk += size if is_there else 0
        return is_there

    def _refuse(self, answer: str) -> None:
        self.refusal, self.spool = answer, Spool()
        self.give_back()
