"""What the bar above a list offers to be done to the tickets that are ticked in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from queues.models import QueuePermission
from tickets.actor import Actor

Right = QueuePermission.Right
CHANGING = (Right.NOTE, Right.OWNER, Right.PRIORITY, Right.ALL)
"""The rights by which there is something that can be done to many tickets."""
BULK = "bulk"
"""What the address of a list says of tickets that were chosen before, to choose more."""
DO = "do"
"""What the address of the screen says of the verb."""
LOCK, UNLOCK = "lock", "unlock"
BETWEEN, PART = ",", ":"
"""What stands between ticks that come in one field, and between the two parts of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """A button of the bar: its word and icon, and how the screen that it opens is headed and begins.

    `focus` is the field that one came for, `first` what stands in some of them already; of the state its key.
    `screen` is the name of a screen of its own, for what can't be done beside other things.
    """

    word: str | Promise
    icon: str
    title: Callable[[int], str]
    focus: str = ""
    first: Mapping[str, str] = field(default_factory=dict)
    screen: str = "bulk"


def _lock(n: int) -> str:
    return ngettext("lock %(n)s ticket", "lock %(n)s tickets", n) % {"n": n}


def _owner(n: int) -> str:
    return ngettext("new owner of %(n)s ticket", "new owner of %(n)s tickets", n) % {"n": n}


def _move(n: int) -> str:
    return ngettext("change queue of %(n)s ticket", "change queue of %(n)s tickets", n) % {"n": n}


def _close(n: int) -> str:
    return ngettext("close %(n)s ticket", "close %(n)s tickets", n) % {"n": n}


def _note(n: int) -> str:
    return ngettext("note in %(n)s ticket", "note in %(n)s tickets", n) % {"n": n}


def _priority(n: int) -> str:
    return ngettext("priority of %(n)s ticket", "priority of %(n)s tickets", n) % {"n": n}


def _wait(n: int) -> str:
    return ngettext("let %(n)s ticket wait", "let %(n)s tickets wait", n) % {"n": n}


def _unlock(n: int) -> str:
    return ngettext("unlock %(n)s ticket", "unlock %(n)s tickets", n) % {"n": n}


def _merge(n: int) -> str:
    return ngettext("merge %(n)s ticket", "merge %(n)s tickets", n) % {"n": n}


def _link(n: int) -> str:
    return ngettext("link %(n)s ticket", "link %(n)s tickets", n) % {"n": n}


NEAR: Mapping[str, Verb] = {
    "lock": Verb(word=pgettext_lazy("verb", "Lock"), icon="lock", title=_lock, first={"lock": LOCK}),
    "owner": Verb(word=_("Owner"), icon="user", title=_owner, focus="new_owner"),
    "move": Verb(word=_("Change queue"), icon="move", title=_move, focus="queue"),
    "close": Verb(
        word=pgettext_lazy("verb", "Close"), icon="done", title=_close, first={"state": "closed_successful"}
    ),
}
MORE: Mapping[str, Verb] = {
    "note": Verb(word=_("Note"), icon="note", title=_note),
    "priority": Verb(word=_("Priority"), icon="flag", title=_priority, focus="priority"),
    "wait": Verb(
        word=_("Wait"), icon="clock", title=_wait, focus="pending_until", first={"state": "pending_reminder"}
    ),
    "merge": Verb(word=_("Merge"), icon="merge", title=_merge, screen="bulk_merge"),
    "link": Verb(word=pgettext_lazy("verb", "Link"), icon="link", title=_link, screen="bulk_link"),
    "unlock": Verb(word=_("Unlock"), icon="unlock", title=_unlock, first={"lock": UNLOCK}),
}
VERBS: Mapping[str, Verb] = {**NEAR, **MORE}
"""What a button sends → what it means."""


def verb_named(name: str) -> Verb:
    """The verb of this name; for any other word that of the note, which is no more than a text."""
    return VERBS.get(name, VERBS["note"])


def may_change(actor: Actor) -> bool:
    """Whether this actor has something to choose tickets for."""
    rights = actor.agent_rights
    return any(rights.ids(right) for right in CHANGING)
