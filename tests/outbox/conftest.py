"""The mail server of these tests."""

import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from outbox.models import Transport
from tests.outbox.mailserver import Server


@pytest.fixture
def server_class() -> type[Server]:
    """What kind of server it is."""
    return Server


@pytest.fixture
def server(server_class: type[Server]) -> Iterator[Server]:
    handler = server_class()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=handler.knows_utf8)
    controller.start()
    Transport.objects.create(
        name="test", host="127.0.0.1", port=port, security=Transport.Security.PLAIN, is_default=True
    )
    yield handler
    controller.stop()
