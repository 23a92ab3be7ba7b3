"""What can go wrong with an outgoing mail server, each in one translated sentence for the administrator."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from outbox.models import Transport
from vault.keys import UnreadableSecretError


class TransportError(Exception):
    """The server would not have a mail, and nothing of it has left; says why in a sentence."""


class UnreachableError(TransportError):
    """The server can't be used at all, whatever the mail."""


class DoubtError(Exception):
    """The line broke after the mail had begun to leave: nobody knows whether it arrived."""


@contextmanager
def unreachable_in_a_sentence(transport: Transport) -> Iterator[None]:
    """Turns what connecting and signing in raise into `UnreachableError`."""
    try:
        yield
    except UnreadableSecretError as error:
        sentence = _(
            "The password for %(host)s can't be read with the keys in KVV_SECRET_KEYS: put the right key "
            "there, or set the password anew."
        )
        raise UnreachableError(sentence % {"host": transport.host}) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: what can't be decoded
        words = {"host": transport.host, "port": transport.port}
        raise UnreachableError(_network(error, words) or _protocol(error, words)) from error


def _network(error: Exception, words: dict[str, object]) -> str:
    """What keeps a line from being there; '' where it is something else."""
    match error:
        case socket.gaierror() | UnicodeError():  # UnicodeError: a name that can't be one
            return _("There is no server named %(host)s.") % words
        case ssl.SSLCertVerificationError():
            words["reason"] = error.verify_message
            return _("The certificate of %(host)s can't be trusted (%(reason)s). Have it mended.") % words
        case ssl.SSLError():
            return _("%(host)s does not speak TLS on port %(port)s.") % words
        case ConnectionRefusedError():
            return _("%(host)s refuses connections on port %(port)s.") % words
        case TimeoutError():
            return _("%(host)s does not answer on port %(port)s.") % words
    return ""


def _protocol(error: Exception, words: dict[str, object]) -> str:
    """What is wrong with a line that is there."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return _("%(host)s refuses the user name or the password.") % words
        case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
            return _("%(host)s offers no STARTTLS on port %(port)s: choose another security.") % words
        case smtplib.SMTPNotSupportedError():
            return _("%(host)s offers nobody to sign in on port %(port)s: leave out the user name.") % words
        case smtplib.SMTPServerDisconnected() | smtplib.SMTPConnectError():
            return _("%(host)s does not speak SMTP as expected on port %(port)s.") % words
    return _("%(host)s broke off: %(error)s") % (words | {"error": str(error)})
