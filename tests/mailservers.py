"""Mail servers that a test has to itself."""

from collections.abc import Iterator

import pytest

from tests.dovecot import Dovecot


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A real Dovecot, made for this test and gone after it."""
    if Dovecot.program() is None:
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd)")
    server = Dovecot()
    try:
        server.start()
        yield server
    finally:
        server.stop()
