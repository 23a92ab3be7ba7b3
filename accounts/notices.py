"""Telling an agent, where they were reachable before, that their way in was changed."""

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Agent
from accounts.preferences import preferences_of


def tell_of_new_address(agent: Agent, *, before: str) -> None:
    """To the address before: it is not theirs any more here."""
    with translation.override(preferences_of(agent).language):
        _send(before, _("An administrator has given your account in KVV another e-mail address."))


def tell_of_new_password(agent: Agent) -> None:
    """That somebody else has set the password."""
    with translation.override(preferences_of(agent).language):
        _send(agent.email, _("An administrator has set a new password for your account in KVV."))


def _send(address: str, what: str) -> None:
    if address:
        ask = _("If you don't know why, ask an administrator at once.")
        send_mail(_("Your way into KVV was changed"), f"{what}\n\n{ask}\n", None, [address])
