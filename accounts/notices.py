"""Telling an agent, where they were reachable before, that their way in was changed."""

from collections.abc import Sequence

from django.core.mail import send_mail
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agent
from accounts.preferences import preferences_of

ADDRESS = gettext_lazy("An administrator has given your account in KVV another e-mail address.")
USERNAME = gettext_lazy("An administrator has changed your username in KVV to '%(username)s'.")
SECOND_FACTOR = gettext_lazy("An administrator has removed your second factor for signing in to KVV.")
IDENTITY = gettext_lazy("An administrator has removed the OpenID identity by which you sign in to KVV.")
PASSWORD = gettext_lazy("An administrator has set a new password for your account in KVV.")
NO_PASSWORD = gettext_lazy("An administrator has removed the password of your account in KVV.")
OWN_PASSWORD = gettext_lazy("Your password in KVV has been changed.")


def tell_of_changes(agent: Agent, changes: Sequence[str | Promise], *, address: str) -> None:
    """These sentences, in one mail to the address before: another may be somebody else's by now."""
    with translation.override(preferences_of(agent).language):
        said = [str(sentence) % {"username": agent.username} for sentence in changes]
        if said:
            _send(address, "\n".join(said))


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
