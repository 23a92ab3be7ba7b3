"""`manage.py catch_mail`: the demo's end of all outgoing mail."""

import asyncio
import logging
import os
import signal
from typing import Any

from aiosmtpd.smtp import SMTP
from django.core.management.base import BaseCommand, CommandError

from kvv.demo.catcher import Catcher

HOST, PORT = "127.0.0.1", "2526"
SIZE_MOST = 100_000_000


class Command(BaseCommand):
    """Ends with 0 after SIGTERM or SIGINT, with 1 when the port can't be had."""

    help = "Keeps each outgoing mail as a file under var/outbox/ (demo only)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until stopped."""
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        port = int(os.environ.get("KVV_CATCHER_PORT", PORT))
        try:
            asyncio.run(_serve(port))
        except OSError as error:
            sentence = (
                f"Can't catch mail on port {port} ({error.strerror}): choose another with KVV_CATCHER_PORT."
            )
            raise CommandError(sentence) from error


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    catcher = Catcher()
    server = await loop.create_server(
        lambda: SMTP(catcher, data_size_limit=SIZE_MOST, enable_SMTPUTF8=True, ident="KVV demo catcher"),
        HOST,
        port,
    )
    async with server:
        await stopped.wait()
