"""What 'nummer:', 'status:', 'wachtrij:' and 'klant:' ask of a ticket, by the words that people call it."""

import re
from collections.abc import Mapping
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext, override

from accounts.words import typed_words
from queues.models import Queue
from search.language import Attribute, Has
from search.words import words_of
from tickets.actor import Actor
from tickets.models import State
from tickets.models.ticket import OPEN_TYPES, StateType
from tickets.queries.customer_keys import WhichCustomers, keys_of
from tickets.queries.customers import named_in_full

CUSTOMERS_MOST: Final = 200
"""So many customers of a name are asked for."""
LANGUAGES: Final = ("nl", "en")

Names = Mapping[int, list[list[str]]]
"""By id, what something is called, as words."""


def with_attribute(has: Has, *, actor: Actor) -> tuple[Q, bool]:
    """The tickets that have it, and whether there is such a state, queue or customer for this agent.

    A number is named by its beginning; a state by its name or type, in Dutch or English; a queue by its name;
    both by words of these, too, if none is called just so; a customer by name, address or code. No statement
    for a number, one for a state or queue, two or three for a customer.
    """
    match has.attribute:
        case Attribute.NUMBER:
            number = re.sub(r"^.*#:?|[\s\]]", "", has.text)
            return (Q(number__startswith=number), True) if number else (Q(pk__in=()), False)
        case Attribute.STATE:
            ids = _called(has, _states())
            return Q(state_id__in=ids), bool(ids)
        case Attribute.QUEUE:
            visible = Queue.objects.filter(pk__in=actor.agent_rights.visible)
            ids = _called(has, {pk: [words_of(name)] for pk, name in visible.values_list("pk", "name")})
            return Q(queue_id__in=ids), bool(ids)
    ids = _customers(has.text, actor=actor)
    return Q(customer_id__in=ids), bool(ids)


def _states() -> Names:
    """What each state is called, and each type of states; all that are not closed are 'open', as in the
    overview of that name."""
    names: dict[int, list[list[str]]] = {}
    states = list(State.objects.all())
    for language in LANGUAGES:
        with override(language):
            for state in states:
                called = [gettext(state.name), str(StateType(state.type).label)]
                called += [str(StateType.OPEN.label)] if state.type in OPEN_TYPES else []
                names.setdefault(state.pk, []).extend(map(words_of, called))
    return names


def _called(has: Has, names: Names) -> list[int]:
    """Those of just this name; without any, those with these words in it."""
    asked = words_of(has.text)
    exact = [pk for pk, called in names.items() if asked in called]
    if exact and not has.is_beginning:
        return exact
    return [pk for pk, called in names.items() if any(_has_words(name, asked, has) for name in called)]


def _has_words(name: list[str], asked: list[str], has: Has) -> bool:
    """Whether the asked words stand in a name one after the other, the last as its beginning if that was
    asked."""
    *first, last = asked or [""]
    return any(
        name[at : at + len(first)] == first and (word.startswith(last) if has.is_beginning else word == last)
        for at in range(len(name) - len(first))
        for word in [name[at + len(first)]]
    )


def _customers(text: str, *, actor: Actor) -> list[int]:
    words = typed_words(text)
    found = keys_of(WhichCustomers(words=words), actor=actor, limit=CUSTOMERS_MOST) if words else []
    return sorted({*named_in_full(text), *(customer_id for _word, customer_id in found)})
