"""One address an agent: what `Agent.email` says is what allauth knows, and nothing else."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Agent


@transaction.atomic
def keep_one_address(sender: type[Agent], instance: Agent, **kwargs: Any) -> None:
    """Let allauth know an agent's address, as an administrator has set it, and forget any other of theirs.

    It counts as verified: an administrator vouches for it. (Else allauth would take an agent's password away
    when they first sign in by OpenID.)
    """
    others = EmailAddress.objects.filter(user=instance)
    if not instance.email:
        others.delete()
        return
    others.exclude(email=instance.email).delete()
    EmailAddress.objects.update_or_create(
        user=instance, email=instance.email, defaults={"verified": True, "primary": True}
    )
