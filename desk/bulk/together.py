"""Many tickets and another one: merged into it, or linked to it ('Samenvoegen', 'Koppel')."""

from collections.abc import Sequence
from functools import cached_property, partial

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from desk.bulk.chosen import AT, CHOSEN, HOW_MANY, AboutChosen, bulk_of, chosen_tickets, where_it_may
from desk.writing.other import Other, OtherTicketForm
from desk.writing.outcome import Outcome
from desk.writing.screen import Deed, Screen, Words
from desk.writing.screen_form import Writing
from queues.models import QueuePermission
from tickets.bulks import ask_together
from tickets.models import Bulk, Ticket

Right = QueuePermission.Right
Together = Bulk.Together


class TogetherForm(AboutChosen, OtherTicketForm):
    """Which ticket the others are merged into or linked to: the oldest of them, unless another is named."""

    foot = Layout(HOW_MANY)

    def first(self, writing: Writing) -> dict[str, object]:
        """With the oldest as the one that is meant."""
        return {**super().first(writing), "chosen": self.oldest.number if self.oldest else ""}

    @cached_property
    def oldest(self) -> Ticket | None:
        """Of those that are whole, and where the agent may do it."""
        whole = (ticket for ticket in self.about.tickets if ticket.merged_into_id is None)
        return next((ticket for ticket in whole if self.rights.may(self.right, ticket.queue_id)), None)

    @cached_property
    def offered(self) -> Sequence[Ticket]:
        """The oldest, or what is found by what was typed."""
        if self.typed.strip():
            return super().offered
        return [self.oldest] if self.oldest else []

    @property
    def changed(self) -> Sequence[Ticket]:
        """All but the other one, as far as it was said which that is."""
        other = self.other  # which asks the database each time
        return [ticket for ticket in self.about.tickets if ticket != other]

    def remark(self, ticket: Ticket) -> str:
        """Whose it is, too, and which is the oldest."""
        oldest = _("the oldest of the chosen tickets") if ticket == self.oldest else ""
        return " · ".join(
            str(part) for part in (oldest, ticket.number, ticket.state, ticket.customer) if part
        )

    @property
    def together(self) -> str:
        """What becomes of them, of a form that is valid: one of `Bulk.Together`."""
        raise NotImplementedError


class MergeForm(TogetherForm):
    """Into which ticket."""

    question = gettext_lazy("Into which ticket?")
    right = Right.ALL
    together = Together.MERGED

    layout = Layout(Other(), CHOSEN)


class LinkForm(TogetherForm):
    """To which ticket, and what the others are to it."""

    question = gettext_lazy("With which ticket?")
    skips_held = False
    kind = forms.ChoiceField(
        label=gettext_lazy("Link as"),
        choices=[
            (Together.LINKED, gettext_lazy("normal (they belong together)")),
            (Together.PARTS, gettext_lazy("the chosen tickets are parts of this one")),
        ],
        initial=Together.LINKED,
    )

    layout = Layout(Other(), "kind", CHOSEN)

    @property
    def together(self) -> str:
        """As it was chosen."""
        return str(self.cleaned_data["kind"])


def act(deed: Deed, form: TogetherForm) -> Outcome:
    """Ask for it; it is done in the background, and the page that it leads to shows that."""
    bulk = ask_together(
        actor=deed.actor,
        bulk=bulk_of(deed.about),
        kind=form.together,
        into=form.cleaned_data["other"],
        form=form.asked(),
        now=deed.now,
    )
    return Outcome(done=(), onward=reverse("desk:bulk_result", args=[bulk.submission]))


merge = Screen(
    name="bulk_merge",
    at=AT,
    path="samenvoegen",
    find=partial(chosen_tickets, verb="merge"),
    admit=where_it_may,
    group=None,
    right=Right.ALL,
    takes_lock=False,
    words=Words(
        action=gettext_lazy("Merge"),
        title=gettext_lazy("Bulk action"),
        button=gettext_lazy("Merge"),
        hint=gettext_lazy("This can be undone in the history, until somebody writes in the other ticket."),
        notice=gettext_lazy("Bulk action"),
        icon="merge",
        again=gettext_lazy("Merge all the same"),
    ),
    form=MergeForm,
    act=act,
)

link = Screen(
    name="bulk_link",
    at=AT,
    path="koppel",
    find=partial(chosen_tickets, verb="link"),
    admit=where_it_may,
    group=None,
    right=Right.READ,
    takes_lock=False,
    words=Words(
        action=pgettext_lazy("verb", "Link"),
        title=gettext_lazy("Bulk action"),
        button=gettext_lazy("Submit"),
        hint=gettext_lazy("Both histories name the number of the other ticket."),
        notice=gettext_lazy("Bulk action"),
        icon="link",
    ),
    form=LinkForm,
    act=act,
)
