"""The history of a ticket in words: what happened, when, by whom, and what it changed.

Each field that an event's `changes` can name has its sentence in `WORDS` (`tests/house/` compares them); one
of several of a sort is named by the sort, a colon and its id. What only a newer version knows, which runs
beside this one, is left out: nobody is to read a key of the program instead.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from outbox.addresses import read_addresses
from tickets.changing.changes import Side
from tickets.changing.written import KVV
from tickets.kinds import ABOUT_AN_ARTICLE, EventKind, Rating, Withheld
from tickets.models import Article, Event, Priority, TicketMerge
from tickets.terms import Term

logger = logging.getLogger(__name__)

Sentence = Callable[[Side, Side], str]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event as people read it: the moment, who it was, what it was, and a sentence for each change.

    `kind` is the event's, one of `EventKind`; `merge` is what was merged into the ticket then; `form`: the id
    of the version of the question form that it came by; `is_bad`: mail of ours did not arrive.
    """

    at: datetime
    kind: str
    who: str
    what: str
    changes: list[str]
    merge: TicketMerge | None
    form: int | str | None

    @property
    def is_bad(self) -> bool:
        """Whether somebody has to look after it."""
        return self.kind == EventKind.BOUNCED


def history_of(events: Iterable[Event]) -> list[HistoryLine]:
    """The lines of these events, in their order."""
    return [
        HistoryLine(
            at=event.at,
            kind=event.kind,
            who=_who(event),
            what=_what(event),
            changes=sentences(event),
            merge=getattr(event, "merge", None),
            form=event.changes["form"][1]["id"] if "form" in event.changes else None,
        )
        for event in events
    ]


def _who(event: Event) -> str:
    """Who did it: an agent, the customer whose words it brought, else what part of KVV it was."""
    if event.agent is not None:
        return str(event.agent)
    if event.kind in (EventKind.AUTO_RESPONDED, EventKind.AUTO_WITHHELD):
        return KVV
    article = None if event.kind in ABOUT_AN_ARTICLE else event.article
    if article is not None and article.sender_type == Article.SenderType.CUSTOMER and article.sender:
        return article.sender
    return str(PARTS.get(event.actor_kind) or event.get_actor_kind_display())


def _what(event: Event) -> str:
    """What happened; of a mail of ours also to whom it went, of a note what it is about."""
    article = event.article
    if article is None:
        return event.word
    if event.kind in SENDING and (to := read_addresses(article.to, article.cc, article.bcc)):
        return _("%(what)s to %(addresses)s") % {
            "what": event.word,
            "addresses": ", ".join(address for _name, address in to),
        }
    return f"{event.word}: {article.subject}" if event.kind == EventKind.NOTED else event.word


def sentences(event: Event) -> list[str]:
    """What an event changed, a sentence each: 'Status: open → succesvol gesloten'."""
    changes = ((field, *sides) for field, sides in event.changes.items())
    told = (_told(event, field, before, after) for field, before, after in changes)
    return [sentence for sentence in told if sentence is not None]


def _told(event: Event, field: str, before: Side, after: Side) -> str | None:
    """One change in words; None, and a line in the log, where field or value are not ours."""
    try:
        return WORDS[field.partition(":")[0]](before, after)
    except (KeyError, ValueError):
        logger.warning("event %s tells of '%s', for which this version has no words", event.pk, field)
        return None


def _named(field: str | Promise) -> Sentence:
    """The field's name, and what it was and is called; what has no name is left out."""

    def sentence(before: Side, after: Side) -> str:
        return _change(field, before["label"], after["label"])

    return sentence


def _change(field: str | Promise, *words: str) -> str:
    change = " → ".join(word for word in words if word)
    return f"{field}: {change or '–'}"


def _state(before: Side, after: Side) -> str:
    return _change(_("State"), _state_name(before["label"]), _state_name(after["label"]))


def _state_name(name: str) -> str:
    """A state's name as it was noted down, translated if it is one of those that ship."""
    return _(name) if name else ""


def _priority(before: Side, after: Side) -> str:
    chosen = (Priority(int(side["id"])) for side in (before, after) if side["id"] is not None)
    return _change(_("Priority"), *(str(priority.label) for priority in chosen))


def _pending_until(before: Side, after: Side) -> str:
    return _change(_("Pending until"), *(_moment(side["id"]) for side in (before, after)))


def _moment(moment: int | str | None) -> str:
    """A moment as it was noted down, in the reader's time and order; '' for none."""
    return date_format(localtime(datetime.fromisoformat(str(moment))), "d-m-Y H:i") if moment else ""


def _free(before: Side, after: Side) -> str:
    """A free field by its name as it was then, in the reader's language; nothing in it is a dash."""
    language = get_language() or ""
    names = after.get("names") or {}
    was, is_now = (side.get("labels", {}).get(language, side["label"]) for side in (before, after))
    return _change(names.get(language, ""), was or NOTHING_IN_IT, is_now or NOTHING_IN_IT)


def _form(before: Side, after: Side) -> str:
    """The question form that it came by, in the reader's language."""
    return _change(_("Form"), form_words(after))


def form_words(side: Side) -> str:
    """A question form and its version, as it was called when something was sent by it."""
    return side.get("labels", {}).get(get_language() or "", side["label"])


def _locked(before: Side, after: Side) -> str:
    return _("locked") if after["id"] else _("not locked")


def _channel(before: Side, after: Side) -> str:
    """By which way an agent began the ticket, and with whom."""
    way = {Article.Channel.PHONE: _("By phone, of"), Article.Channel.EMAIL: _("By e-mail, to")}
    return _change(way[Article.Channel(str(after["id"]))], after["label"])


def _receipt(before: Side, after: Side) -> str:
    return _("A confirmation of receipt was asked for.")


def _elsewhere(before: Side, after: Side) -> str:
    return _("The same mail became a ticket of its own in another queue.")


def _withheld(before: Side, after: Side) -> str:
    """Why no automatic answer was sent, and to whom it would have gone."""
    reason = Withheld(str(after["id"])).label
    address = f" ({after['label']})" if after["label"] else ""
    return _change(_("Not sent"), f"{reason}{address}")


def _term(before: Side, after: Side) -> str:
    """Which term, and when it ends or ended."""
    return _change(TERM_WORDS[Term(str(after["id"]))], _moment(after["label"]))


def _out_of_sight(before: Side, after: Side) -> str:
    return _("%(who)s was asked, and can't see this ticket any more.") % {"who": after["label"]}


def _asked_away(before: Side, after: Side) -> str:
    """Until when whoever was asked is away."""
    day = date_format(date.fromisoformat(str(after["id"])), "d-m-Y")
    return _("%(who)s was asked, and is out of office until %(day)s.") % {"who": after["label"], "day": day}


def _rating(before: Side, after: Side) -> str:
    """How the customer was helped, in their own view."""
    given = (Rating(str(side["id"])) for side in (before, after) if side["id"] is not None)
    return _change(_("Rating"), *(str(rating.label) for rating in given))


def _owner_gone(before: Side, after: Side) -> str:
    owner = after["label"] or _("Its owner")
    return _("%(owner)s can't sign in any more: the ticket is there for everybody again.") % {"owner": owner}


def _owner_away(before: Side, after: Side) -> str:
    owner = after["label"] or _("Its owner")
    return _("%(owner)s is out of office: the ticket is there for everybody again.") % {"owner": owner}


NOTHING_IN_IT = "–"
SENDING = (
    *(EventKind.ANSWERED, EventKind.FORWARDED, EventKind.REDIRECTED),
    *(EventKind.SENT_AGAIN, EventKind.AUTO_RESPONDED),
)
PARTS: dict[str, str | Promise] = {
    Event.ActorKind.MAIL: gettext_lazy("e-mail"),
    Event.ActorKind.TIMER: KVV,
}
"""Who acts without being anybody → what people call it."""

TERM_WORDS: dict[Term, str | Promise] = {
    Term.FIRST_RESPONSE: gettext_lazy("First response"),
    Term.UPDATE: gettext_lazy("Answer to the customer"),
    Term.SOLUTION: gettext_lazy("Solution"),
}
"""What people call the terms."""

WORDS: dict[str, Sentence] = {
    "queue": _named(gettext_lazy("Queue")),
    "state": _state,
    "pending_until": _pending_until,
    "priority": _priority,
    "owner": _named(gettext_lazy("Owner")),
    "customer": _named(gettext_lazy("Customer")),
    "locked": _locked,
    "channel": _channel,
    "receipt": _receipt,
    "instead_of": _named(gettext_lazy("Instead of the closed ticket")),
    "may_follow": _named(gettext_lazy("May follow the closed ticket")),
    "split_from": _named(gettext_lazy("Split from the ticket")),
    "auto_response": _named(gettext_lazy("Automatic answer")),
    "withheld": _withheld,
    "undelivered": _named(gettext_lazy("Not delivered")),
    "also_received": _named(gettext_lazy("Also received by")),
    "elsewhere": _elsewhere,
    "customers_address": _named(gettext_lazy("Address of the customer")),
    "merged_into": _named(gettext_lazy("Into ticket")),
    "merged_from": _named(gettext_lazy("Ticket that came in")),
    "link": _named(gettext_lazy("Linked to")),
    "free": _free,
    "form": _form,
    "term": _term,
    "owner_gone": _owner_gone,
    "owner_away": _owner_away,
    "asked": _named(gettext_lazy("Asked")),
    "out_of_sight": _out_of_sight,
    "asked_away": _asked_away,
    "rating": _rating,
    "rating_words": _named(gettext_lazy("In their words")),
    "by_address": _named(gettext_lazy("From the mail address")),
}
"""Field of `Event.changes` → the sentence that tells what was (before) and what is (after)."""
