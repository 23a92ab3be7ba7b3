"""Writing and sending an answer. A GET shows the form; the lock was taken by the POST that led here."""

from csp.decorators import csp_update
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from desk.compose.form import AnswerForm
from desk.frame import AgentRequest, actor_of, agent_required
from desk.popups.forms import ComposingForm
from desk.popups.way import Popup
from queues.models import QueuePermission, ResponseTemplate
from queues.texts import template_of, templates_of
from richtext.convert import html_to_text
from tickets.access import find_article
from tickets.actions.reply import Answer, reply_to_ticket
from tickets.answering import Recipients, answer_to, prefill
from tickets.inline_images import for_editor
from tickets.models import Article, Ticket, Upload
from tickets.queries.zoom import article_to_answer


def _make(request: AgentRequest, ticket: Ticket) -> AnswerForm:
    if request.method == "POST":
        return AnswerForm(request.POST, ticket=ticket)
    article = _answered(ticket, request.GET.get("article"))
    recipients = Recipients(to=())
    if article is not None:
        recipients = answer_to(article=article, ticket=ticket, reply_all=bool(request.GET.get("all")))
    first = prefill(
        ticket=ticket,
        article=article,
        template=_template(ticket, request.GET.get("template")),
        agent=request.user,
        quoted_html=_quoted(ticket, article),
    )
    initial = ComposingForm.first(subject=first.subject, html=first.html) | {
        "text": html_to_text(first.html),
        "to": ", ".join(recipients.to),
        "cc": ", ".join(recipients.cc),
        "seen_article": ticket.latest_customer_article,
        "answered": article.pk if article else None,
    }
    return AnswerForm(initial=initial, ticket=ticket)


def _act(request: AgentRequest, ticket: Ticket, form: AnswerForm, uploads: list[Upload]) -> Article:
    data = form.cleaned_data
    answer = Answer(
        submission=data["submission"],
        seen_article=data["seen_article"],
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
        send_anyway="send_anyway" in request.POST,
    )
    return reply_to_ticket(actor=actor_of(request), ticket=ticket, answer=answer, now=timezone.now())


def _context(request: AgentRequest, ticket: Ticket, form: AnswerForm) -> dict[str, object]:
    return {
        "templates": templates_of(ticket.queue),
        "chosen_template": request.GET.get("template", ""),
        "article_id": form["answered"].value() or "",
    }


POPUP = Popup(
    template="desk/compose/reply.html",
    title=gettext_lazy("Compose a message for"),
    button=gettext_lazy("Send"),
    icon="out",
    right=QueuePermission.Right.ALL,
    notice=gettext_lazy("Your answer is being sent."),
    make=_make,
    act=_act,
    context=_context,
)


@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"style-src-attr": ["'unsafe-inline'"]})  # type: ignore[arg-type]  # django-csp types views without arguments only
@agent_required
def reply(request: AgentRequest, number: str) -> HttpResponseBase:
    """Answer the customer."""
    return POPUP(request, number)


def _answered(ticket: Ticket, article_id: str | None) -> Article | None:
    """The article that is answered: the one named, else the newest one that can be."""
    if article_id and article_id.isascii() and article_id.isdigit() and len(article_id) < 19:
        try:
            return find_article(ticket=ticket, article_id=int(article_id))
        except Article.DoesNotExist:
            return None
    return article_to_answer(ticket)


def _template(ticket: Ticket, template_id: str | None) -> ResponseTemplate | None:
    if not template_id or not template_id.isascii() or not template_id.isdigit() or len(template_id) > 18:
        return None
    return template_of(ticket.queue, template_id=int(template_id))


def _quoted(ticket: Ticket, article: Article | None) -> str:
    """The answered mail's HTML with its own images shown in the editor."""
    if article is None or not article.html:
        return ""
    return for_editor(article, address=lambda file: reverse("desk:attachment", args=[ticket.number, file.pk]))
