"""Keeping what an agent prefers."""

from allauth.account.forms import ChangePasswordForm

from accounts.models import Agent, Preferences


def keep_view(*, agent: Agent, view: str) -> None:
    """Remember S, M or L; anything else is no view and changes nothing."""
    if view in Preferences.View:
        Preferences.objects.update_or_create(agent=agent, defaults={"view": view})


def keep_language(*, agent: Agent, language: str) -> None:
    """Remember the language of the agent's pages."""
    Preferences.objects.update_or_create(agent=agent, defaults={"language": language})


def change_password(form: ChangePasswordForm) -> None:
    """Set the password that a valid form holds."""
    form.save()
