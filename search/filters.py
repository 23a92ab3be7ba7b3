"""The attributes of a search (OTRS 11.1, 11.2): its query string is the search, kept, sent and stored.

Attributes are joined by AND, several values of one by OR. What asks of a ticket's words becomes a part of
the tree that was typed (`asked`), the rest a queryset for `find.Which` (`among`). What can't be read, or is
not there for the one who asks, finds nothing, and the form says why.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_filters import FilterSet

from accounts.models import Customer
from search.filter_free import PREFIX, attribute_of, fields_for, ids_named
from search.filter_kinds import (
    AnyText,
    Choice,
    Choices,
    Contained,
    Named,
    Pair,
    SearchAttribute,
    Words,
    one_of,
    pairs_in,
)
from search.filter_times import COMING, Age, Ago, Between, Days
from search.language import And, Asked, Attribute, Tree, Where, read_search
from search.offered import ME, NOBODY, Offered
from tickets.actor import Actor
from tickets.kinds import EventKind
from tickets.models import Article, Event, Ticket, TicketWatcher
from tickets.models.ticket import OPEN_TYPES, Priority, TicketQuerySet
from tickets.queries.customer_keys import codes_in

HELP: Final = gettext_lazy(
    "Searches From, To, Cc, Subject, the message text and attachments. Words between 'quotation "
    "marks' must follow each other."
)
LOCKS: Final[list[Choice]] = [("1", gettext_lazy("locked")), ("0", gettext_lazy("not locked"))]
OPEN_OR_CLOSED: Final[list[Choice]] = [
    ("open", pgettext_lazy("tickets", "open")),
    ("closed", pgettext_lazy("tickets", "closed")),
]
MYSELF: Final[list[Choice]] = [(ME, pgettext_lazy("agent", "myself"))]
NO_AGENT: Final[list[Choice]] = [(NOBODY, gettext_lazy("nobody"))]


@dataclass(frozen=True, slots=True)
class Token:
    """What a search asks of one attribute, and the query string of the search without that."""

    label: str
    words: str
    without: str


class CustomerCode(SearchAttribute):
    """A customer's code, whole, or its beginning before a `*`."""

    field_class = AnyText

    def condition(self, value: str) -> Q:
        """The tickets of those who have it."""
        beginning = value.rstrip("*")
        codes = codes_in(beginning)
        found = Q(code__in=codes)
        if beginning != value:
            for code in codes:
                found |= Q(code__startswith=code)
        return Q(customer__in=Customer.objects.filter(found).values("pk"))


def _agents(column: str) -> Any:
    """That one of the chosen agents stands in a column, or nobody."""

    def where(filters: "TicketFilter", chosen: list[str]) -> Q:
        condition = Q(**{f"{column}__in": filters.agent_ids(chosen)})
        return condition | Q(**{f"{column}__isnull": True}) if NOBODY in chosen else condition

    return where


def _made_by(filters: "TicketFilter", chosen: list[str]) -> Q:
    """That one of the chosen made the ticket; a mail that came in was made by nobody."""
    made = Event.objects.filter(ticket=OuterRef("pk"), kind=EventKind.CREATED)
    by = Q(agent__in=filters.agent_ids(chosen))
    return Q(Exists(made.filter(by | Q(agent=None) if NOBODY in chosen else by)))


def _followed(filters: "TicketFilter", chosen: list[str]) -> Q:
    watched = TicketWatcher.objects.filter(ticket=OuterRef("pk"), agent__in=filters.agent_ids(chosen))
    return Q(Exists(watched))


def _in_queues(filters: "TicketFilter", chosen: list[str]) -> Q:
    keys = filters.offered.below(chosen) if "sub_queues" in filters.values else chosen
    return Q(queue_id__in=[int(key) for key in keys])


def _open_or_closed(filters: "TicketFilter", chosen: list[str]) -> Q:
    condition = Q(state_type__in=OPEN_TYPES) if "open" in chosen else Q(pk__in=[])
    return condition | Q(closed_at__isnull=False) if "closed" in chosen else condition


def _with_message(condition: Q) -> Q:
    return Q(Exists(Article.objects.filter(condition, ticket=OuterRef("pk"))))


class MessageBetween(Between):
    """That one at least of a ticket's messages is of one of these days."""

    def condition(self, value: Days) -> Q:
        """The tickets that have one."""
        return _with_message(super().condition(value))


class MessageAgo(Ago):
    """That one at least of a ticket's messages is so old."""

    def condition(self, value: Age) -> Q:
        """The tickets that have one."""
        return _with_message(super().condition(value))


class Below(SearchAttribute):
    """That with a queue those below it in the tree are meant, too."""

    field_class = forms.BooleanField
    needs = "queue"

    def words(self, value: Any) -> str:
        """That it is so."""
        return _("yes")


class SearchForm(forms.Form):
    """The form of a filter: what it asks of fields that are not there is told, too."""

    unknown: tuple[str, ...] = ()
    layout: object = None

    def leave_unjudged(self) -> None:
        """Show what is filled in without a word about what is wrong with it."""
        self._errors = ErrorDict()

    def clean(self) -> dict[str, Any]:
        """What can be read; raises `ValidationError` where a free field is asked for that is not there."""
        if self.unknown:
            raise ValidationError(
                _("A field that is searched by is not there for you (any more): take it out of the search.")
            )
        return self.cleaned_data


class TicketFilter(FilterSet):  # type: ignore[misc]  # django-filter ships no types
    """Read from a query string, for one who asks. Statements: one each for the queues, agents and states that
    are named, one or two for free fields, and none where nothing of these is.

    It has the attributes that the query string names, no others: to make all takes milliseconds. With
    `offers_all` it has all, and the free fields in use in the queues that may be seen.
    """

    actor: Actor
    offered: Offered
    base_filters: dict[str, SearchAttribute]

    number = Named(label=gettext_lazy("Ticket number"), group="ticket", attribute=Attribute.NUMBER)
    title = Contained(label=gettext_lazy("Title"), group="ticket", column="title")
    queue = Choices(
        label=gettext_lazy("Queue"),
        group="ticket",
        offered=lambda self: self.offered.queues,
        where=_in_queues,
    )
    sub_queues = Below(label=gettext_lazy("also the queues below"), group="", widget=forms.CheckboxInput)
    state = Choices(
        label=gettext_lazy("State"),
        group="ticket",
        offered=lambda self: self.offered.states,
        where=one_of("state_id"),
    )
    state_type = Choices(
        label=gettext_lazy("Open or closed"),
        group="ticket",
        offered=lambda _self: OPEN_OR_CLOSED,
        where=_open_or_closed,
    )
    priority = Choices(
        label=gettext_lazy("Priority"),
        group="ticket",
        offered=lambda _self: [(str(value), label) for value, label in Priority.choices],
        where=one_of("priority"),
    )
    lock = Choices(
        label=gettext_lazy("Lock"), group="ticket", offered=lambda _self: LOCKS, where=one_of("locked")
    )
    owner = Choices(
        label=gettext_lazy("Owner"),
        group="ticket",
        offered=lambda self: [*MYSELF, *NO_AGENT, *self.offered.agents],
        where=_agents("owner_id"),
    )
    created_by = Choices(
        label=gettext_lazy("Created by"),
        group="ticket",
        offered=lambda self: [*MYSELF, *NO_AGENT, *self.offered.agents],
        where=_made_by,
    )
    followed_by = Choices(
        label=gettext_lazy("Followed by"), group="ticket", offered=lambda _self: MYSELF, where=_followed
    )
    customer = Named(label=gettext_lazy("Customer"), group="customer", attribute=Attribute.CUSTOMER)
    customer_code = CustomerCode(label=gettext_lazy("Customer code"), group="customer")
    sender = Words(label=gettext_lazy("From"), group="message", place=Where.FROM)
    to = Words(label=gettext_lazy("To"), group="message", place=Where.TO)
    cc = Words(label=gettext_lazy("Cc"), group="message", place=Where.COPY)
    subject = Words(label=gettext_lazy("Subject"), group="message", place=Where.SUBJECT)
    body = Words(label=gettext_lazy("Message text"), group="message", place=Where.TEXT)
    file = Words(label=gettext_lazy("Attachment"), group="message", place=Where.FILE)
    created = Between(label=gettext_lazy("Created"), column="created")
    created_age = Ago(label=gettext_lazy("Created (how long ago)"), column="created")
    message = MessageBetween(label=gettext_lazy("Message created"), column="created")
    message_age = MessageAgo(label=gettext_lazy("Message created (how long ago)"), column="created")
    changed = Between(label=gettext_lazy("Changed"), column="changed")
    changed_age = Ago(label=gettext_lazy("Changed (how long ago)"), column="changed")
    closed = Between(label=gettext_lazy("Closed"), column="closed_at")
    closed_age = Ago(label=gettext_lazy("Closed (how long ago)"), column="closed_at")
    pending = Between(label=gettext_lazy("Waiting until"), column="pending_until")
    pending_age = Ago(label=gettext_lazy("Waiting until (from now)"), column="pending_until", ways=COMING)
    escalation = Between(label=gettext_lazy("Escalation"), column="escalates_at")
    escalation_age = Ago(label=gettext_lazy("Escalation (from now)"), column="escalates_at", ways=COMING)

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = ()
        form = SearchForm

    def __init__(self, data: QueryDict, *, actor: Actor, offers_all: bool = False) -> None:
        self.actor, self.offered = actor, Offered(actor)
        if not offers_all:
            every = type(self).base_filters
            self.base_filters = {name: every[name] for name in every if _is_named(data, name, every[name])}
        super().__init__(data, queryset=Ticket.objects.all())
        self.is_bound = True  # a search for nothing is one, too
        named = ids_named(data)
        queues = actor.agent_rights.visible
        free = fields_for(queues, ids=named, and_all=offers_all) if named or offers_all else []
        for field in free:
            self._add(f"{PREFIX}{field.pk}", attribute_of(field))
        self.unknown = tuple(sorted(f"{PREFIX}{pk}" for pk in named - {field.pk for field in free}))

    def _add(self, name: str, attribute: SearchAttribute) -> None:
        attribute.field_name, attribute.parent, attribute.model = name, self, Ticket
        self.filters[name] = attribute

    def get_form_class(self) -> type[SearchForm]:
        """The form of just these attributes, for whatever was typed, too."""
        fields = {name: attribute.field for name, attribute in self.filters.items()}
        typed = AnyText(label=gettext_lazy("Full text"), required=False, help_text=HELP)
        return type("TicketFilterForm", (SearchForm,), {"unknown": self.unknown, "q": typed, **fields})

    def agent_ids(self, chosen: list[str]) -> list[int]:
        """The ids of the agents among what was chosen."""
        ids = [int(key) for key in chosen if key not in (ME, NOBODY)]
        return [*ids, self.actor.agent_rights.agent_id] if ME in chosen else ids

    def beside(self, name: str) -> list[str]:
        """The names of those that say nothing without this one."""
        return [other for other, attribute in self.filters.items() if attribute.needs == name]

    @cached_property
    def values(self) -> dict[str, Any]:
        """What can be read of each attribute that is filled in, by its name, in their order."""
        self.form.is_valid()
        cleaned = self.form.cleaned_data
        filled = {name: cleaned[name] for name in self.filters if cleaned.get(name)}
        return {name: value for name, value in filled.items() if self.filters[name].needs in {"", *filled}}

    @property
    def typed(self) -> str:
        """What was typed, as far as it is read."""
        self.form.is_valid()
        return str(self.form.cleaned_data.get("q", ""))

    @cached_property
    def asked(self) -> Asked:
        """What is asked of the words of tickets, by all attributes together."""
        parts = [read_search(self.typed)]
        parts += filter(None, (self.filters[name].asked(value) for name, value in self.values.items()))
        trees = [tree for part in parts if part.tree for tree in _all_parts(part.tree)]
        return Asked(
            tree=And(tuple(trees)) if len(trees) > 1 else next(iter(trees), None),
            remarks=tuple(dict.fromkeys(remark for part in parts for remark in part.remarks)),
            number=parts[0].number if not self.values else "",
            number_alone=parts[0].number_alone and not self.values,
        )

    @property
    def among(self) -> TicketQuerySet | None:
        """The tickets that all other attributes ask for, each once; None where none does. What can't be
        read finds nothing."""
        if self.form.errors:
            return Ticket.objects.none()
        tickets = self.queryset
        for name, value in self.values.items():
            tickets = self.filters[name].filter(tickets, value)
        return None if tickets is self.queryset else tickets

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is asked."""
        return not self.pairs and not self.unknown

    @cached_property
    def pairs(self) -> list[Pair]:
        """The search, as names and values; without what is empty."""
        return [
            *pairs_in(self.data, ["q"]),
            *(pair for name in self.filters for pair in self.pairs_of(name)),
        ]

    def pairs_of(self, name: str) -> list[Pair]:
        """What is sent of an attribute: nothing of one that is not filled in, all of what can't be read."""
        pairs = list(pairs_in(self.data, self.filters[name].names(name)))
        return pairs if name in self.values or name in self.form.errors else []

    @cached_property
    def readable(self) -> list[Pair]:
        """The search without what can't be read, and without what is not there for the one who asks."""
        wrong = {name: self._right_pairs(name) for name in self.form.errors if name in self.filters}
        known = [*pairs_in(self.data, ["q"])]
        for name in self.filters:
            known += wrong.get(name, self.pairs_of(name))
        return known

    def _right_pairs(self, name: str) -> list[Pair]:
        """What is left of a choice without what is not offered; of anything else that is wrong, nothing."""
        attribute = self.filters[name]
        if not isinstance(attribute, Choices):
            return []
        return [pair for pair in self.pairs_of(name) if pair[1] in attribute.words_by_key]

    @property
    def query(self) -> str:
        """The query string of this search, always the same for the same."""
        return urlencode(self.pairs)

    @property
    def tokens(self) -> list[Token]:
        """What was chosen, in words, but for what was typed."""
        return list(self._tokens())

    def _tokens(self) -> Iterator[Token]:
        for name, value in self.values.items():
            attribute = self.filters[name]
            for chosen in attribute.chosen(value, self.pairs_of(name)):
                rest = urlencode([pair for pair in self.pairs if pair not in chosen.pairs])
                yield Token(label=str(attribute.label), words=chosen.words, without=rest)


def _is_named(data: QueryDict, name: str, attribute: SearchAttribute) -> bool:
    return any(each in data for each in attribute.names(name))


def _all_parts(tree: Tree) -> tuple[Tree, ...]:
    return tree.parts if isinstance(tree, And) else (tree,)
