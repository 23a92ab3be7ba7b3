"""The tests' tables of screens and presses: who gets what, and a form that is filled in; a new one is a row.

The role matrix, strangers, nonsense, unsaved text, the same form twice, what must not leave, races and the
browser read it. What is expected is written by hand: what would be made of the product could not fail.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse

from desk.writing.about import About
from queues.models import Queue
from tests.house import fillings as fill
from tests.house.filled_in_new import CREATED, CREATORS, NEW_TICKET, new_mail, new_ticket
from tests.house.fillings import Values, keep_mail
from tests.house.matrix import READERS, SIGN_IN, WRITERS, Row
from tickets.kinds import EventKind
from tickets.models import Ticket

UNFINISHED = Row(SIGN_IN, 404, 403, 422, 422)
"""Of a form with nothing in it."""


POSTED = Row(SIGN_IN, 404, 403, 302, 302)
"""Of what is done at once."""
FILES_POST = Row(SIGN_IN, 404, 403, 400, 400)
"""Of files that come without a form to belong to."""


KNOWN = frozenset({"submission", "anyway", "seen_event"})
"""What every form of a screen has."""
WRITTEN = KNOWN | {"rich", "html", "subject", "text", "time_units", "files"}
"""What every form has that makes an article."""


def number_of(ticket: Ticket) -> list[object]:
    """What the address of nearly all is made of."""
    return [ticket.number]


def nothing(ticket: Ticket) -> list[object]:
    """What the address is made of where a ticket is made."""
    return []


def about_ticket(ticket: Ticket) -> About:
    """What nearly all are about."""
    return About(tickets=(ticket,))


def about_first_article(ticket: Ticket) -> About:
    """What those are about that stand on an article: its first mail, kept as it came."""
    keep_mail(ticket)
    return About(tickets=(ticket,), article=ticket.articles.earliest("pk"))


def about_nothing(ticket: Ticket) -> About:
    """What those are about that make a ticket."""
    return About()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenRow:
    """What is expected of a screen.

    `get` and `post`: the status of its form, and of an empty one that is sent, by role. `path` ends its
    address. `takes_lock`: a colleague's lock keeps it shut. `action`: the action that it calls, which locks a
    ticket alone unless `tests/races/footprints.py` says more. `kind`: what the history calls its deed.
    `own_fields`: what the form asks beside subject, text, files and time. `fill`: what these hold in a form
    that is in order, for a ticket and a queue that its agent may move it to. `second`: what a second agent,
    who sends at the same moment, gets when they press the button again: 302 where it can still be done,
    None where both can (they do not get in each other's way). `writes`: its form has a subject, a text, files
    and time, and makes an article; `needs_text`: it asks for a text that is not there; `sends`: its text
    leaves as a mail; `makes_ticket`: a ticket is made by it. `arguments` make its address for a ticket,
    `about` is what the screen finds there.
    """

    path: str
    takes_lock: bool
    action: str
    kind: EventKind
    fill: Callable[[Ticket, Queue], Values]
    own_fields: frozenset[str] = frozenset()
    get: Row = WRITERS
    post: Row = UNFINISHED
    second: int | None = None
    writes: bool = True
    needs_text: bool = True
    sends: bool = False
    makes_ticket: bool = False
    arguments: Callable[[Ticket], list[object]] = number_of
    about: Callable[[Ticket], About] = about_ticket

    @property
    def common_fields(self) -> frozenset[str]:
        """What its form asks as all of its sort do."""
        return WRITTEN if self.writes else KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class PressRow:
    """What is expected of a press: the end of its address, and what a POST gets, by role."""

    path: str
    post: Row = POSTED
    arguments: Callable[[Ticket], list[object]] = number_of


def link_of(ticket: Ticket) -> list[object]:
    """The address of a link, or of a merge, of which there is none."""
    return [ticket.number, 1]


SCREENS: Mapping[str, ScreenRow] = {
    "reply": ScreenRow(
        path="antwoord",
        takes_lock=True,
        action="reply_to_ticket",
        kind=EventKind.ANSWERED,
        fill=fill.reply,
        sends=True,
        own_fields=frozenset(
            {
                *("to", "cc", "bcc", "book", "template", "state", "pending_until"),
                *("seen_elsewhere", "answered", "kind", "quoted", "taken_from"),
            }
        ),
        second=302,
    ),
    "note": ScreenRow(
        path="notitie",
        takes_lock=False,
        action="add_note",
        kind=EventKind.NOTED,
        fill=fill.note,
        own_fields=frozenset({"kind", "template", "ask"}),
    ),
    # Before closing, as what is closed neither waits nor has a priority.
    "wait": ScreenRow(
        path="wachten",
        takes_lock=True,
        action="let_ticket_wait",
        kind=EventKind.WAITS,
        fill=fill.wait,
        own_fields=frozenset({"state", "pending_until"}),
        second=422,
        needs_text=False,
    ),
    "priority": ScreenRow(
        path="prioriteit",
        takes_lock=True,
        action="change_priority",
        kind=EventKind.PRIORITY_CHANGED,
        fill=fill.priority,
        own_fields=frozenset({"priority"}),
        second=422,
        needs_text=False,
    ),
    "fields": ScreenRow(
        path="invulvelden",
        takes_lock=False,
        action="change_fields",
        kind=EventKind.FIELDS_CHANGED,
        fill=fill.fields,
        writes=False,
    ),
    "close": ScreenRow(
        path="sluiten",
        takes_lock=True,
        action="close_ticket",
        kind=EventKind.CLOSED,
        fill=fill.close,
        own_fields=frozenset({"state", "kind", "template"}),
        second=422,
        needs_text=False,
    ),
    "move": ScreenRow(
        path="wachtrij",
        takes_lock=True,
        action="move_ticket",
        kind=EventKind.MOVED,
        fill=fill.move,
        own_fields=frozenset({"queue", "new_owner", "previous_owner", "state", "pending_until", "ask"}),
        second=302,
        needs_text=False,
    ),
    "owner": ScreenRow(
        path="eigenaar",
        takes_lock=False,
        action="change_owner",
        kind=EventKind.OWNER_CHANGED,
        fill=fill.owner,
        own_fields=frozenset({"new_owner", "ask"}),
        second=302,
        needs_text=False,
    ),
    "customer": ScreenRow(
        path="klant",
        takes_lock=False,
        action="change_customer",
        kind=EventKind.CUSTOMER_CHANGED,
        fill=fill.customer,
        own_fields=frozenset({"customer", "customer_id", "customer_for"}),
        second=302,
        writes=False,
    ),
    "link": ScreenRow(
        path="koppel",
        takes_lock=False,
        action="link_tickets",
        kind=EventKind.LINKED,
        fill=fill.link,
        own_fields=frozenset({"ticket", "chosen", "kind"}),
        get=READERS,
        post=Row(SIGN_IN, 404, 422, 422, 422),
        writes=False,
    ),
    "merge": ScreenRow(
        path="samenvoegen",
        takes_lock=True,
        action="merge_tickets",
        kind=EventKind.MERGED,
        fill=fill.merge,
        own_fields=frozenset({"ticket", "chosen", "tells"}),
        writes=False,
    ),
    "call_to_customer": ScreenRow(
        path="uitgaand-gesprek",
        takes_lock=True,
        action="note_call_to_customer",
        kind=EventKind.CALLED,
        fill=fill.call_to_customer,
        own_fields=frozenset({"state", "pending_until", "template"}),
        second=302,
    ),
    "call_of_customer": ScreenRow(
        path="inkomend-gesprek",
        takes_lock=False,
        action="note_call_of_customer",
        kind=EventKind.WAS_CALLED,
        fill=fill.call_of_customer,
        own_fields=frozenset({"state", "pending_until", "template"}),
    ),
    "forward": ScreenRow(
        path="doorsturen",
        takes_lock=True,
        action="forward_message",
        sends=True,
        kind=EventKind.FORWARDED,
        fill=fill.forward,
        own_fields=frozenset({"to", "cc", "bcc", "book", "along", "is_visible", "state", "pending_until"}),
        about=about_first_article,
        second=302,
    ),
    "bounce": ScreenRow(
        path="bounce",
        takes_lock=True,
        action="bounce_mail",
        kind=EventKind.REDIRECTED,
        fill=fill.bounce,
        own_fields=frozenset({"to", "tells_sender", "state"}),
        about=about_first_article,
        second=302,
        needs_text=False,
    ),
    "new_phone": ScreenRow(
        path="telefoon",
        takes_lock=False,
        action="create_by_phone",
        kind=EventKind.CREATED,
        fill=new_ticket,
        own_fields=NEW_TICKET | {"receipt"},
        get=CREATORS,
        post=CREATED,
        makes_ticket=True,
        arguments=nothing,
        about=about_nothing,
    ),
    "new_email": ScreenRow(
        path="e-mail",
        takes_lock=False,
        action="create_by_mail",
        kind=EventKind.CREATED,
        fill=new_mail,
        own_fields=NEW_TICKET | {"cc", "bcc", "book"},
        get=CREATORS,
        post=CREATED,
        sends=True,
        makes_ticket=True,
        arguments=nothing,
        about=about_nothing,
    ),
    "split": ScreenRow(
        path="split",
        takes_lock=False,
        action="create_by_phone",
        kind=EventKind.CREATED,
        fill=new_ticket,
        own_fields=NEW_TICKET | {"receipt", "along"},
        makes_ticket=True,
        about=about_first_article,
    ),
    "split_email": ScreenRow(
        path="split-e-mail",
        takes_lock=False,
        action="create_by_mail",
        kind=EventKind.CREATED,
        fill=new_mail,
        own_fields=NEW_TICKET | {"cc", "bcc", "book", "along"},
        sends=True,
        makes_ticket=True,
        about=about_first_article,
    ),
}

PRESSES: Mapping[str, PressRow] = {
    "lock": PressRow(path="vergrendel"),
    "unlock": PressRow(path="ontgrendel"),
    "unread": PressRow(path="ongelezen", post=Row(SIGN_IN, 404, 302, 302, 302)),
    "watch": PressRow(path="volg", post=Row(SIGN_IN, 404, 302, 302, 302)),
    "unwatch": PressRow(path="niet-meer-volgen", post=Row(SIGN_IN, 404, 302, 302, 302)),
    "tick_off": PressRow(path="afvinken", post=Row(SIGN_IN, 404, 302, 302, 302)),
    "unmerge": PressRow(
        path="samenvoegingen/<int:merge>/ongedaan", post=Row(SIGN_IN, 404, 302, 302, 302), arguments=link_of
    ),
    "unlink": PressRow(
        path="koppelingen/<int:link>/los", post=Row(SIGN_IN, 404, 302, 302, 302), arguments=link_of
    ),
}


def files_post(row: ScreenRow) -> Row:
    """What an empty POST gets where files go; who makes tickets elsewhere finds the form there."""
    return replace(FILES_POST, stranger=400) if row.get.stranger == 200 else FILES_POST


FILES: Mapping[str, str] = {
    f"{name}_{end}": name for name, row in SCREENS.items() if row.writes for end in ("files", "image")
}
"""The addresses where the files of a form go: name → screen."""


def address_of(name: str, ticket: Ticket) -> str:
    """The address of a screen or a press for a ticket."""
    row = SCREENS.get(name) or PRESSES[name]
    return reverse(f"desk:{name}", args=row.arguments(ticket))


def filled_in(name: str, *, ticket: Ticket, target: Queue, **changes: object) -> Values:
    """A form of this screen as a browser sends it, in order but for what is changed."""
    row = SCREENS[name]
    values: Values = {"submission": str(uuid.uuid4())}
    if row.writes:
        values |= {
            "rich": "1",
            "html": "<p>Al <b>beantwoord</b>.</p>",
            "subject": "Kort",
            "time_units": "",
        }
    return values | row.fill(ticket, target) | changes


ON_TICKET = sorted(name for name, row in SCREENS.items() if row.writes and row.get == WRITERS)
"""The screens that write, and that are about a ticket."""

WRITING = {name: row for name, row in SCREENS.items() if row.writes}
"""The screens whose form has a text."""
