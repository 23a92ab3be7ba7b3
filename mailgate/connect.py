"""Opening a mailbox, whatever it speaks."""

from contextlib import AbstractContextManager

from mailgate.folder import Folder
from mailgate.imap import open_imap
from mailgate.models import Mailbox
from mailgate.pop3 import open_pop3


def open_folder(mailbox: Mailbox, *, just_look: bool = False) -> AbstractContextManager[Folder]:
    """Connect, sign in and open; whatever goes wrong, then or later: `MailboxError`.

    With `just_look` nothing on the server can be changed.
    """
    if mailbox.protocol == Mailbox.Protocol.POP3:
        return open_pop3(mailbox)
    return open_imap(mailbox, just_look=just_look)
