"""What can go wrong with a mail server, each in one translated sentence."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from mailgate.mailbox.folder import MailboxError
from mailgate.models import Mailbox
from work.pace import TooSlowError


def refused(mailbox: Mailbox) -> MailboxError:
    """The server does not let us in."""
    return MailboxError(_("%(host)s refuses the user name or the password.") % {"host": mailbox.host})


def unreadable_password(mailbox: Mailbox) -> MailboxError:
    """It was sealed with a key that we don't have."""
    return MailboxError(
        _(
            "The password for %(host)s can't be read with the keys in KVV_SECRET_KEYS: "
            "put the right key there, or set the password anew."
        )
        % {"host": mailbox.host}
    )


def broke_off(mailbox: Mailbox, *, error: object) -> MailboxError:
    """The server said something we can't go on with."""
    words = {"host": mailbox.host, "error": str(error)}
    return MailboxError(_("%(host)s broke off: %(error)s") % words)


def unexpected(mailbox: Mailbox, *, error: Exception) -> MailboxError:
    """What nobody has thought of: its kind at least, as the log says the rest."""
    words = {"host": mailbox.host, "error": type(error).__name__}
    return MailboxError(
        _("Fetching from %(host)s failed in a way that KVV does not know (%(error)s). The log says more.")
        % words
    )


@contextmanager
def clear_sentences(mailbox: Mailbox) -> Iterator[None]:
    """Turns what the network raises into `MailboxError`."""
    words = {"host": mailbox.host, "port": mailbox.port}
    try:
        yield
    except socket.gaierror as error:
        raise MailboxError(_("There is no server named %(host)s.") % words) from error
    except UnicodeError as error:
        if "idna" not in str(error):  # only a name that can't be one, such as 'mail..example'
            raise
        raise MailboxError(_("There is no server named %(host)s.") % words) from error
    except ssl.SSLCertVerificationError as error:
        words["reason"] = error.verify_message
        raise MailboxError(
            _("The certificate of %(host)s can't be trusted (%(reason)s). Have it mended.") % words
        ) from error
    except ssl.SSLError as error:
        raise MailboxError(_("%(host)s does not speak TLS on port %(port)s.") % words) from error
    except ConnectionRefusedError as error:
        raise MailboxError(_("%(host)s refuses connections on port %(port)s.") % words) from error
    except TooSlowError as error:
        raise MailboxError(_("%(host)s answers too slowly, a few bytes at a time.") % words) from error
    except TimeoutError as error:
        raise MailboxError(_("%(host)s does not answer on port %(port)s.") % words) from error
    except OSError as error:
        raise broke_off(mailbox, error=error) from error


def tls_context(mailbox: Mailbox) -> ssl.SSLContext:
    """Trusts what this machine trusts; anything where the mailbox says so."""
    context = ssl.create_default_context()
    if not mailbox.check_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
