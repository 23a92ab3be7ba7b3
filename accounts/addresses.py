"""One address an agent: what `Agent.email` says is what allauth knows, and nothing else."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Agent


def keep_one_address(
    sender: type[Agent],
    instance: Agent,
    *,
    created: bool,
    update_fields: frozenset[str] | None = None,
    **kwargs: Any,
) -> None:
    """Let allauth know an agent's address, as an administrator has set it, and forget any other of theirs.

    It counts as verified: an administrator vouches for it. (Else allauth would take an agent's password away
    when they first sign in by OpenID.) A save of other columns, as at each sign-in, costs nothing here.
    """
    if update_fields is not None and "email" not in update_fields:
        return
    if created:  # there is nothing to forget yet
        if instance.email:
            EmailAddress.objects.create(user=instance, email=instance.email, verified=True, primary=True)
        return
    with transaction.atomic():
        EmailAddress.objects.filter(user=instance).exclude(email=instance.email).delete()
        if instance.email:
            EmailAddress.objects.update_or_create(
                user=instance, email=instance.email, defaults={"verified": True, "primary": True}
            )
