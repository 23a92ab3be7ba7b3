"""Playing the customer: reading what KVV sent, and writing to it, by real SMTP."""

import smtplib
import uuid
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from desk.frame import UNPROCESSABLE
from desk.writing.layout import Row
from kvv.demo.catcher import CaughtMail, caught, find
from mailgate.parse import ParsedMail, parse_mail
from outbox.mime import Mail, OutgoingFile, build_mime
from queues.models import MailAddress
from richtext.clean import clean_html
from richtext.convert import quote_text, text_to_html
from tickets.showing.frame import framed, silent

FILES_MOST = 5
MENU = {"menu": "demo"}


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A caught mail as the page shows it."""

    name: str
    at: datetime
    recipients: tuple[str, ...]
    mail: ParsedMail


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input for several files."""

    allow_multiple_selected = True


class CustomerForm(forms.Form):
    """A mail of an invented customer."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=100, initial="Demi Demo")
    address = forms.EmailField(
        label=gettext_lazy("Your address"), max_length=200, initial="demi@demo-post.example"
    )
    to = forms.ChoiceField(label=gettext_lazy("To"))
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200, required=False)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=100_000, widget=forms.Textarea(attrs={"rows": 10})
    )
    attachments = forms.FileField(label=gettext_lazy("Attachment"), required=False, widget=SeveralFilesInput)

    layout = Layout(
        Row("name", "address"), "to", "subject", "text", Field("attachments", template="demo/files.html")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(address.address, str(address)) for address in MailAddress.objects.all()]


@require_safe
def caught_mails(request: HttpRequest) -> HttpResponse:
    """What KVV has sent, newest first."""
    return render(request, "demo/mails.html", MENU | {"mails": [_shown_mail(mail) for mail in caught()]})


@require_safe
def mail_page(request: HttpRequest, name: str) -> HttpResponse:
    """One of the mails that KVV has sent."""
    return render(request, "demo/mail.html", MENU | {"shown": _mail_or_404(name)})


@require_safe
@framed
def frame(request: HttpRequest, name: str) -> HttpResponse:
    """The mail's HTML, under the policy of every mail."""
    shown = _mail_or_404(name)
    html = silent(clean_html(shown.mail.html or text_to_html(shown.mail.text)))
    return render(request, "desk/zoom/frame.html", {"article": shown.mail, "html": html})


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Schrijf als klant."""
    return _compose(request, initial={}, title=_("Write as a customer"))


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, name: str) -> HttpResponse:
    """Antwoord als klant."""
    shown = _mail_or_404(name)
    recipient = shown.mail.to[0] if shown.mail.to else None
    sender = shown.mail.from_.address if shown.mail.from_ else ""
    initial = {
        "name": recipient.name if recipient else "",
        "address": recipient.address if recipient else next(iter(shown.recipients), ""),
        "to": sender,
        "subject": shown.mail.subject
        if shown.mail.subject.startswith("Re:")
        else f"Re: {shown.mail.subject}",
        "text": f"\n\n{quote_text(shown.mail.text)}",
    }
    return _compose(request, initial=initial, title=_("Answer as a customer"), to=shown.mail)


def _compose(
    request: HttpRequest, *, initial: dict[str, str], title: str, to: ParsedMail | None = None
) -> HttpResponse:
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CustomerForm(*bound, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _send(request, form, to=to)
        except (OSError, smtplib.SMTPException) as error:
            form.add_error(None, _("The listener did not take the mail: %(error)s") % {"error": error})
        else:
            messages.success(request, _("Sent. The ticket appears within seconds."))
            return redirect("demo:mail")
    status = UNPROCESSABLE if form.errors else None
    return render(request, "demo/write.html", MENU | {"form": form, "title": title}, status=status)


def _send(request: HttpRequest, form: CustomerForm, *, to: ParsedMail | None) -> None:
    data = form.cleaned_data
    files = [
        OutgoingFile(file.name or "file", file.content_type or "application/octet-stream", file.read())
        for file in request.FILES.getlist("attachments")[:FILES_MOST]
    ]
    answered = to.message_id if to is not None and to.message_id else ""
    mime = build_mime(
        Mail(
            from_header=f'"{data["name"]}" <{data["address"]}>',
            to=(data["to"],),
            subject=data["subject"],
            text=data["text"],
            message_id=f"{uuid.uuid4().hex}@demo-post.example",
            in_reply_to=f"<{answered}>" if answered else "",
            references=f"<{answered}>" if answered else "",
            files=tuple(files),
            date=timezone.now(),
        )
    )
    with smtplib.SMTP(settings.LISTENER_HOST, settings.LISTENER_PORT, timeout=10) as line:
        line.sendmail(parseaddr(data["address"])[1], [data["to"]], mime)


def _mail_or_404(name: str) -> ShownMail:
    mail = find(name)
    if mail is None:
        raise Http404
    return _shown_mail(mail)


def _shown_mail(mail: CaughtMail) -> ShownMail:
    return ShownMail(
        name=mail.name,
        at=datetime.fromtimestamp(mail.at, tz=timezone.get_default_timezone()),
        recipients=mail.recipients,
        mail=parse_mail(mail.raw),
    )
