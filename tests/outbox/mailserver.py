"""A mail server that says what it is told to say, and mails for it."""

import asyncio
from typing import Any

import psycopg2
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from outbox.models import OutboundMessage, Recipient
from outbox.queueing import enqueue

MIME = b"Subject: Antwoord\r\n\r\nDat gaat zo.\r\n"


class Server:
    """Says what it is told to say, and keeps what it took."""

    knows_utf8 = True

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.after_data = "250 OK"
        self.taken: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802  (aiosmtpd names it)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.after_data == "hang up":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        elif self.after_data.startswith("break"):
            _break_line_of(int(self.after_data.removeprefix("break ")))
            return "250 OK"
        elif self.after_data.startswith("250"):
            self.taken.append(envelope)
        return self.after_data


def _break_line_of(backend: int) -> None:
    """End another's connection to the database, as a restart of the database does."""
    line = psycopg2.connect(**connection.get_connection_params())
    try:
        with line.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    finally:
        line.close()


def queued(*recipients: str, **values: Any) -> OutboundMessage:
    key = values.pop("key", "een")
    return enqueue(
        mime=MIME,
        message_id=f"{key}@kvv.example",
        sender="spel@kvv.example",
        recipients=recipients or ("karin@post.example",),
        subject="Antwoord",
        dedupe_key=key,
        **values,
    )


def state_of(message: OutboundMessage) -> str:
    message.refresh_from_db()
    return message.state


def results(message: OutboundMessage) -> dict[str, str]:
    return dict(Recipient.objects.filter(message=message).values_list("address", "result"))
