"""`manage.py listen`: take in mail by SMTP or LMTP until told to stop."""

import asyncio
import logging
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mailgate.listener import Listener, PortTakenError, serve
from mailgate.restored import look_at_start


class Command(BaseCommand):
    """Ends with 0 after SIGTERM or SIGINT, with 1 when the port can't be had."""

    help = "Listens for mail on KVV_MAIL_HOST and KVV_MAIL_PORT and keeps it for delivery."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The protocol is the only choice; the rest are settings."""
        parser.add_argument("--lmtp", action="store_true", help="speak LMTP instead of SMTP")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until stopped."""
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells of every command
        look_at_start()
        listener = Listener(host=settings.LISTENER_HOST, port=settings.LISTENER_PORT, lmtp=options["lmtp"])
        try:
            asyncio.run(serve(listener))
        except PortTakenError as error:
            raise CommandError(str(error)) from error
