"""How tickets are said and shown in a page: ages, marks, icons, names of queues.

Plain functions, for Python that makes words itself; templates have them by `{% load desk %}`.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Agent, CustomerAddress
from outbox.addresses import read_addresses
from queues.models import SEPARATOR
from tickets.changing.written import KVV
from tickets.kinds import EventKind
from tickets.letters.subjects import clean_subject, without_mark
from tickets.models import Article, StateType, Ticket
from tickets.queries.counted import is_whole

STATE_MARKS: dict[str, str] = {
    StateType.NEW: "new",
    StateType.OPEN: "open",
    StateType.PENDING_REMINDER: "pending",
    StateType.PENDING_AUTO: "auto",
    StateType.CLOSED: "closed",
    StateType.MERGED: "merged",
    StateType.REMOVED: "removed",
}
EVENT_ICONS: dict[str, str] = {
    EventKind.CREATED: "in",
    EventKind.FOLLOW_UP: "in",
    EventKind.FOLLOW_UP_REFUSED: "in",
    EventKind.ANSWERED: "out",
    EventKind.FORWARDED: "forward",
    EventKind.REDIRECTED: "bounce",
    EventKind.SENT_AGAIN: "refresh",
    EventKind.DECLARED_SENT: "check",
    EventKind.NOTED: "note",
    EventKind.CALLED: "phone-out",
    EventKind.WAS_CALLED: "phone-in",
    EventKind.MOVED: "move",
    EventKind.CLOSED: "done",
    EventKind.OWNER_CHANGED: "user",
    EventKind.CUSTOMER_CHANGED: "contact",
    EventKind.PRIORITY_CHANGED: "prio-up",
    EventKind.WAITS: "clock",
    EventKind.FIELDS_CHANGED: "fields",
    EventKind.LOCKED: "lock",
    EventKind.TAKEN: "lock",
    EventKind.UNLOCKED: "unlock",
    EventKind.AUTO_RESPONDED: "system",
    EventKind.AUTO_WITHHELD: "system",
    EventKind.ALSO_RECEIVED: "layers",
    EventKind.BOUNCED: "alert",
    EventKind.LINKED: "link",
    EventKind.UNLINKED: "link",
    EventKind.WATCHED: "star",
    EventKind.UNWATCHED: "star",
    EventKind.MERGED: "merge",
    EventKind.UNMERGED: "undo",
    EventKind.TERM_WARNED: "clock",
    EventKind.TERM_ENDED: "alert",
    EventKind.REMINDED: "clock",
    EventKind.LOCK_TIMED_OUT: "unlock",
    EventKind.ADDRESS_ADDED: "contact",
    EventKind.CUSTOMER_CLOSED: "done",
    EventKind.CUSTOMER_REOPENED: "in",
    EventKind.RATED: "star",
}
NAMED_MOST = 2
"""Of the recipients in one header: the others are counted."""

PRIORITY_ICONS = {1: "prio-down", 2: "prio-down", 4: "prio-up", 5: "prio-top"}
"""The arrow of a priority; 3 has none."""

ENDED_BADLY = "closed_unsuccessful"
"""The key of the state that has a mark of its own among the closed ones."""


@cache
def icon(name: str) -> SafeString:
    """An icon of the sprite, hidden from screen readers: the word beside it says the same.

    Kept for good: the sprite's address is that of the manifest, which a process reads once as well.
    """
    address = static("img/icons.svg")
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#i-{}"/></svg>', address, name)


def logo() -> SafeString:
    """KVV's sign."""
    address = static("img/icons.svg")
    return format_html('<svg class="logo" aria-hidden="true"><use href="{}#logo"/></svg>', address)


def subject_of(article: Article, ticket: Ticket) -> str:
    """An article's subject without the number that stands above it already."""
    return without_mark(number=ticket.number, subject=article.subject) or _("(no subject)")


def own_subject(article: Article, ticket: Ticket) -> str:
    """An article's subject where it is another than its ticket's, reply words and numbers apart; else ''."""
    bare = clean_subject(number=ticket.number, subject=article.subject)
    is_tickets = bare.casefold() == clean_subject(number=ticket.number, subject=ticket.title).casefold()
    return "" if is_tickets else without_mark(number=ticket.number, subject=article.subject)


def addressed_to(article: Article) -> str:
    """Whom a mail was sent to, as short as it can be said: 'aan Verzekeringen, cc penningmeester'."""
    headers = (
        (pgettext("recipients", "to"), article.to),
        (pgettext("recipients", "cc"), article.cc),
        (pgettext("recipients", "bcc"), article.bcc),
    )
    said = (f"{word} {names}" for word, header in headers if (names := _names_in(header)))
    return ", ".join(said) or _("sender and recipients")


def _names_in(header: str) -> str:
    """The names in a header, of who has none what stands before the '@'."""
    pairs = read_addresses(header)
    names = [name or address.partition("@")[0] for name, address in pairs[:NAMED_MOST]]
    return ", ".join(names) + (f" +{len(pairs) - NAMED_MOST}" if len(pairs) > NAMED_MOST else "")


def age(moment: datetime) -> str:
    """The two largest units since then: '9 d 3 u', '3 u 25 m', '58 m' (OTRS 12.17)."""
    return age_in_words(timezone.now() - moment, units=age_units())


def age_units() -> tuple[str, str, str]:
    """The letters for days, hours and minutes."""
    return _("d"), _("h"), _("m")


def age_in_words(since: timedelta, *, units: tuple[str, str, str]) -> str:
    """The two largest units of a span of time, for whoever has many of them to say."""
    minutes = max(0, int(since.total_seconds() // 60))
    amounts = minutes // 1440, minutes // 60 % 24, minutes % 60
    first = next((place for place, amount in enumerate(amounts) if amount), 2)
    shown = list(zip(amounts, units, strict=True))[first : first + 2]
    return " ".join(f"{amount} {unit}" for place, (amount, unit) in enumerate(shown) if amount or not place)


def holder(ticket: Ticket, agent: Agent) -> str:
    """Who has locked the ticket, to whom that is told: 'jij', or the colleague's name."""
    return _("you") if ticket.owner_id == agent.pk else str(ticket.owner or _("nobody"))


def event_icon(kind: str) -> str:
    """The icon of what happened; of what only a newer version knows, that of the history."""
    return EVENT_ICONS.get(kind, "history")


def state_mark(ticket: Ticket) -> str:
    """The shape before a state's name."""
    return mark_of_state(ticket.state_type, key=ticket.state.key)


def mark_of_state(state_type: str, *, key: str) -> str:
    """The shape before the name of the state with this key."""
    return f"state--{'failed' if key == ENDED_BADLY else STATE_MARKS[state_type]}"


@lru_cache(maxsize=1000)
def queue_name(name: str) -> SafeString:
    """A queue's name that may break behind '::'."""
    pieces = name.split(SEPARATOR)
    return format_html_join(format_html("{}<wbr>", SEPARATOR), "{}", ((piece,) for piece in pieces))


def breakable(address: str) -> SafeString:
    """An address that may break behind '@'."""
    name, at, domain = address.partition("@")
    return format_html("{}{}<wbr>{}", name, at, domain) if at else format_html("{}", address)


def article_mark(article: Article) -> str:
    """The class of an article's kind."""
    if article.channel == Article.Channel.NOTE:
        return "art--note"
    return f"art--{article.sender_type}"


def article_icon(article: Article) -> str:
    """The icon of an article's kind."""
    if article.channel == Article.Channel.NOTE:
        return "note"
    if article.channel == Article.Channel.PHONE:
        return "phone-in" if article.direction == Article.Direction.IN else "phone-out"
    if article.sender_type == Article.SenderType.SYSTEM:
        return "system"
    return "in" if article.direction == Article.Direction.IN else "out"


def article_kind(article: Article) -> str:
    """An article's kind in words: 'klant – e-mail extern', 'medewerker – notitie intern'."""
    sender = article.sender_type
    if article.channel == Article.Channel.NOTE and article.agent_id is None:
        sender = Article.SenderType.SYSTEM
    return kind_in_words(sender, article.channel, is_visible=article.is_visible)


def kind_in_words(sender_type: str, channel: str, *, is_visible: bool) -> str:
    """The kind of an article that is this."""
    visibility = _("external") if is_visible else _("internal")
    return f"{Article.SenderType(sender_type).label} – {Article.Channel(channel).label} {visibility}"


def sender_of(article: Article) -> str:
    """Who an article is from: the agent, the name in a mail's From, or KVV of a note that nobody wrote. A
    customer's call is theirs, whichever agent noted it down.
    """
    is_noted_down = article.sender_type == Article.SenderType.CUSTOMER and article.sender
    if article.agent is not None and not is_noted_down:
        return str(article.agent)
    nobody = KVV if article.direction == Article.Direction.INTERNAL else _("unknown")
    return article.sender or nobody


def addresses_of(header: str, *, customer: int | None, known: Sequence[CustomerAddress]) -> SafeString:
    """A header of a mail, with the addresses in it that are the customer's leading to their page."""
    if not header or customer is None or not known:
        return format_html("{}", header or "–")
    theirs = "|".join(re.escape(row.address) for row in known)
    pieces = re.split(rf"(?<![\w.+-])({theirs})(?![\w.-])", header, flags=re.IGNORECASE)
    at = reverse("desk:customer_page", args=[customer])
    for place in range(1, len(pieces), 2):
        pieces[place] = format_html('<a href="{}">{}</a>', at, pieces[place])
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def counted(count: int) -> str:
    """How many, of what is only counted up to a thousand: '12', and '1000+' where counting stopped."""
    return f"{count}" if is_whole(count) else f"{count}+"
