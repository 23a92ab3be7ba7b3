"""Screens of kinds that the desk does not have yet, at addresses of their own: a URLconf for tests."""

from dataclasses import replace
from datetime import datetime

from crispy_forms.layout import Layout
from django import forms
from django.http import Http404
from django.urls import include, path, reverse

from desk.frame import AgentRequest, ticket_or_404
from desk.urls import urlpatterns as desk_urlpatterns
from desk.writing.about import About, one_ticket, those_that_may
from desk.writing.addresses import screen_addresses
from desk.writing.behind import Behind
from desk.writing.forms import WritingForm
from desk.writing.outcome import Outcome
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.screen_form import ScreenForm
from desk.writing.typed import read_number
from desk.zoom import ticket as zoom
from kvv.urls import urlpatterns as kvv_urlpatterns
from queues.models import Queue, QueuePermission
from richtext.convert import html_to_text
from tests.factories import customer_mail
from tickets.access import find_article
from tickets.actions.create import create_ticket
from tickets.actions.lock import give_back
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.changing.frame import begin, write_down, write_note
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, one_of_bulk, same_form_once
from tickets.changing.written import Written, checked_uploads, stored
from tickets.errors import BadInput, Refusal
from tickets.kinds import EventKind
from tickets.models import Article, Ticket

Right = QueuePermission.Right


def words(name: str) -> Words:
    return Words(action=name, title=name, button=name, notice=f"{name}: gedaan", icon="note")


# Without a ticket, of what makes one.


class NewForm(WritingForm):
    """A queue, a subject and a text."""

    queue = forms.ModelChoiceField(queryset=Queue.objects.all())
    layout = Layout("queue", *WritingForm.layout.fields)


def no_ticket(request: AgentRequest) -> About:
    return About(title="een vraag aan de balie")


def create(deed: Deed, form: NewForm) -> Done:
    written = form.written(deed.uploads)
    mail = customer_mail(
        subject=written.subject,
        html=written.html,
        text=html_to_text(written.html),
        files=stored(checked_uploads(written, agent=deed.actor.agent)),
    )
    return create_ticket(
        actor=deed.actor,
        queue=form.cleaned_data["queue"],
        title=written.subject,
        article=mail,
        customer=None,
        form=written,
        now=deed.now,
    )


new = Screen(
    name="new",
    path="nieuw",
    at="",
    find=no_ticket,
    group=None,
    right=Right.ALL,
    takes_lock=False,
    words=words("Nieuw"),
    form=NewForm,
    act=create,
)


# On an article.


def one_article(request: AgentRequest, *, number: str) -> About:
    about, article_id = one_ticket(request, number=number), read_number(request.GET.get("article"))
    try:
        article = find_article(ticket=about.ticket, article_id=article_id or 0)
    except Article.DoesNotExist as error:
        raise Http404 from error
    return replace(about, article=article)


def mark(deed: Deed, form: WritingForm) -> Done:
    assert deed.about.article is not None
    note = form.written(deed.uploads)
    note = replace(note, subject=f"{note.subject} bij {deed.about.article.pk}")
    return add_note(actor=deed.actor, ticket=deed.about.ticket, note=note, now=deed.now)


on_article = Screen(
    name="on_article",
    path="aantekening",
    find=one_article,
    asks=("article",),
    group=Group.ARTICLE,
    right=Right.NOTE,
    takes_lock=False,
    words=words("Aantekening"),
    form=WritingForm,
    act=mark,
)


# With a text that may stay empty.


class WaitForm(WritingForm):
    """A note for those who have something to say."""

    first_subject = "Even geduld"
    needs_text = False


@same_form_once
@atomic_action
def wait(*, actor: Actor, ticket: Ticket, note: Written, now: datetime) -> Done:
    changes = begin(ticket, actor=actor, right=Right.ALL, now=now, form=note)
    give_back(changes)
    return write_note(changes, kind=EventKind.NOTED, note=note)


def wait_for_it(deed: Deed, form: WaitForm) -> Done:
    return wait(actor=deed.actor, ticket=deed.about.ticket, note=form.written(deed.uploads), now=deed.now)


with_a_note = Screen(
    name="with_a_note",
    path="geduld",
    group=Group.NEAR,
    right=Right.ALL,
    words=words("Geduld"),
    form=WaitForm,
    act=wait_for_it,
)


# Without a text.


class TickForm(ScreenForm):
    """One choice."""

    sure = forms.BooleanField(label="Zeker")
    layout = Layout("sure")


@same_form_once
@atomic_action
def tick_off(*, actor: Actor, ticket: Ticket, form: Form, now: datetime) -> Done:
    changes = begin(ticket, actor=actor, right=Right.ALL, now=now, form=form)
    return write_down(changes, kind=EventKind.NOTED)


def tick(deed: Deed, form: TickForm) -> Done:
    return tick_off(actor=deed.actor, ticket=deed.about.ticket, form=form.asked(), now=deed.now)


without_text = Screen(
    name="without_text",
    path="aanvinken",
    group=Group.NEAR,
    right=Right.ALL,
    words=words("Aanvinken"),
    form=TickForm,
    act=tick,
)


# About many tickets.


def chosen_tickets(request: AgentRequest) -> About:
    numbers = request.GET.getlist("number")
    return About(tickets=tuple(ticket_or_404(request, number) for number in numbers), title="gekozen tickets")


def note_in_each(deed: Deed, form: WritingForm) -> Outcome:
    note, done, refused = form.written(deed.uploads), [], []
    for ticket in deed.about.tickets:
        identity = one_of_bulk(note.submission, ticket=ticket)
        try:
            mine = replace(note, submission=identity, draft=note.submission)
            done.append(add_note(actor=deed.actor, ticket=ticket, note=mine, now=deed.now))
        except BadInput:
            raise
        except Refusal as refusal:
            refused.append((ticket, refusal))
    return Outcome(done=tuple(done), refused=tuple(refused), onward=reverse("desk:my_owned"))


bulk = Screen(
    name="bulk",
    path="bulk",
    at="",
    find=chosen_tickets,
    admit=those_that_may,
    identity=one_of_bulk,
    group=None,
    right=Right.NOTE,
    takes_lock=False,
    words=words("Bulk"),
    form=WritingForm,
    act=note_in_each,
)


def nothing(request: AgentRequest, about: About) -> dict[str, object]:
    return {}


ALONE = Behind("base_agent.html", nothing)
OVER_TICKET = Behind("desk/zoom/zoom.html", zoom.page)
MADE_UP = (
    *screen_addresses(new, behind=ALONE),
    *screen_addresses(bulk, behind=ALONE),
    *screen_addresses(on_article, behind=OVER_TICKET),
    *screen_addresses(with_a_note, behind=OVER_TICKET),
    *screen_addresses(without_text, behind=OVER_TICKET),
)
urlpatterns = [path("", include(([*MADE_UP, *desk_urlpatterns], "desk"))), *kvv_urlpatterns]
