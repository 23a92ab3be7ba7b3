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


def tell_of_failures(agent: Agent, *, count: int, knows_password: bool) -> None:
    """That somebody, who knows the password or not, tried to get in at their name and failed so often."""
    with translation.override(preferences_of(agent).language):
        if knows_password:
            what = _(
                "Somebody who knows your password in KVV has given a wrong code of your second factor "
                "%(n)s times. Was it not you? Choose another password at once."
            )
        else:
            what = _(
                "Somebody has tried %(n)s times to sign in to KVV with your name and a wrong password. "
                "Nobody got in that way, and you can sign in as before on the devices that you use."
            )
        _send(agent.email, what % {"n": count}, subject=_("Somebody tries to sign in to KVV as you"))


def _send(address: str, what: str, *, subject: str = "") -> None:
    if address:
        ask = _("If you don't know why, ask an administrator at once.")
        send_mail(subject or _("Your way into KVV was changed"), f"{what}\n\n{ask}\n", None, [address])
