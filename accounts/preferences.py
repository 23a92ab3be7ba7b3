"""What an agent prefers: read, and kept."""

import re
from collections.abc import Sequence
from datetime import datetime

from allauth.account.forms import ChangePasswordForm
from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import Agent, Preferences

ORDER = re.compile(r"[a-z]{1,20}:(up|down)")


def preferences_of(agent: Agent) -> Preferences:
    """The agent's preferences, read once a request; the defaults where none were ever saved."""
    try:
        return agent.preferences
    except Preferences.DoesNotExist:
        agent.preferences = Preferences(agent=agent)
        return agent.preferences


def is_mail_stopped(agent: Agent) -> bool:
    """Whether mails about tickets came back from the address that the agent has now."""
    stopped = preferences_of(agent).mail_stopped_for
    return bool(stopped) and stopped == agent.email


def stop_mail(*, agent: Agent, now: datetime) -> None:
    """Let no mail about tickets leave for the agent's address any more."""
    _keep_stopped(agent, address=agent.email, now=now)


def resume_mail(*, agent: Agent, now: datetime) -> None:
    """Let it leave again; what came back before does not count any more."""
    _keep_stopped(agent, address="", now=now)


def _keep_stopped(agent: Agent, *, address: str, now: datetime) -> None:
    stopped = {"mail_stopped_for": address, "mail_stopped_at": now}
    Preferences.objects.update_or_create(agent=agent, defaults=stopped)


def keep_view(*, agent: Agent, view: str) -> None:
    """Remember S, M or L; anything else is no view and changes nothing."""
    if view in Preferences.View:
        Preferences.objects.update_or_create(agent=agent, defaults={"view": view})


def keep_page_size(*, agent: Agent, size: str) -> None:
    """Remember how many tickets a page shows; anything but the sizes on offer changes nothing."""
    if size in map(str, Preferences.PAGE_SIZES):
        Preferences.objects.update_or_create(agent=agent, defaults={"page_size": int(size)})


def keep_order(*, agent: Agent, kind: str, order: str) -> None:
    """Remember how this kind of list is sorted, as 'column:up' or 'column:down'.

    The columns are known to the lists alone: one that a list does not have is as good as none there.
    """
    if kind not in Preferences.ListKind or not ORDER.fullmatch(order):
        return
    _keep_among("orders", agent=agent, key=kind, value=order)


def keep_tab(*, agent: Agent, box: str, tab: str) -> None:
    """Remember which tab of a box of the dashboard is shown; which there are, the dashboard knows."""
    _keep_among("box_tabs", agent=agent, key=box, value=tab)


def keep_boxes(*, agent: Agent, order: Sequence[str], hidden: Sequence[str], rows: int) -> None:
    """Remember in which order the dashboard has its boxes, which it has not, and how many tickets each."""
    chosen = {"box_order": list(order), "hidden_boxes": list(hidden), "box_rows": rows}
    Preferences.objects.update_or_create(agent=agent, defaults=chosen)


def keep_welcome_folded(*, agent: Agent, is_folded: bool) -> None:
    """Remember whether the words of welcome are folded away."""
    Preferences.objects.update_or_create(agent=agent, defaults={"welcome_is_folded": is_folded})


def keep(*, agent: Agent, **chosen: object) -> None:
    """Remember what the agent chose, by column; the other columns stay as they are."""
    agent.preferences, _made = Preferences.objects.update_or_create(agent=agent, defaults=chosen)


@transaction.atomic
def change_password(form: ChangePasswordForm) -> None:
    """Set the password that a valid form holds, and tell its agent."""
    form.save()


def second_factor_since(agent: Agent) -> datetime | None:
    """When the agent's second factor was made; None where they have none."""
    factors = Authenticator.objects.filter(user=agent, type=Authenticator.Type.TOTP)
    since: datetime | None = factors.values_list("created_at", flat=True).first()
    return since


@transaction.atomic
def _keep_among(column: str, *, agent: Agent, key: str, value: str) -> None:
    """Put one more into a column of several, whoever puts another into it at the same moment."""
    Preferences.objects.get_or_create(agent=agent)
    mine = Preferences.objects.select_for_update(no_key=True, of=("self",)).get(agent=agent)
    getattr(mine, column)[key] = value
    mine.save(update_fields=[column])
