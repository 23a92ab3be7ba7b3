"""The mail that asks whether it was the owner of an address who sent a form.

Whoever typed the address may be anybody: no word of the form stands in it, not even a name.
"""

from django.conf import settings
from django.core.mail import send_mail
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from queues.models import Queue
from webforms.models import Submission

PURPOSE = "webforms.confirm"
BETWEEN = "."
DAYS = 7
"""So long it waits to be confirmed."""


def ask_to_confirm(submission: Submission, *, queue: Queue | None) -> None:
    """Mail the link, from the queue's address, in the language that the form was filled in."""
    sender = queue.sender if queue is not None else None
    with translation.override(submission.language):
        text = _(
            "Somebody has asked us a question on our site and gave this e-mail address.\n\n"
            "Was it you? Open this page within seven days, and press the button there:\n\n%(link)s\n\n"
            "Was it not you? Then do nothing: the question is forgotten, and you hear no more of it.\n"
        )
        subject = _("Confirm your question")
    link = f"{settings.BASE_URL}{reverse('webforms:confirm', args=[confirmation_of(submission)])}"
    send_mail(subject, text % {"link": link}, str(sender) if sender else None, [submission.address])


def confirmation_of(submission: Submission) -> str:
    """What the link says: signed for this alone."""
    return _signer().sign_object(submission.pk)


def read_confirmation(signed: str) -> int:
    """The id of what is to be confirmed; raises `Submission.DoesNotExist` for what is no link of ours."""
    try:
        return int(_signer().unsign_object(signed))
    except BadSignature as error:
        raise Submission.DoesNotExist from error


def _signer() -> Signer:
    return Signer(salt=PURPOSE, sep=BETWEEN)
