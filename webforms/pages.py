"""What visitors see: the forms to choose among, a form, and that it was sent.

No page needs a session, a cookie or a script, so that a form works in a frame on another site, where browsers
send none. That is why it is exempt from Django's check of forms, which rests on a cookie. What that check is
for, nobody can do here: a form has no authority of whoever sends it, and does no more than anybody could who
asks us for a form. In its place each form carries a token of ours (`identity.py`), which is made for one form
and used once.
"""

from collections.abc import Sequence

from django import forms
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.tries import networks_from
from tickets.errors import TicketBusy
from webforms.answers import answers_of
from webforms.asking import VisitorForm, field_name, form_of
from webforms.bodies import brings_files
from webforms.categories import category_asked, category_at, form_once_at, tree_of
from webforms.confirmation_mail import read_confirmation
from webforms.files import file_keys
from webforms.framing import around, framed_by, in_readers_language, origins_of, refused
from webforms.identity import Identity, identity_of
from webforms.limits import NotTaken, TooOften, check_contents, check_limits
from webforms.models import Category, FormVersion, Submission
from webforms.received import Received, UnreadableError, receive
from webforms.sending import Sent, confirm, send
from webforms.spec import Meaning
from webforms.suggesting import PublicAnswer, answers_to, asks_too_often, has_answers

BAD, NOT_FOUND, UNPROCESSABLE, TOO_MANY = 400, 404, 422, 429
LOOK = "look"
"""What brings the form back as it is so far: a button, with the answers that there are already, or with an
empty value a script, in another language."""
ASKING = (Meaning.SUBJECT, Meaning.QUESTION)
"""What of a form is the question that an answer is looked for."""
KEPT = "private, no-cache"
"""A browser may keep a form: only so does who goes back to it, from the sentence that its files were too big,
find what they typed. It says nothing of anybody but of who typed it."""
SENT = "webforms.sent"
"""What the address of the page that says so is signed for."""


class SearchForm(forms.Form):
    """Words to find a form by."""

    q = forms.CharField(
        label=gettext_lazy("Search what your question is about"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": ""}),
    )


@require_safe
@in_readers_language
def form_list(request: HttpRequest) -> HttpResponse:
    """What a question can be about, as a tree, or what of it has the words that are searched."""
    query = request.GET.get("q", "")[:200]
    known = around(request, branches=tree_of(query), query=query, form=SearchForm(initial={"q": query}))
    return render(request, "webforms/list.html", known)


@csrf_exempt
@brings_files
@require_http_methods(["GET", "HEAD", "POST"])
@in_readers_language
def form_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A form, and what comes of it; exempt from the check that needs a cookie (see above)."""
    category = category_asked(request, slug)
    newest = category.versions.first() if category is not None else None
    if category is None or newest is None:
        said = _("There is no such form, or it is not in use any more. Choose another.")
        gone = form_once_at(slug)
        return refused(request, said, status=NOT_FOUND, origins=origins_of(gone) if gone is not None else ())
    newest.category = category
    response = _posted(request, newest) if request.method == "POST" else _opened(request, newest)
    return framed_by(response, origins=origins_of(category))


@require_safe
@in_readers_language
def offered_answers(request: HttpRequest, slug: str) -> HttpResponse:
    """The public standard answers to what is being typed (`q`), as a piece of the form's page."""
    category = category_at(slug)
    if category is None or category.queue_id is None:
        return HttpResponse(status=NOT_FOUND)
    if asks_too_often(networks_from(request)[0]):
        return HttpResponse(status=TOO_MANY)
    offered = answers_to(request.GET.get("q", ""), queue_id=category.queue_id)
    return render(request, "webforms/_answers.html", {"offered": offered})


@require_safe
@in_readers_language
def sent_page(request: HttpRequest, signed: str) -> HttpResponseBase:
    """That the question is there, with its number; or that its address is to be confirmed first."""
    submission = _submission(signed)
    if submission is None:
        return refused(request, _("This address leads nowhere. Choose a form."), status=NOT_FOUND)
    category, spec = submission.version.category, submission.version.spec
    thanks = spec.thanks.in_language(get_language() or "")
    known = around(request, submission=submission, thanks=thanks, origins=" ".join(origins_of(category)))
    return framed_by(render(request, "webforms/sent.html", known), origins=origins_of(category))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_readers_language
def confirm_page(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Where the mailed link leads: a button, which alone does something, as machines open links, too."""
    gone = _("This link is not valid any more: a question waits for seven days. Ask it once more.")
    try:
        pk = read_confirmation(signed)
        if request.method != "POST":
            known = around(request, submission=Submission.objects.get(pk=pk))
            return render(request, "webforms/confirm.html", known)
        return _to_sent_page(request, confirm(pk, now=timezone.now()))
    except Submission.DoesNotExist:
        return refused(request, gone, status=NOT_FOUND)


def _opened(request: HttpRequest, newest: FormVersion) -> HttpResponse:
    form = form_of(newest.spec, language=get_language() or "")
    return _shown(request, form, identity_of(newest, now=timezone.now()), category=newest.category)


def _posted(request: HttpRequest, newest: FormVersion) -> HttpResponseBase:
    now = timezone.now()
    try:
        received = receive(request, newest, now=now)
    except UnreadableError as error:
        return refused(request, str(error.sentence), status=BAD, form=newest.category)
    if received.sent is not None:
        return _to_sent_page(request, received.sent)
    if LOOK in request.POST:
        return _looked(request, received, category=newest.category)
    problem, status = received.problem, UNPROCESSABLE
    if received.is_in_order:
        sent = _sent(request, received)
        try:
            check_contents(sent)
            check_limits(sent, now=now)
            return _to_sent_page(request, send(sent, now=now))
        except (NotTaken, TicketBusy) as refusal:
            problem = refusal.message
            status = TOO_MANY if isinstance(refusal, TooOften) else UNPROCESSABLE
    return _shown(
        request,
        received.form,
        received.identity,
        category=newest.category,
        problem=problem,
        status=status,
    )


def _looked(request: HttpRequest, received: Received, *, category: Category) -> HttpResponse:
    """The form as it is so far, with the answers that are looked for; of what is wrong only that of files."""
    form = received.form
    told = {field_name(key) for key in file_keys(form.spec)}
    for name in set(form.errors) - told:
        del form.errors[name]
    if not request.POST[LOOK]:
        return _shown(request, form, received.identity, category=category)
    typed = "\n".join(str(form[name].value() or "") for name in _asking(form))
    offered = []
    if category.queue_id is not None and not asks_too_often(networks_from(request)[0]):
        offered = answers_to(typed, queue_id=category.queue_id)
    return _shown(request, form, received.identity, category=category, offered=offered)


def _asking(form: VisitorForm) -> list[str]:
    return [field_name(field.key) for field in form.spec.fields if field.meaning in ASKING]


def _sent(request: HttpRequest, received: Received) -> Sent:
    network = networks_from(request)[0].partition("/")[0]
    return Sent(
        token=received.identity.token,
        version=received.version,
        answers=answers_of(received.form),
        language=get_language() or "",
        network=network,
    )


def _shown(
    request: HttpRequest,
    form: VisitorForm,
    identity: Identity,
    *,
    category: Category,
    problem: str = "",
    status: int | None = None,
    offered: Sequence[PublicAnswer] | None = None,
) -> HttpResponse:
    """The form's page; `offered`: the answers that were looked for."""
    language = get_language() or ""
    has_any = category.queue_id is not None and has_answers(category.queue_id)
    known = around(
        request,
        form=form,
        token=identity.signed,
        title=form.spec.name.in_language(language),
        introduction=form.spec.introduction.in_language(language),
        problem=problem,
        origins=" ".join(origins_of(category)),
        answers_at=reverse("webforms:answers", args=[category.slug]) if has_any else "",
        asking=" ".join(_asking(form)),
        offered=offered or (),
        looked=offered is not None,
    )
    response = render(request, "webforms/form.html", known, status=status)
    response["Cache-Control"] = KEPT
    return response


def _to_sent_page(request: HttpRequest, submission: Submission) -> HttpResponse:
    address = reverse("webforms:sent", args=[signed_for(submission)])
    return redirect(f"{address}{around(request)['carried']}")


def signed_for(submission: Submission) -> str:
    """What the address of its page says: whoever has it reads the number."""
    return Signer(salt=SENT, sep=".").sign_object(submission.pk)


def _submission(signed: str) -> Submission | None:
    try:
        pk = Signer(salt=SENT, sep=".").unsign_object(signed)
    except BadSignature:
        return None
    return Submission.objects.select_related("ticket", "version__category").filter(pk=pk).first()
