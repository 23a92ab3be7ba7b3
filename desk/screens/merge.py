"""Samenvoegen: make one ticket of two that are about the same, and undo that."""

from collections.abc import Sequence
from functools import cached_property

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from desk.frame import AgentRequest, ticket_or_404
from desk.writing.about import About
from desk.writing.layout import Part
from desk.writing.other import Other, OtherTicketForm
from desk.writing.outcome import Outcome
from desk.writing.press import Press
from desk.writing.screen import Deed, Group, Said, Screen, Words
from queues.models import AutoResponse, QueuePermission
from queues.texts import auto_responses_of
from tickets.actions.merge import merge_tickets
from tickets.actions.unmerge import unmerge_tickets
from tickets.changing.once import Done
from tickets.errors import MergeStands
from tickets.models import Ticket
from tickets.queries.links import links_of
from tickets.queries.merges import merge_into

Right = QueuePermission.Right


class MergeForm(OtherTicketForm):
    """Into which ticket, with what goes along said before it does; the customer is told if one wants it."""

    question = gettext_lazy("Into which ticket?")
    right = Right.ALL
    only_open = True
    tells = forms.BooleanField(
        label=gettext_lazy("Tell the customer that the questions were merged"), required=False
    )

    layout = Layout(Other(), Part("desk/screens/_happens.html", "tells"))

    def remark(self, ticket: Ticket) -> str:
        """Whose it is, too: of the customer and of the agent."""
        owner = ticket.owner and _("owner %(name)s") % {"name": ticket.owner}
        return " · ".join(str(part) for part in (ticket.number, ticket.state, ticket.customer, owner) if part)

    @cached_property
    def main(self) -> Ticket | None:
        """The ticket that goes on, once it was said which that is."""
        return self.other if self.other != self.about_ticket else None

    @property
    def may_tell(self) -> bool:
        """Whether there is a text to tell the customer by: of the main ticket's queue, if that is known."""
        queues = self.rights.ids(Right.ALL) if self.main is None else [self.main.queue_id]
        return any(kind == AutoResponse.Kind.MERGED for _queue, kind in auto_responses_of(queues))

    @property
    def moves(self) -> str:
        """What was said: '4 interacties en 3 bijlagen'."""
        ticket = self.about_ticket
        said, files = ticket.article_count, ticket.attachment_count
        parts = [ngettext("%(n)s interaction", "%(n)s interactions", said) % {"n": said}]
        if files:
            parts.append(ngettext("%(n)s attachment", "%(n)s attachments", files) % {"n": files})
        return _in_a_row(parts)

    @property
    def goes_along(self) -> str:
        """What hangs on the ticket itself; '' where that is nothing."""
        links = len(links_of(self.about_ticket, rights=self.rights))
        parts = [ngettext("%(n)s link", "%(n)s links", links) % {"n": links}] if links else []
        if self.about_ticket.time_units:
            units = self.about_ticket.time_units.normalize()
            parts.append(_("%(n)s units of time spent") % {"n": f"{units:f}"})
        return _in_a_row(parts)


def _in_a_row(parts: Sequence[str]) -> str:
    """'a', or 'a and b'."""
    return _(" and ").join(parts)


def merge_of_ticket(request: AgentRequest, *, number: str, merge: int) -> About:
    """The main ticket, and what was merged into it; none that the agent may not see."""
    ticket = ticket_or_404(request, number)
    return About(tickets=(ticket,), merge=merge_into(ticket, merge_id=merge, rights=request.rights))


def act(deed: Deed, form: MergeForm) -> Outcome:
    """Merge the ticket into the other one, and go on there."""
    into: Ticket = form.cleaned_data["other"]
    done = merge_tickets(
        actor=deed.actor,
        ticket=deed.about.ticket,
        into=into,
        form=form.asked(),
        tells=form.cleaned_data["tells"],
        now=deed.now,
    )
    return Outcome(done=(done,), onward=reverse("desk:zoom", args=[into.number]))


def act_undo(deed: Deed) -> Done:
    """Make two of them again."""
    if deed.about.merge is None:
        raise MergeStands([_("you may not see the other ticket, or there is none")])
    return unmerge_tickets(actor=deed.actor, merge=deed.about.merge, now=deed.now)


screen = Screen(
    name="merge",
    path="samenvoegen",
    group=Group.RELATED,
    right=Right.ALL,
    words=Words(
        action=gettext_lazy("Merge"),
        title=gettext_lazy("Merge"),
        button=gettext_lazy("Merge"),
        hint=gettext_lazy("This can be undone in the history, until somebody writes in the other ticket."),
        notice=gettext_lazy("{ticket} has been merged with this ticket."),
        icon="merge",
        again=gettext_lazy("Merge all the same"),
    ),
    form=MergeForm,
    act=act,
)

undo = Press(
    name="unmerge",
    path="samenvoegingen/<int:merge>/ongedaan",
    group=None,
    right=Right.ALL,
    find=merge_of_ticket,
    words=Said(
        action=gettext_lazy("Undo the merge"),
        notice=gettext_lazy("The merge has been undone: there are two tickets again."),
        icon="undo",
    ),
    act=act_undo,
)
