"""From a form that is in order to a ticket: once for each token, whatever is pressed twice.

Customer, ticket, article, files and the row that remembers the token are one commit. The address is a claim,
and the ticket says so, unless its owner has confirmed it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.customers import customer_with, organisation_named
from accounts.models import Customer
from outbox.addresses import compared, write_address
from queues.models import Queue
from tickets.actions.create import Start, create_ticket
from tickets.actor import Actor
from tickets.changing.articles import NewArticle
from tickets.changing.locking import atomic_action
from tickets.models import Article
from tickets.models.article import UNCONFIRMED
from webforms.answers import Answer, Answers, keys_of, text_of
from webforms.confirmation_mail import ask_to_confirm
from webforms.files import kept_of, stored
from webforms.form_copy import html_copy, text_copy
from webforms.free_fields import filled_by
from webforms.models import Category, FormVersion, Submission, SubmissionFile
from webforms.spec import FormSpec, Meaning
from webforms.telling import told_of

_LINK: Final = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a visitor has sent; `version` comes with its category."""

    token: UUID
    version: FormVersion
    answers: Mapping[str, Answer]
    language: str
    network: str | None

    @property
    def address(self) -> str:
        """Where the answer is to go, as addresses are compared."""
        return compared(text_of(self.answers, self.version.spec, Meaning.ADDRESS))

    @property
    def has_too_many_links(self) -> bool:
        """Whether there are more links in it than a question has."""
        texts = (answer for answer in self.answers.values() if isinstance(answer, str))
        return sum(len(_LINK.findall(text)) for text in texts) > self.version.category.links_most


@atomic_action
def send(sent: Sent, *, now: datetime) -> Submission:
    """Make a ticket of it, or mail the address to be confirmed first; what came before is given as it is.

    Two at the same moment meet at the token: who comes second waits for the first, and finds what it made.
    """
    category = sent.version.category
    submission = Submission(
        token=sent.token,
        version=sent.version,
        address=sent.address,
        answers=dict(sent.answers),
        language=sent.language,
        network=sent.network,
        created=now,
    )
    try:
        with transaction.atomic():
            submission.save(force_insert=True)
    except IntegrityError:
        first = Submission.objects.get(token=sent.token)
        if first.ticket_id is not None:
            SubmissionFile.objects.filter(token=sent.token).delete()  # they came once more
        return first
    if category.confirms_address:
        ask_to_confirm(submission, queue=category.queue)
    else:
        _make_ticket(submission, is_junk=sent.has_too_many_links, warning=UNCONFIRMED, now=now)
    return submission


@atomic_action
def confirm(submission_id: int, *, now: datetime) -> Submission:
    """Make the ticket of a question whose address is confirmed, once; raises `Submission.DoesNotExist`."""
    locked = Submission.objects.select_for_update(no_key=True, of=("self",))
    submission = locked.select_related("version__category").get(pk=submission_id)
    if submission.ticket_id is None:
        submission.confirmed = now
        submission.save(update_fields=["confirmed"])
        sent = Sent(
            token=submission.token,
            version=submission.version,
            answers=submission.answers,
            language=submission.language,
            network=submission.network,
        )
        _make_ticket(submission, is_junk=sent.has_too_many_links, warning="", now=now)
    return submission


def _make_ticket(submission: Submission, *, is_junk: bool, warning: str, now: datetime) -> None:
    """In the house's language: agents read it, and mails about it leave in it."""
    version = submission.version
    spec, answers = version.spec, submission.answers
    files = [
        file for key, of_field in kept_of(submission.token).items() if key in answers for file in of_field
    ]
    with translation.override(settings.LANGUAGE_CODE):
        queue = _queue(spec, answers, category=version.category, is_junk=is_junk)
        filled = filled_by(spec, answers, queue_id=queue.pk, language=settings.LANGUAGE_CODE)
        done = create_ticket(
            actor=Actor.customer(),
            queue=queue,
            title=text_of(answers, spec, Meaning.SUBJECT) or _("(no subject)"),
            customer=_customer(spec, answers, address=submission.address),
            article=_article(spec, answers, files, queue=queue, warning=warning),
            start=Start(filled=filled),
            told=told_of(version),
            now=now,
        )
    submission.ticket = done.ticket
    submission.save(update_fields=["ticket"])
    if files:
        SubmissionFile.objects.filter(token=submission.token).delete()


def _queue(spec: FormSpec, answers: Answers, *, category: Category, is_junk: bool) -> Queue:
    """The one for junk; else that of the first choice that leads to one; else the form's own."""
    chosen = (
        choice.queue
        for field in spec.fields
        for choice in field.choices
        if choice.queue is not None and choice.key in keys_of(answers.get(field.key, ""))
    )
    asked = next(chosen, spec.queue)
    queue_id = category.junk_queue_id if is_junk and category.junk_queue_id is not None else asked
    return Queue.objects.select_related("sender").get(pk=queue_id)


def _customer(spec: FormSpec, answers: Answers, *, address: str) -> Customer:
    """Whose address it is; of who is new what they say of themselves, of who is known nothing of it."""
    organisation = text_of(answers, spec, Meaning.ORGANISATION)
    return customer_with(
        address,
        claims=lambda: {
            "first_name": text_of(answers, spec, Meaning.FIRST_NAME),
            "last_name": text_of(answers, spec, Meaning.LAST_NAME),
            "phone": text_of(answers, spec, Meaning.PHONE),
            "code": text_of(answers, spec, Meaning.CODE) or address[:200],
            "organisation": organisation_named(organisation) if organisation else None,
        },
    )


def _article(
    spec: FormSpec, answers: Answers, files: list[SubmissionFile], *, queue: Queue, warning: str
) -> NewArticle:
    names = (text_of(answers, spec, meaning) for meaning in (Meaning.FIRST_NAME, Meaning.LAST_NAME))
    name, address = " ".join(name for name in names if name), text_of(answers, spec, Meaning.ADDRESS)
    language = settings.LANGUAGE_CODE
    return NewArticle(
        sender_type=Article.SenderType.CUSTOMER,
        channel=Article.Channel.WEB,
        direction=Article.Direction.IN,
        is_visible=True,
        from_header=write_address(name, address),
        from_address=compared(address),
        to=write_address(queue.sender.name, queue.sender.address) if queue.sender is not None else "",
        subject=text_of(answers, spec, Meaning.SUBJECT),
        text=text_copy(spec, answers, files, language=language),
        html=html_copy(spec, answers, files, language=language),
        warning=warning,
        files=stored(files),
        sender_name=name or address,
    )
