"""Koppel: say that a ticket has to do with another one, or no longer."""

from collections.abc import Sequence

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from desk.frame import AgentRequest, ticket_or_404
from desk.writing.about import About
from desk.writing.layout import Part
from desk.writing.other import Other, OtherTicketForm
from desk.writing.press import Press
from desk.writing.screen import Deed, Group, Said, Screen, Words
from queues.models import QueuePermission
from tickets.actions.link import link_tickets, unlink_tickets
from tickets.changing.once import Done
from tickets.errors import BadInput
from tickets.models import TicketLink
from tickets.queries.links import Linked, link_of, links_of

Kind = TicketLink.Kind
NORMAL, PART_OF_OTHER, OTHER_IS_PART = "normal", "part_of_other", "other_is_part"


class LinkForm(OtherTicketForm):
    """Which ticket, and what it is to this one; beside that, what is linked already."""

    question = gettext_lazy("With which ticket?")
    kind = forms.ChoiceField(
        label=gettext_lazy("Link as"),
        choices=[
            (NORMAL, gettext_lazy("normal (they belong together)")),
            (PART_OF_OTHER, gettext_lazy("this ticket is a part of the other one")),
            (OTHER_IS_PART, gettext_lazy("the other one is a part of this ticket")),
        ],
        initial=NORMAL,
    )

    layout = Layout(Other(), "kind", Part("desk/screens/_links.html"))

    @property
    def links(self) -> Sequence[Linked]:
        """The links that there are, as far as the agent may see them."""
        return links_of(self.about_ticket, rights=self.rights)


def link_of_ticket(request: AgentRequest, *, number: str, link: int) -> About:
    """The ticket, and one of its links; none that leads to what the agent may not see, or that is gone."""
    ticket = ticket_or_404(request, number)
    return About(tickets=(ticket,), link=link_of(ticket, link_id=link, rights=request.rights))


def act(deed: Deed, form: LinkForm) -> Done:
    """Link the tickets; of a parent and its child the parent comes first, wherever one stands."""
    this, other, kind = deed.about.ticket, form.cleaned_data["other"], form.cleaned_data["kind"]
    source, target = (other, this) if kind == PART_OF_OTHER else (this, other)
    return link_tickets(
        actor=deed.actor,
        source=source,
        target=target,
        kind=Kind.NORMAL if kind == NORMAL else Kind.PARENT,
        form=form.asked(),
        asked_in=this,
        now=deed.now,
    )


def act_unlink(deed: Deed) -> Done:
    """Take the link away."""
    if deed.about.link is None:
        raise BadInput("ticket", _("These tickets are not linked any more."))
    return unlink_tickets(actor=deed.actor, link=deed.about.link, now=deed.now)


screen = Screen(
    name="link",
    path="koppel",
    group=Group.RELATED,
    right=QueuePermission.Right.READ,
    takes_lock=False,
    words=Words(
        action=pgettext_lazy("verb", "Link"),
        title=gettext_lazy("Link ticket"),
        button=gettext_lazy("Submit"),
        hint=gettext_lazy("Both histories name the number of the other ticket."),
        notice=gettext_lazy("{ticket} is linked now."),
        icon="link",
    ),
    form=LinkForm,
    act=act,
)

unlink = Press(
    name="unlink",
    path="koppelingen/<int:link>/los",
    group=None,
    right=QueuePermission.Right.READ,
    find=link_of_ticket,
    words=Said(
        action=gettext_lazy("Remove the link"), notice=gettext_lazy("The link has been removed."), icon="x"
    ),
    act=act_unlink,
)
