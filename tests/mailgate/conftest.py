"""The private Dovecot, and another program that looks at the same mailbox."""

from collections.abc import Iterator

import pytest
from imapclient import IMAPClient

from blobs.models import Blob
from mailgate.models import InboundMessage, Mailbox
from tests.dovecot import Dovecot, running_dovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One server for all tests of a run."""
    with running_dovecot() as server:
        yield server


@pytest.fixture
def other(dovecot: Dovecot) -> Iterator[IMAPClient]:
    """Another program, signed in; the inbox is empty, and we forget all mails afterwards."""
    dovecot.empty()
    with dovecot.client() as client:
        client.select_folder("INBOX")
        yield client
    InboundMessage.objects.all().delete()
    Mailbox.objects.all().delete()
    Blob.objects.all().delete()
