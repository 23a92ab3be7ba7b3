"""The tests' tables of screens and presses: who gets what, and a form that is filled in; a new one is a row.

The role matrix, strangers, nonsense, unsaved text, the same form twice, what must not leave, races and the
browser read it. What is expected is written by hand: what would be made of the product could not fail.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from blobs.store import store_bytes
from desk.writing.about import About
from queues.models import Queue, QueuePermission
from tests.factories import NOW, grant, make_agent, make_customer, make_free_field, make_ticket
from tests.house.filled_in_new import CREATED, CREATORS, NEW_TICKET, new_mail, new_ticket
from tests.house.matrix import READERS, SIGN_IN, WRITERS, Row
from tickets.kinds import EventKind
from tickets.models import Article, Priority, Ticket
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

Values = dict[str, object]
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


def reply(ticket: Ticket, target: Queue) -> Values:
    return {
        "to": "Karin Klant <karin@post.example>",
        "cc": "",
        "bcc": "",
        "seen_event": newest_event(ticket).event,
        "kind": "external",
        "answered": ticket.articles.filter(is_visible=True).latest("pk").pk,
        "state": state_by_key("closed_successful").pk,
        "pending_until": "",
    }


def forward(ticket: Ticket, target: Queue) -> Values:
    return {
        "to": "Bram Bos <bram@elders.example>",
        "cc": "",
        "bcc": "",
        "seen_event": newest_event(ticket).event,
        "state": state_by_key("closed_successful").pk,
        "pending_until": "",
    }


def keep_mail(ticket: Ticket) -> None:
    """Keep the ticket's mails as if they had come in by a mail server."""
    raw = store_bytes(b"From: Karin Klant <karin@post.example>\r\nSubject: Vraag\r\n\r\nHoe gaat dat?\r\n")
    ticket.articles.filter(direction=Article.Direction.IN, raw=None).update(raw=raw)


def bounce(ticket: Ticket, target: Queue) -> Values:
    keep_mail(ticket)
    return {
        "to": "bram@elders.example",
        "seen_event": newest_event(ticket).event,
        "state": state_by_key("closed_successful").pk,
    }


def note(ticket: Ticket, target: Queue) -> Values:
    return {"kind": "internal"}


def close(ticket: Ticket, target: Queue) -> Values:
    return {"state": state_by_key("closed_successful").pk, "kind": "internal"}


def move(ticket: Ticket, target: Queue) -> Values:
    return {"queue": target.pk, "new_owner": "", "previous_owner": "", "state": "", "pending_until": ""}


def owner(ticket: Ticket, target: Queue) -> Values:
    """Somebody who has come for this."""
    agent, now = make_agent(), Ticket.objects.select_related("queue").get(pk=ticket.pk)
    grant(agent, now.queue, QueuePermission.Right.OWNER)
    return {"new_owner": agent.pk}


def wait(ticket: Ticket, target: Queue) -> Values:
    until = max(timezone.now(), NOW) + timedelta(days=30)
    return {"state": state_by_key("pending_reminder").pk, "pending_until": f"{until:%Y-%m-%dT%H:%M}"}


def priority(ticket: Ticket, target: Queue) -> Values:
    now = Ticket.objects.values_list("priority", flat=True).get(pk=ticket.pk)
    return {"priority": min(set(Priority.values) - {now, ticket.priority})}


def customer(ticket: Ticket, target: Queue) -> Values:
    """Somebody who has come for this."""
    return {"customer": str(make_customer().addresses.get()), "customer_id": "", "customer_for": ""}


def fields(ticket: Ticket, target: Queue) -> Values:
    """A field of its own, so that no form finds there what it brings."""
    return {f"free_{make_free_field('short').pk}": "Zandhorst"}


def call_to_customer(ticket: Ticket, target: Queue) -> Values:
    return {
        "state": state_by_key("closed_successful").pk,
        "pending_until": "",
        "seen_event": newest_event(ticket).event,
    }


def call_of_customer(ticket: Ticket, target: Queue) -> Values:
    return {"state": state_by_key("open").pk, "pending_until": ""}


def link(ticket: Ticket, target: Queue) -> Values:
    """With another one of the same queue, which has come for this."""
    return {"ticket": make_ticket(ticket.queue).number, "chosen": "", "kind": "normal"}


def merge(ticket: Ticket, target: Queue) -> Values:
    """Into another one of the same queue, which has come for this."""
    return {"ticket": make_ticket(ticket.queue).number, "chosen": ""}


def link_of(ticket: Ticket) -> list[object]:
    """The address of a link, or of a merge, of which there is none."""
    return [ticket.number, 1]


SCREENS: Mapping[str, ScreenRow] = {
    "reply": ScreenRow(
        path="antwoord",
        takes_lock=True,
        action="reply_to_ticket",
        kind=EventKind.ANSWERED,
        fill=reply,
        sends=True,
        own_fields=frozenset(
            {
                *("to", "cc", "bcc", "book", "template", "state", "pending_until"),
                *("seen_elsewhere", "answered", "kind", "quoted"),
            }
        ),
        second=302,
    ),
    "note": ScreenRow(
        path="notitie",
        takes_lock=False,
        action="add_note",
        kind=EventKind.NOTED,
        fill=note,
        own_fields=frozenset({"kind", "template"}),
    ),
    # Before closing, as what is closed neither waits nor has a priority.
    "wait": ScreenRow(
        path="wachten",
        takes_lock=True,
        action="let_ticket_wait",
        kind=EventKind.WAITS,
        fill=wait,
        own_fields=frozenset({"state", "pending_until"}),
        second=422,
        needs_text=False,
    ),
    "priority": ScreenRow(
        path="prioriteit",
        takes_lock=True,
        action="change_priority",
        kind=EventKind.PRIORITY_CHANGED,
        fill=priority,
        own_fields=frozenset({"priority"}),
        second=422,
        needs_text=False,
    ),
    "fields": ScreenRow(
        path="invulvelden",
        takes_lock=False,
        action="change_fields",
        kind=EventKind.FIELDS_CHANGED,
        fill=fields,
        writes=False,
    ),
    "close": ScreenRow(
        path="sluiten",
        takes_lock=True,
        action="close_ticket",
        kind=EventKind.CLOSED,
        fill=close,
        own_fields=frozenset({"state", "kind", "template"}),
        second=422,
        needs_text=False,
    ),
    "move": ScreenRow(
        path="wachtrij",
        takes_lock=True,
        action="move_ticket",
        kind=EventKind.MOVED,
        fill=move,
        own_fields=frozenset({"queue", "new_owner", "previous_owner", "state", "pending_until"}),
        second=302,
        needs_text=False,
    ),
    "owner": ScreenRow(
        path="eigenaar",
        takes_lock=False,
        action="change_owner",
        kind=EventKind.OWNER_CHANGED,
        fill=owner,
        own_fields=frozenset({"new_owner"}),
        second=302,
        needs_text=False,
    ),
    "customer": ScreenRow(
        path="klant",
        takes_lock=False,
        action="change_customer",
        kind=EventKind.CUSTOMER_CHANGED,
        fill=customer,
        own_fields=frozenset({"customer", "customer_id", "customer_for"}),
        second=302,
        writes=False,
    ),
    "link": ScreenRow(
        path="koppel",
        takes_lock=False,
        action="link_tickets",
        kind=EventKind.LINKED,
        fill=link,
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
        fill=merge,
        own_fields=frozenset({"ticket", "chosen", "tells"}),
        writes=False,
    ),
    "call_to_customer": ScreenRow(
        path="uitgaand-gesprek",
        takes_lock=True,
        action="note_call_to_customer",
        kind=EventKind.CALLED,
        fill=call_to_customer,
        own_fields=frozenset({"state", "pending_until", "template"}),
        second=302,
    ),
    "call_of_customer": ScreenRow(
        path="inkomend-gesprek",
        takes_lock=False,
        action="note_call_of_customer",
        kind=EventKind.WAS_CALLED,
        fill=call_of_customer,
        own_fields=frozenset({"state", "pending_until", "template"}),
    ),
    "forward": ScreenRow(
        path="doorsturen",
        takes_lock=True,
        action="forward_message",
        sends=True,
        kind=EventKind.FORWARDED,
        fill=forward,
        own_fields=frozenset({"to", "cc", "bcc", "book", "along", "is_visible", "state", "pending_until"}),
        about=about_first_article,
        second=302,
    ),
    "bounce": ScreenRow(
        path="bounce",
        takes_lock=True,
        action="bounce_mail",
        kind=EventKind.REDIRECTED,
        fill=bounce,
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
        own_fields=NEW_TICKET | {"cc", "bcc"},
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
        own_fields=NEW_TICKET | {"cc", "bcc", "along"},
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
