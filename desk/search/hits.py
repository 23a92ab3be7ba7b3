"""What was found, in the words the template prints: made here, because a template pays for every look-up."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from typing import Final, TypedDict
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Preferences
from desk.bulk.ticks import tick_box
from desk.bulk.verbs import PART
from desk.lists.acts import Act, acts_on
from desk.lists.cells import marks, unread_dot
from desk.lists.place import Place, with_place
from desk.search.asked import Search
from desk.skeleton import Skeleton, hole
from desk.words import icon, kind_in_words, mark_of_state, queue_name
from search.snippets import FileSnippet, Piece, Snippet, marked, snippets
from tickets.models import Ticket
from tickets.queries.listed import Listed, listed
from tickets.queries.previews import previews

NUMBER: Final = "NUMBER"
"""Stands in an address that is made once for where a row has its own."""
HOLES: Final = (
    "pick",
    "number",
    "dot",
    "title",
    "moment",
    "day",
    "text",
    "state",
    "queue",
    "who",
    "whose",
    "marks",
)
"""What each row has of its own."""

_TEXT: Final = '<p class="hit__text"><span class="hit__src">{}</span> {}</p>'


class Hit(TypedDict):
    """A ticket that was found: `shown` is its row but for what can be done to it at once, in the large view;
    `pick` is what its tick says."""

    shown: str
    pick: str
    title: str
    acts: Sequence[Act]


class _Hits:
    """Makes rows; what does not depend on the ticket is looked up once for all of them."""

    def __init__(self, search: Search, place: Place | None, *, can_pick: bool) -> None:
        self.search, self.place = search, place
        self.actor = search.which.actor
        address = conditional_escape(with_place(reverse("desk:zoom", args=[NUMBER]), place))
        self.skeleton = Skeleton(
            "desk/search/_hit.html",
            {
                "tick": tick_box(hole("pick"), word=_("Choose ticket"), number=hole("number"))
                if can_pick
                else "",
                "address": SafeString(address.replace(NUMBER, hole("path"))),
                **{name: hole(name) for name in HOLES},
            },
        )
        self.zone, self.no_subject = timezone.get_current_timezone(), _("(no subject)")
        self.attachment = _("attachment %(name)s") % {"name": "{}"}
        self.dots = {True: unread_dot(), False: ""}
        self.marks, self.translated, self.kind = cache(marks), cache(_), cache(kind_in_words)
        self.queue_name, self.whose = cache(queue_name), cache(_whose)

    def hit(
        self,
        row: Listed,
        title: Iterable[Piece],
        snippet: Snippet | FileSnippet | None,
        ticket: Ticket | None,
    ) -> Hit:
        created = row.created.astimezone(self.zone)
        pick = f"{row.number}{PART}{row.newest_event or 0}"
        shown = self.skeleton.filled(
            pick=escape(pick),
            number=escape(row.number),
            path=quote(row.number),
            dot=self.dots[row.is_unread],
            title=with_marks(title) or escape(self.no_subject),
            moment=f"{created:%Y-%m-%d}",
            day=f"{created:%d-%m-%Y}",
            text=self.text(snippet) if snippet else "",
            state=format_html(
                '<span class="state {}">{}</span>',
                mark_of_state(row.state_type, key=row.state_key),
                self.translated(row.state),
            ),
            queue=self.queue_name(row.queue),
            who=format_html("<span>{}</span>", row.sender_name) if row.sender_name else "",
            whose=self.whose(row.owner, is_locked=row.locked),
            marks=self.marks(row.priority, row.attachment_count, is_undelivered=row.is_undelivered),
        )
        acts = acts_on(ticket, actor=self.actor, place=self.place) if ticket else ()
        return Hit(shown=shown, pick=pick, title=row.title or self.no_subject, acts=acts)

    def text(self, snippet: Snippet | FileSnippet) -> SafeString:
        """The piece of the article or file in which the words stand, and which one that is."""
        if isinstance(snippet, FileSnippet):
            name = format_html(self.attachment, with_marks(snippet.name))
            return format_html(_TEXT, name, with_marks(snippet.pieces))
        kind = self.kind(snippet.sender_type, snippet.channel, is_visible=snippet.is_visible)
        return format_html(_TEXT, f"#{snippet.position} {kind}", with_marks(snippet.pieces))


def hits_of(
    search: Search, ids: Sequence[int], *, view: str, place: Place | None, can_pick: bool
) -> list[Hit]:
    """The rows of a page of ids, as far as the agent may see them; three statements, of the small view two.

    The large view has what can be done to each ticket at once, by one more.
    """
    actor, rows = search.which.actor, _Hits(search, place, can_pick=can_pick)
    tickets = listed(actor=actor, ids=ids)
    titles = marked([ticket.title for ticket in tickets], asked=search.filters.asked)
    texts: Mapping[int, Snippet | FileSnippet] = {}
    if view != Preferences.View.SMALL:
        texts = snippets([ticket.pk for ticket in tickets], asked=search.filters.asked, actor=actor)
    shown = previews(actor=actor, ids=ids) if view == Preferences.View.LARGE else {}
    whole = {ticket_id: preview.ticket for ticket_id, preview in shown.items()}
    return [
        rows.hit(ticket, title, texts.get(ticket.pk), whole.get(ticket.pk))
        for ticket, title in zip(tickets, titles, strict=True)
    ]


def with_marks(pieces: Iterable[Piece]) -> SafeString:
    """A text with the words marked that were asked for."""
    parts = (f"<mark>{escape(text)}</mark>" if is_hit else escape(text) for text, is_hit in pieces)
    return SafeString("".join(parts))


def _whose(owner: str, *, is_locked: bool) -> SafeString:
    """Who owns it, or has it locked; '' for nobody."""
    if not owner:
        return SafeString("")
    word = _("locked by %(name)s") if is_locked else _("owner %(name)s")
    return format_html("<span>{}{}</span>", icon("lock") if is_locked else "", word % {"name": owner})
