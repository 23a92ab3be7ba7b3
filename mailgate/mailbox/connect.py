"""Opening a mailbox, whatever it speaks."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from mailgate.mailbox.folder import Folder, MailboxError
from mailgate.mailbox.imap import open_imap
from mailgate.mailbox.leases import LeaseLost
from mailgate.mailbox.pop3 import open_pop3
from mailgate.mailbox.sentences import unexpected, unreadable_password
from mailgate.models import Mailbox
from vault.keys import UnreadableSecretError
from work.away import AWAY

logger = logging.getLogger(__name__)


@contextmanager
def open_folder(mailbox: Mailbox, *, just_look: bool = False) -> Iterator[Folder]:
    """Connect, sign in and open; whatever goes wrong, then or later: `MailboxError`.

    But for a lost lease and a database that is away, which are no trouble of the mailbox. With `just_look`
    nothing on the server can be changed.
    """
    try:
        with _opened(mailbox, just_look=just_look) as folder:
            yield folder
    except (MailboxError, LeaseLost, *AWAY):
        raise
    except Exception as error:
        logger.exception("mailbox %s: what nobody has thought of", mailbox)
        raise unexpected(mailbox, error=error) from error


def _opened(mailbox: Mailbox, *, just_look: bool) -> AbstractContextManager[Folder]:
    try:
        password = mailbox.password.reveal()
    except UnreadableSecretError as error:
        raise unreadable_password(mailbox) from error
    if mailbox.protocol == Mailbox.Protocol.POP3:
        return open_pop3(mailbox, password=password)
    return open_imap(mailbox, password=password, just_look=just_look)
