"""Writing and sending an answer. A GET shows the form; the lock was taken by the POST that led here."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from desk.compose.form import AnswerForm
from desk.frame import AgentRequest, actor_of
from desk.popups.forms import ComposingForm
from desk.popups.way import Popup
from queues.models import QueuePermission, ResponseTemplate
from queues.texts import template_of
from richtext.convert import html_to_text
from tickets.access import find_answerable
from tickets.actions.reply import Answer, reply_to_ticket
from tickets.answering import Prefill, Recipients, answer_to, prefill
from tickets.inline_images import for_editor
from tickets.models import Article, Ticket, Upload
from tickets.queries.also_received import Elsewhere, also_received
from tickets.queries.zoom import article_to_answer, newest_article

SEEN = ("seen_article", "seen_elsewhere")
"""Fields that a button 'Toch versturen' (`<field>_anyway`) raises to what its page has shown."""


def _make(request: AgentRequest, ticket: Ticket) -> AnswerForm:
    also = also_received(ticket, rights=request.rights)
    if request.method != "POST":
        return AnswerForm(initial=_first(request, ticket, also), ticket=ticket, also=also)
    data = request.POST.copy()
    if "choose_template" in data:
        text = _text(
            request, ticket, article=_answered(ticket, data.get("answered")), template=data.get("template")
        )
        data["html"], data["text"] = text.html, html_to_text(text.html)
    for field in SEEN:
        if (seen := _number(data.get(f"{field}_anyway"))) is not None:
            data[field] = str(max(seen, _number(data.get(field)) or 0))
    return AnswerForm(data, ticket=ticket, also=also)


def _first(request: AgentRequest, ticket: Ticket, also: list[Elsewhere]) -> dict[str, object]:
    """What a fresh form begins with."""
    article, template = _answered(ticket, request.GET.get("article")), request.GET.get("template")
    recipients = Recipients(to=())
    if article is not None:
        recipients = answer_to(article=article, ticket=ticket, reply_all=bool(request.GET.get("all")))
    text = _text(request, ticket, article=article, template=template)
    return ComposingForm.first(subject=text.subject, html=text.html) | {
        "to": ", ".join(recipients.to),
        "cc": ", ".join(recipients.cc),
        "template": template,
        "seen_article": newest_article(ticket),
        "seen_elsewhere": max((each.answer for each in also), default=0),
        "answered": article.pk if article else None,
    }


def _text(request: AgentRequest, ticket: Ticket, *, article: Article | None, template: str | None) -> Prefill:
    return prefill(
        ticket=ticket,
        article=article,
        template=_template(ticket, template),
        agent=request.user,
        quoted_html=_quoted(ticket, article),
    )


def _act(request: AgentRequest, ticket: Ticket, form: AnswerForm, uploads: list[Upload]) -> Article:
    data = form.cleaned_data
    answer = Answer(
        submission=data["submission"],
        seen_article=data["seen_article"],
        seen_elsewhere=data["seen_elsewhere"],
        answered=_answered(ticket, str(data["answered"] or "")),
        to=form.addresses("to"),
        cc=form.addresses("cc"),
        bcc=form.addresses("bcc"),
        subject=data["subject"],
        html=data["html"],
        uploads=tuple(uploads),
        state=data["state"],
        pending_until=data["pending_until"],
        time_units=data["time_units"],
    )
    return reply_to_ticket(actor=actor_of(request), ticket=ticket, answer=answer, now=timezone.now())


POPUP = Popup(
    title=gettext_lazy("Compose a message for"),
    button=gettext_lazy("Send"),
    icon="out",
    right=QueuePermission.Right.ALL,
    notice=gettext_lazy("Your answer is being sent."),
    make=_make,
    act=_act,
    width="dialog--wide",
)


reply = POPUP.as_view()


def _answered(ticket: Ticket, article_id: str | None) -> Article | None:
    """The article that is answered: the one named, else the newest one that can be."""
    number = _number(article_id)
    if number is None:
        return article_to_answer(ticket)
    try:
        return find_answerable(ticket=ticket, article_id=number)
    except Article.DoesNotExist:
        return None


def _template(ticket: Ticket, template_id: str | None) -> ResponseTemplate | None:
    number = _number(template_id)
    return None if number is None else template_of(ticket.queue, template_id=number)


def _number(text: str | None) -> int | None:
    """An id that came with the request; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _quoted(ticket: Ticket, article: Article | None) -> str:
    """The answered mail's HTML with its own images shown in the editor."""
    if article is None or not article.html:
        return ""
    return for_editor(article, address=lambda file: reverse("desk:attachment", args=[ticket.number, file.pk]))
