"""A screen that writes: a value that holds what differs from the others; `view.py` is the way of all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from desk.frame import AgentRequest
from desk.writing.about import About, Admit, Find, Where, all_or_none, one_ticket
from desk.writing.outcome import Outcome
from desk.writing.screen_form import ScreenForm
from tickets.actor import Actor
from tickets.changing.once import Done
from tickets.models import Article, Ticket, Upload

F = TypeVar("F", bound=ScreenForm)

AGAIN = _("Go on all the same")
TICKET = "tickets/<str:number>/"
"""Where the screens of a ticket are."""


class Group(StrEnum):
    """Where a screen or a press stands: in the ticket's action bar, or in that of each article.

    In the ticket's: answering and finishing, what is done beside it, and, on the second deck, what the
    ticket's own fields say, what it has to do with others, calls, and what stands beside what is looked up.
    """

    FIRST = "first"
    NEAR = "near"
    FIELDS = "fields"
    RELATED = "related"
    PHONE = "phone"
    REFERENCE = "reference"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of a deed: on its button in the action bar, beside an icon, and when it is done.

    What the notice of a screen may name, `tell` of `outcome.py` says. `key`: the letter that presses it.
    """

    action: str | Promise
    notice: str | Promise
    icon: str
    key: str = ""

    @property
    def pressed(self) -> SafeString:
        """The attributes of a button that has a key; it says which."""
        return (
            format_html(' data-key="{0}" title="{1} {0}"', self.key, _("Key:")) if self.key else SafeString()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Said):
    """What a screen says, too: as its title, on the form's own button, and beside that.

    `again` stands on that button after the form was asked about something that its writer may not know.
    `hint_internal` and `hint_external` are said beside it as the form's `kind` is chosen.
    """

    title: str | Promise
    button: str | Promise
    button_icon: str = ""
    hint: str | Promise = ""
    hint_internal: str | Promise = ""
    hint_external: str | Promise = ""
    again: str | Promise = AGAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who does it, to what, when, and with which files; `anyway`, of a press: what they were asked about."""

    actor: Actor
    about: About
    now: datetime
    uploads: tuple[Upload, ...] = ()
    anyway: tuple[str, ...] = ()


class Identity(Protocol):
    """How the deed of a form about many is known in one of the tickets."""

    def __call__(self, form: UUID, *, ticket: Ticket) -> UUID: ...


def always(actor: Actor, ticket: Ticket) -> bool:
    """Yes: the screen is offered wherever the right is."""
    return True


def while_open(actor: Actor, ticket: Ticket) -> bool:
    """Whether the ticket still asks for something: a closed one neither waits nor is closed again."""
    return ticket.is_open


def has_articles(actor: Actor, ticket: Ticket) -> bool:
    """Whether there is something to answer, or to send on."""
    return ticket.article_count > 0


def any_article(article: Article) -> bool:
    """Yes: the screen is offered on each."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a page offers to be done. `name` names its address, its drafts and its row in the tests' table.

    `at` is the route that its address begins with, `path` ends it; `find` is given what they name. `fits`
    says whether it makes sense for a ticket, to be offered there.
    """

    name: str
    path: str
    right: str
    at: str = TICKET
    find: Find = one_ticket
    fits: Callable[[Actor, Ticket], bool] = always

    @property
    def address(self) -> str:
        """The name of the screen's address, for `reverse`."""
        return f"desk:{self.name}"

    @property
    def route(self) -> str:
        """The screen's address, as a route."""
        return f"{self.at}{self.path}/"

    def is_offered(self, actor: Actor, ticket: Ticket) -> bool:
        """Whether this actor can do it to this ticket now; what they can't is not shown (OTRS 3.9)."""
        if ticket.merged_into_id is not None:
            return False
        return actor.may(self.right, ticket.queue_id) and self.fits(actor, ticket)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen(Offered, Generic[F]):
    """A screen: a form, and the action that it calls.

    `group` is its place in an action bar, if it stands in one. `takes_lock`: it is opened by a POST that
    takes lock and ownership, and no colleague may hold them (OTRS 3.4). `asks` names what its address may ask
    beside, as the article that it is about. `admit` says to what of it an agent may do it. `identity`, of one
    about many tickets, is how its form is known in each. `look` is the class of its button in the action bar,
    `width` that of a dialog that needs another room, `suits`, of one on an article, says of which that makes
    sense, `beside` the template of what is read beside its form. `leads_on`: it ends what the agent had to do
    with its ticket, and the next of their list may follow.
    """

    group: Group | None
    words: Words
    form: type[F]
    act: Callable[[Deed, F], Done | Outcome]
    admit: Admit = all_or_none
    identity: Identity | None = None
    takes_lock: bool = True
    asks: tuple[str, ...] = ()
    look: str = "act"
    width: str = ""
    leads_on: bool = False
    suits: Callable[[Article], bool] = any_article
    beside: str = ""

    @property
    def takes_files(self) -> bool:
        """Whether files can hang on its form."""
        return "files" in self.form.base_fields

    def about(self, request: AgentRequest, where: Where) -> About:
        """What the address names of what the agent may do it to; raises `Http404` and `NotAllowed`."""
        return self.admit(request.actor, self.find(request, **where), self.right)

    def is_offered(self, actor: Actor, ticket: Ticket) -> bool:
        """Whether this actor can use it on this ticket now; a colleague's lock keeps some shut."""
        is_shut = self.takes_lock and ticket.is_held_by_another(actor.agent)
        return not is_shut and Offered.is_offered(self, actor, ticket)
