"""Beantwoord: writing and sending an answer. The lock was taken by the POST that led here."""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.writing.free_fields import FreeFields, FreeFieldsForm
from desk.writing.kinds import INTERNAL, MailKind
from desk.writing.layout import Addresses, Editor, Files, Part, Row
from desk.writing.quoted import quoted_html
from desk.writing.recipients import RecipientFields
from desk.writing.screen import Deed, Group, Screen, Words, has_articles
from desk.writing.screen_form import Check, Writing
from desk.writing.standard import Kind, StandardTexts, standard_text_field
from desk.writing.state import StateFields, next_states
from desk.writing.taken import USE, TakenFields
from desk.writing.typed import read_number, typed_text
from outbox.addresses import addresses_in
from queues.models import QueuePermission
from richtext.convert import html_to_text
from tickets.actions.reply import Answer, reply_to_ticket
from tickets.changing.once import Done
from tickets.letters.answering import Prefill, Recipients, answer_to, prefill, quotation
from tickets.letters.recipients import LINE_MOST, check_without_customer, fitting, split_addresses
from tickets.models import Article, Attachment, FieldPlace
from tickets.queries.also_received import Elsewhere, also_received
from tickets.queries.previous_customer import is_of_another_customer
from tickets.queries.zoom import Question, newest_event, question_of
from tickets.showing.body import listed_files
from tickets.states import state_by_key

ADDRESS_FIELDS = ("to", "cc", "bcc")


class AnswerForm(TakenFields, RecipientFields, StateFields, FreeFieldsForm, StandardTexts, MailKind):
    """To whom, about what, and what becomes of the ticket; for the hidden fields see `Answer`."""

    place = FieldPlace.ANSWER
    texts, empty, asked_along = Kind.ANSWER, _("AAA empty - answer"), ("answered",)
    template = standard_text_field(_("Standard answer"))
    seen_elsewhere = forms.IntegerField(required=False, widget=forms.HiddenInput)
    answered = forms.IntegerField(required=False, widget=forms.HiddenInput)
    quoted = forms.BooleanField(required=False, widget=forms.HiddenInput)

    layout = Layout(
        Part("desk/writing/_elsewhere.html"),
        Addresses(),
        Part("desk/writing/_left_out.html", "quoted"),
        Editor(),
        Files(),
        FreeFields(),
        Row("pending_until", "kind", "time_units"),
    )
    foot = Layout(Part("desk/writing/_after.html", "state"))

    def __init__(self, data: Any, *, writing: Writing) -> None:
        self.of_another: dict[int, bool] = {}
        super().__init__(data, writing=writing)
        self.offer(next_states(), keep=False)
        if self.is_beside:
            self.fields["kind"].disabled, self.initial["kind"] = True, INTERNAL
        self.fields["state"].widget.attrs["class"] = "form-select-sm"
        closes = self.ticket.queue.closes_after_answer and not self.is_beside
        default = "closed_successful" if closes else "open"
        self.initial.setdefault("state", str(state_by_key(default).pk))

    def first(self, writing: Writing) -> dict[str, object]:
        """Recipients, subject and text of an answer to the article asked for, by the template asked for."""
        self.question = question_of(self.ticket, article_id=read_number(writing.query.get("article")))
        article = self.question.article
        recipients = Recipients(to=())
        if article is not None:
            everybody = bool(writing.query.get("all"))
            recipients = self.answer_to(article, reply_all=everybody)
        self.recipients = recipients
        template, newest = writing.query.get("template"), newest_event(self.ticket)
        if not newest.was_also_received:
            self.also = []  # found out by the way: it takes long to ask
        prefilled = self.prefilled(article, template=template)
        return {
            "subject": prefilled.subject,
            **self.first_taken(writing, html=prefilled.html),
            "to": ", ".join(recipients.to),
            "cc": ", ".join(recipients.cc),
            "template": template,
            "seen_event": newest.event if writing.seen_event is None else writing.seen_event,
            "seen_elsewhere": max((place.answer for place in self.also), default=0),
            "answered": article.pk if article else None,
        }

    @cached_property
    def also(self) -> list[Elsewhere]:
        """Where the mail was also received, as is told above the form; asked when the form is shown."""
        return also_received(self.ticket, rights=self.actor.agent_rights)

    @cached_property
    def question(self) -> Question:
        """What is answered, for a form that comes back; a fresh one looked for it."""
        return question_of(self.ticket, article_id=read_number(self["answered"].value()))

    @property
    def is_beside(self) -> bool:
        """Whether it answers what the customer does not see, as they then see nothing of this either."""
        return self.question.article is not None and not self.question.article.is_visible

    @property
    def question_files(self) -> list[Attachment]:
        """The files of what is answered, as far as its text does not show them."""
        return listed_files(self.question.article) if self.question.article else []

    @cached_property
    def recipients(self) -> Recipients:
        """Whom the mail that is answered says that an answer goes to."""
        article = self.question.article
        if article is None:
            return Recipients(to=())
        return self.answer_to(article, reply_all=False)

    def answer_to(self, article: Article, *, reply_all: bool) -> Recipients:
        """Whom an answer to this article goes to."""
        of_another = self.is_of_another(article)
        return answer_to(article=article, ticket=self.ticket, reply_all=reply_all, of_another=of_another)

    def is_of_another(self, article: Article) -> bool:
        """Whether this was said with another customer than the ticket has now."""
        if article.pk not in self.of_another:
            self.of_another[article.pk] = is_of_another_customer(article, ticket=self.ticket)
        return self.of_another[article.pk]

    @property
    def leaves_out(self) -> bool:
        """Whether what is answered is not quoted, as it was said with another customer."""
        article = self.question.article
        return article is not None and not self["quoted"].value() and self.is_of_another(article)

    @property
    def in_copy(self) -> list[str]:
        """Whom the mail that is answered went to as well, and this answer does not."""
        lines = (str(self[name].value() or "") for name in ("to", "cc", "bcc"))
        known = addresses_in(*(line[:LINE_MOST] for line in lines))
        return [other for other in self.recipients.others if not addresses_in(other) <= known]

    @property
    def is_cc(self) -> bool:
        """Whether these others all stood in Cc."""
        article = self.question.article
        return article is not None and addresses_in(*self.in_copy) <= addresses_in(article.cc)

    def prefilled(self, article: Article | None, *, template: object, quoted: object = "") -> Prefill:
        """What the form of an answer to this article begins with, by this standard answer."""
        left_out = article is not None and not quoted and self.is_of_another(article)
        return prefill(
            ticket=self.ticket,
            article=article,
            template=self.chosen_text(template),
            agent=self.actor.agent,
            quoted_html=quoted_html(self.ticket, article),
            of_another=left_out,
        )

    def text_by(self, template: object) -> str:
        """A whole answer with this standard answer in it."""
        quoted = self.data.get("quoted")
        return self.prefilled(self.question.article, template=template, quoted=quoted).html

    def begun(self) -> str:
        """A whole answer with nothing in it yet."""
        return self.text_by(None)

    def answered_article(self) -> Article | None:
        """What is answered."""
        return self.question.article

    def quote_all_the_same(self) -> None:
        """Put back what was left out, behind what was typed."""
        article = self.question.article
        if article is None or not self.leaves_out:
            return
        quote = quotation(article, quoted_html=quoted_html(self.ticket, article))
        data = cast("QueryDict", self.data).copy()
        data["html"] = self.shown_html + quote
        data["text"] = f"{typed_text(data)}\n\n{html_to_text(quote)}"
        data["quoted"] = "1"
        self.data = data

    def answer_elsewhere(self) -> None:
        """Send the answer to where the mail asks for it, though nobody knows that address."""
        data = cast("QueryDict", self.data).copy()
        data["to"] = ", ".join(self.recipients.elsewhere)
        self.data = data

    def answer_everybody(self) -> None:
        """Send the answer to the others, too, whom the mail went to."""
        data = cast("QueryDict", self.data).copy()
        data["cc"] = ", ".join(fitting([*split_addresses(data.get("cc", "")), *self.in_copy]))
        self.data = data

    steps = {
        **StandardTexts.steps,
        **RecipientFields.steps,
        "use_answer": TakenFields.use_answer,
        "quote_all_the_same": quote_all_the_same,
        "answer_everybody": answer_everybody,
        "answer_elsewhere": answer_elsewhere,
    }

    def checks(self) -> Iterator[Check]:
        """What the customer is not to see does not go to them."""
        yield from super().checks()
        if self.cleaned_data.get("kind") == INTERNAL:
            fields = {name: self.addresses(name) for name in ADDRESS_FIELDS if name in self.cleaned_data}
            answered = self.question.article
            yield partial(check_without_customer, ticket=self.ticket, answered=answered, **fields)


def act(deed: Deed, form: AnswerForm) -> Done:
    """Send the answer."""
    data = form.cleaned_data
    answer = Answer(
        **form.written_values(deed.uploads),
        answered=form.question.article,
        to=form.addresses("to"),
        cc=form.addresses("cc"),
        bcc=form.addresses("bcc"),
        state=data["state"],
        pending_until=data["pending_until"],
        seen_elsewhere=data["seen_elsewhere"],
        filled=form.filled(),
        taken_from=form.taken_tickets,
    )
    return reply_to_ticket(actor=deed.actor, ticket=deed.about.ticket, answer=answer, now=deed.now)


screen = Screen(
    name="reply",
    path="antwoord",
    group=Group.FIRST,
    right=QueuePermission.Right.ALL,
    words=Words(
        action=pgettext_lazy("verb", "Answer"),
        title=_("Compose a message for"),
        button=_("Send"),
        notice=_("Answer to {to} under way · {look}"),
        hint_internal=_("The customer sees neither this nor what is answered to it."),
        icon="reply",
        key="r",
        button_icon="out",
        again=_("Send all the same"),
    ),
    form=AnswerForm,
    act=act,
    leads_on=True,
    fits=has_articles,
    asks=("article", "template", "all", USE),
    look="btn btn-primary btn-sm",
    width="dialog--answer",
    beside="desk/screens/_question.html",
)
