"""Mail servers that a test has to itself."""

from collections.abc import Iterator

import pytest

from outbox.models import Transport
from tests.dovecot import Dovecot, running_dovecot
from tests.smtp_server import Server, serving


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A real Dovecot, made for this test and gone after it."""
    with running_dovecot() as server:
        yield server


@pytest.fixture
def server_class() -> type[Server]:
    """What kind of SMTP server it is."""
    return Server


@pytest.fixture
def server(db: None, server_class: type[Server]) -> Iterator[Server]:
    """A real SMTP server, and the transport that leads there."""
    handler = server_class()
    with serving(handler, knows_utf8=handler.knows_utf8) as port:
        Transport.objects.create(
            name="test", host="127.0.0.1", port=port, security=Transport.Security.PLAIN, is_default=True
        )
        yield handler
