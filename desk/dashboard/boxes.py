"""The boxes of the dashboard, in the order in which they stand until an agent wants another: a row a box."""

from django.utils.translation import gettext_lazy as _

from desk.dashboard.away import fill_away
from desk.dashboard.box import Box, OwnBox
from desk.dashboard.for_you import FOR_YOU, fill_for_you
from desk.dashboard.lines import LineWords
from desk.dashboard.tickets import Tab, TicketBox
from desk.dashboard.upcoming import fill_upcoming
from desk.dashboard.week import fill_week
from desk.dashboard.welcome import fill_welcome
from desk.lists.asked import ListKind
from tickets.queries.escalation import LATE, escalating, windows
from tickets.queries.which import BEGUN, NEW, reminded

BOXES: tuple[Box, ...] = (
    OwnBox(name="welkom", title=_("Welcome!"), template="desk/dashboard/_welcome.html", fill=fill_welcome),
    OwnBox(name=FOR_YOU, title=_("For you"), template="desk/dashboard/_for_you.html", fill=fill_for_you),
    TicketBox(
        name="herinnering",
        title=_("Tickets with a reminder"),
        which=reminded,
        kind=ListKind.REMINDER,
        sort="pending",
        way="down",
        first=Tab.LOCKED,
        head=_("Reminder"),
        when=LineWords.reminder,
    ),
    TicketBox(
        name="geescaleerd",
        title=_("Escalated tickets"),
        which=lambda now: escalating(windows(now=now)[LATE]),
        kind=ListKind.ESCALATION,
        sort="term",
        way="up",
        first=Tab.ALL,
        head=_("Term"),
        when=LineWords.term,
        is_alarm=True,
    ),
    TicketBox(
        name="nieuw",
        title=_("New tickets"),
        which=lambda _now: NEW,
        kind=ListKind.OPEN,
        sort="age",
        way="down",
        first=Tab.QUEUES,
        head=_("Age"),
        when=LineWords.age,
        tallied=lambda counts: counts.new,
    ),
    TicketBox(
        name="open",
        title=_("Open tickets / waiting for an answer"),
        which=lambda _now: BEGUN,
        kind=ListKind.OPEN,
        sort="age",
        way="down",
        first=Tab.QUEUES,
        head=_("Age"),
        when=LineWords.age,
        tallied=lambda counts: counts.begun,
    ),
    OwnBox(
        name="week",
        title=_("Last 7 days"),
        template="desk/dashboard/_week.html",
        fill=fill_week,
        is_beside=True,
    ),
    OwnBox(
        name="gebeurtenissen",
        title=_("Upcoming events"),
        template="desk/dashboard/_upcoming.html",
        fill=fill_upcoming,
        is_beside=True,
    ),
    OwnBox(
        name="afwezig",
        title=_("Out of office"),
        template="desk/dashboard/_away.html",
        fill=fill_away,
        is_beside=True,
    ),
)
BY_NAME = {box.name: box for box in BOXES}
