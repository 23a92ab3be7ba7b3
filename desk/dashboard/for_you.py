"""Voor jou: what colleagues asked the agent, each with what ends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.preferences import preferences_of
from desk.frame import AgentRequest
from desk.lists.place import Place, with_place
from desk.lists.rows import moment_in_words, named_days
from desk.screens.registry import PRESSES, SCREENS
from desk.words import counted
from tickets.actor import Actor
from tickets.queries.asked import Question, questions_to

FOR_YOU = "jou"
"""Its name in addresses and preferences."""


@dataclass(frozen=True, slots=True)
class Line:
    """A question: the ticket that it is about, who asks, since when, and how their note begins.

    `note`: where its agent writes one, '' where they may not; `tick_off`: what a press posts to.
    """

    title: str
    address: str
    by: str
    since: str
    words: str
    note: str
    tick_off: str


@dataclass(frozen=True, slots=True)
class ForYou:
    """The newest questions. `count` is that of all, `more` the list of them where there are others."""

    lines: list[Line]
    count: str
    more: str


def fill_for_you(request: AgentRequest) -> ForYou:
    """As many as a box has rows, the newest first; one statement."""
    questions = questions_to(request.actor, most=preferences_of(request.user).box_rows)
    days = named_days(timezone.localdate())
    lines = [_line(question, actor=request.actor, days=days) for question in questions]
    count = request.counters.asked
    return ForYou(lines, counted(count), reverse("desk:my_asked") if count > len(lines) else "")


def _line(question: Question, *, actor: Actor, days: Mapping[date, str]) -> Line:
    ticket, note = question.ticket, SCREENS["note"]
    place, about = Place(reverse("desk:home"), {"show": FOR_YOU}), [ticket.number]
    return Line(
        title=ticket.title or _("(no subject)"),
        address=with_place(reverse("desk:zoom", args=about), place),
        by=str(question.by),
        since=moment_in_words(timezone.localtime(question.at), days=days, day="%d-%m"),
        words=question.words,
        note=with_place(reverse(note.address, args=about), place) if note.is_offered(actor, ticket) else "",
        tick_off=reverse(PRESSES["tick_off"].address, args=about),
    )
