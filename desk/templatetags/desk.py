"""How tickets look in a page: ages, marks, icons, names of queues."""

from datetime import datetime, timedelta
from functools import cache, lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.zoom.bodies import fold_summary
from outbox.models import OutboundMessage, Recipient
from queues.models import SEPARATOR
from tickets.changes import Side
from tickets.kinds import Withheld
from tickets.models import Article, Event, StateType, Ticket
from tickets.subjects import without_mark

register = template.Library()

STATE_MARKS: dict[str, str] = {
    StateType.NEW: "new",
    StateType.OPEN: "open",
    StateType.PENDING_REMINDER: "pending",
    StateType.PENDING_AUTO: "auto",
    StateType.CLOSED: "closed",
    StateType.MERGED: "merged",
    StateType.REMOVED: "removed",
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of the sprite, hidden from screen readers: the word beside it says the same.

    Kept for good: the sprite's address is that of the manifest, which a process reads once as well.
    """
    address = static("img/icons.svg")
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#i-{}"/></svg>', address, name)


@register.simple_tag
def logo() -> SafeString:
    """KVV's sign."""
    address = static("img/icons.svg")
    return format_html('<svg class="logo" aria-hidden="true"><use href="{}#logo"/></svg>', address)


@register.filter
def subject_of(article: Article, ticket: Ticket) -> str:
    """An article's subject without the number that stands above it already."""
    return without_mark(number=ticket.number, subject=article.subject) or _("(no subject)")


@register.filter
def age(moment: datetime) -> str:
    """The two largest units since then: '9 d 3 u', '3 u 25 m', '58 m' (OTRS 12.17)."""
    return age_in_words(timezone.now() - moment, units=age_units())


def age_units() -> tuple[str, str, str]:
    """The letters for days, hours and minutes."""
    return _("d"), _("h"), _("m")


def age_in_words(since: timedelta, *, units: tuple[str, str, str]) -> str:
    """The same of a span of time, for whoever has many of them."""
    minutes = max(0, int(since.total_seconds() // 60))
    amounts = minutes // 1440, minutes // 60 % 24, minutes % 60
    first = next((place for place, amount in enumerate(amounts) if amount), 2)
    shown = list(zip(amounts, units, strict=True))[first : first + 2]
    return " ".join(f"{amount} {unit}" for place, (amount, unit) in enumerate(shown) if amount or not place)


@register.filter
def state_mark(ticket: Ticket) -> str:
    """The shape before a state's name."""
    return f"state--{STATE_MARKS[ticket.state_type]}"


@register.filter
@lru_cache(maxsize=1000)
def queue_name(name: str) -> SafeString:
    """A queue's name that may break behind '::'."""
    pieces = name.split(SEPARATOR)
    return format_html_join(format_html("{}<wbr>", SEPARATOR), "{}", ((piece,) for piece in pieces))


@register.filter
def breakable(address: str) -> SafeString:
    """An address that may break behind '@'."""
    name, at, domain = address.partition("@")
    return format_html("{}{}<wbr>{}", name, at, domain) if at else format_html("{}", address)


@register.filter
def article_mark(article: Article) -> str:
    """The class of an article's kind."""
    if article.channel == Article.Channel.NOTE:
        return "art--note"
    return f"art--{article.sender_type}"


@register.filter
def article_icon(article: Article) -> str:
    """The icon of an article's kind."""
    if article.channel == Article.Channel.NOTE:
        return "note"
    if article.channel == Article.Channel.PHONE:
        return "phone-in" if article.direction == Article.Direction.IN else "phone-out"
    if article.sender_type == Article.SenderType.SYSTEM:
        return "system"
    return "in" if article.direction == Article.Direction.IN else "out"


@register.filter
def article_kind(article: Article) -> str:
    """An article's kind in words: 'klant – e-mail extern', 'medewerker – notitie intern'."""
    sender, channel = Article.SenderType(article.sender_type), Article.Channel(article.channel)
    visibility = _("external") if article.is_visible else _("internal")
    return f"{sender.label} – {channel.label} {visibility}"


@register.filter
def fold_word(lines: int) -> str:
    """What the fold of a quotation says: how much there is behind it."""
    return fold_summary(lines)


@register.filter
def sender_of(article: Article) -> str:
    """Who an article is from: the name in a mail's From, the agent of a note."""
    name = article.from_header.partition("<")[0].strip(' "')
    return name or article.from_address or str(article.agent or _("unknown"))


@register.filter
def undelivered(mail: OutboundMessage) -> list[Recipient]:
    """Those to whom the mail came back; they are read together with it."""
    return [one for one in mail.recipients.all() if one.result == Recipient.Result.BOUNCED]


FIELDS = {
    "queue": gettext_lazy("Queue"),
    "state": gettext_lazy("State"),
    "owner": gettext_lazy("Owner"),
    "priority": gettext_lazy("Priority"),
    "instead_of": gettext_lazy("Instead of the closed ticket"),
    "auto_response": gettext_lazy("Automatic answer"),
    "undelivered": gettext_lazy("Not delivered"),
    "also_received": gettext_lazy("Also received by"),
    "withheld": gettext_lazy("Not sent"),
}


def _state_word(name: str) -> str:
    """A state's name as it was noted down, translated if it is one of those that ship."""
    translated = _
    return translated(name) if name else ""


def _withheld(side: Side) -> str:
    """Why no automatic answer was sent, and to whom it would have gone."""
    reason = Withheld(str(side["id"])).label
    address = f" ({side['label']})" if side["label"] else ""
    return f"{FIELDS['withheld']}: {reason}{address}"


@register.filter
def changes(event: Event) -> list[str]:
    """What an event changed, a sentence each: 'Status: open → succesvol gesloten'."""
    sentences = []
    for field, (before, after) in event.changes.items():
        if field == "locked":
            sentences.append(_("locked") if after["id"] else _("not locked"))
            continue
        if field == "elsewhere":
            sentences.append(_("The same mail became a ticket of its own in another queue."))
            continue
        if field == "withheld":
            sentences.append(_withheld(after))
            continue
        words = [
            _state_word(side["label"]) if field == "state" else side["label"] for side in (before, after)
        ]
        change = " → ".join(word for word in words if word)
        sentences.append(f"{FIELDS.get(field, field)}: {change or '–'}")
    return sentences
