"""What is forgotten of forms: questions whose address nobody confirmed, files of forms that nobody sent, and
the networks that were counted. Safe to be run twice."""

from datetime import datetime, timedelta

from django.db import transaction

from webforms.confirmation_mail import DAYS
from webforms.models import Submission, SubmissionFile

DAY = timedelta(days=1)


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Forget what is over; gives the number of questions that were never confirmed.

    What is being confirmed at this moment is left alone: it is a ticket by the next time.
    """
    over = Submission.objects.filter(ticket=None, created__lt=now - DAYS * DAY)
    rows = over.select_for_update(skip_locked=True, no_key=True, of=("self",))
    tokens = dict(rows.values_list("pk", "token"))
    SubmissionFile.objects.filter(token__in=tokens.values()).delete()
    Submission.objects.filter(pk__in=tokens).delete()
    waiting = Submission.objects.filter(ticket=None).values("token")
    SubmissionFile.objects.filter(created__lt=now - DAY).exclude(token__in=waiting).delete()
    Submission.objects.filter(network__isnull=False, created__lt=now - DAY).update(network=None)
    return len(tokens)
