"""The same form twice: a double click, or a connection that broke, makes one answer, note or link.

A form's identity is its event's: every deed is known by it, with an article or without.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import ParamSpec, cast, get_args, get_type_hints
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from accounts.models import Agent
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.errors import BadInput, Refusal
from tickets.models import Article, Event, Ticket

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an action: the ticket as it is now, the event that tells of it, its article, if any."""

    ticket: Ticket
    event: Event
    article: Article | None = None

    @property
    def written(self) -> Article:
        """The article, of an action that always writes one."""
        if self.article is None:
            raise LookupError(f"Event {self.event.pk} has no article.")
        return self.article


def same_form_once(action: Callable[P, Done]) -> Callable[P, Done]:
    """Give what the first came to, to a form that comes twice, also when both come at the same moment.

    The action has a keyword `actor`, and one that is a `Form`, or may be left out; that is checked when the
    module is read. The form that comes second may be refused for what the first has done (the ticket is
    closed now): it gets what the first came to, too. Raises `BadInput` for the form of somebody else.
    """
    form_name = _form_of(action)

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> Done:
        form = cast("Form | None", kwargs.get(form_name))
        if form is None:
            return action(*args, **kwargs)
        submission = form.submission
        agent = cast("Actor", kwargs["actor"]).agent
        if (first := made_by(submission, agent=agent)) is not None:
            return first
        try:
            return action(*args, **kwargs)
        except (IntegrityError, Refusal):
            first = None if connection.needs_rollback else made_by(submission, agent=agent)
            if first is None:
                raise
            return first

    return run


def made_by(submission: UUID, *, agent: Agent | None) -> Done | None:
    """What this form has come to already; raises `BadInput` unless this agent sent it or wrote it."""
    events = Event.objects.select_related("article", "ticket")
    event = events.filter(submission=submission).first()
    if event is None:
        return None
    sender, writer = event.agent_id, event.article.writer_id if event.article else None
    if (agent.pk if agent else None) not in (sender, writer if writer is not None else sender):
        raise BadInput("submission", _("This form belongs to somebody else. Open it again."))
    return Done(ticket=event.ticket, event=event, article=event.article)


def one_of_bulk(form: UUID, *, ticket: Ticket) -> UUID:
    """The identity, in one ticket, of a form about many: the same whenever it comes (RFC 9562, 5.5)."""
    return uuid.uuid5(form, str(ticket.pk))


def _form_of(action: Callable[P, Done]) -> str:
    """The name of the action's form; raises `TypeError` where a reader would have to guess it."""
    types = get_type_hints(action)
    forms = [name for name in signature(action).parameters if _may_be_form(types.get(name))]
    if len(forms) != 1 or types.get("actor") is not Actor:
        raise TypeError(f"{action.__qualname__} needs an actor and one form")
    return forms[0]


def _may_be_form(annotation: object) -> bool:
    kinds = (annotation, *get_args(annotation))
    return any(isinstance(kind, type) and issubclass(kind, Form) for kind in kinds)
