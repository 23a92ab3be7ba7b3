"""A real SMTP server (aiosmtpd) that says what it is told to say and keeps what it took."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from kvv.embedded.ports import free_port


class Server:
    """What the server says and keeps: a handler, as aiosmtpd calls it."""

    knows_utf8 = True

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.at_ehlo = self.at_mail = "250 OK"
        self.after_data = "250 OK"
        self.taken: list[Envelope] = []

    async def handle_EHLO(  # noqa: N802  (aiosmtpd names it)
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        if self.at_ehlo == "hang up":
            _hang_up(server)
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802  (aiosmtpd names it)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_mail == "hang up":
            _hang_up(server)
        elif self.at_mail.startswith("250"):
            envelope.mail_from = address
        return self.at_mail

    async def handle_RCPT(  # noqa: N802  (aiosmtpd names it)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.after_data == "hang up":
            _hang_up(server)
        elif self.after_data.startswith("break"):
            _break_line_of(int(self.after_data.removeprefix("break ")))
            return "250 OK"
        elif self.after_data.startswith("250"):
            self.taken.append(envelope)
        return self.after_data


@contextmanager
def serving(handler: object, *, knows_utf8: bool = True) -> Iterator[int]:
    """Have this handler take mail; gives the port, on 127.0.0.1."""
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=knows_utf8)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


def _break_line_of(backend: int) -> None:
    """End another's connection to the database, as a restart of the database does."""
    line = psycopg2.connect(**connection.get_connection_params())
    try:
        with line.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    finally:
        line.close()
