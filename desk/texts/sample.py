"""A ticket that nobody asked, to see a text of an admin in: nothing of it is kept."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Agent, Customer
from notify.letters import compose
from notify.models import Notification, NotificationText
from notify.reasons import Because, Reason
from notify.texts import Texts, kept_texts, values_of
from notify.words import WHO, own_sentence
from queues.models import AutoResponse, MailAddress, Queue, ResponseTemplate, Salutation, Signature, Text
from queues.placeholders import tags_in
from queues.texts import queue_to_show
from richtext.clean import clean_html
from tickets.actions.auto_respond import CUSTOMER_PAGE, write_answer
from tickets.letters.answering import prefill
from tickets.letters.placeholders import values_for, values_of_mail
from tickets.models import Article, Event, Ticket

ADDRESS = "karin@example.org"
OF_MERGING = ("TICKET", "MERGE_TO_TICKET")
"""What only a text about merging knows: the numbers of both tickets."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a customer would get: its subject, and its cleaned HTML."""

    subject: str
    html: str


def preview(text: Text, *, agent: Agent, queues: Collection[int] = ()) -> Preview:
    """An answer to the sample's mail with this text, by the functions that write real ones.

    `text` need not be saved. The other texts are those of the first of these queues (ids), or else of the
    first one in use that has any.
    """
    question = _question(_queue(queues))
    ticket = question.ticket
    if isinstance(text, AutoResponse):
        written = write_answer(
            ticket=ticket,
            answered=question,
            response=text,
            to=question.from_header,
            key="",
            now=timezone.now(),
            about=_merged(ticket) if text.kind == AutoResponse.Kind.MERGED else None,
        )
        return Preview(subject=written.new.subject, html=written.new.html)
    if isinstance(text, Salutation):
        ticket.queue.salutation = text
    if isinstance(text, Signature):
        ticket.queue.signature = text
    template = text if isinstance(text, ResponseTemplate) else _template()
    begun = prefill(ticket=ticket, article=question, template=template, agent=agent)
    return Preview(subject=begun.subject, html=clean_html(begun.html))


def known_words(text: Text, *, agent: Agent) -> frozenset[str]:
    """The names of the placeholders that have a value where this text stands."""
    question = _question(_queue(()))
    ticket = question.ticket
    if isinstance(text, AutoResponse):
        values = values_for(ticket=ticket, agent=None, customer=ticket.customer) | values_of_mail(question)
        values[CUSTOMER_PAGE] = ""
        if text.kind == AutoResponse.Kind.MERGED:
            values |= dict.fromkeys(OF_MERGING, "")
    else:
        values = values_for(ticket=ticket, agent=agent, customer=ticket.customer)
    return frozenset(values)


def preview_for_agents(text: NotificationText, *, agent: Agent) -> list[tuple[str, Preview]]:
    """By the name of each language, the mail that `agent` would get of something made up.

    In the language of `text`, which need not be saved, with its words; else with those that are kept.
    """
    texts = kept_texts(instead=[text])
    return [
        (name, _told(text.reason, agent=agent, texts=texts, language=code))
        for code, name in settings.LANGUAGES
    ]


def known_to_agents() -> frozenset[str]:
    """The names of the placeholders in mails to agents."""
    return frozenset(values_of(_happened(Reason.NOTE), agent=Agent()))


def _told(reason: str, *, agent: Agent, texts: Texts, language: str) -> Preview:
    with translation.override(language):
        letter = compose(_happened(reason), agent=agent, texts=texts)
    return Preview(subject=letter.subject, html=letter.html)


def _happened(reason: str) -> Notification:
    """What is told in the sample's ticket, by a colleague where such a thing is done by one."""
    question = _question(_queue(()))
    colleague = Agent(first_name="Bram", last_name=_("Sample"))
    event = Event(
        ticket=question.ticket,
        article=question if reason in (Reason.NEW, Reason.FOLLOW_UP) else None,
        agent=colleague if WHO in tags_in(own_sentence(reason)) else None,
    )
    is_queues = reason in (Reason.NEW, Reason.MOVED, Reason.TERM_ENDED, Reason.TERM_WARNED)
    return Notification(event=event, reason=reason, because=Because.QUEUE if is_queues else Because.YOURS)


def _queue(chosen: Collection[int]) -> Queue:
    """A queue as one that is there, to put other texts into."""
    like = queue_to_show(chosen)
    sender = MailAddress(address="queue@example.org", name=_("Sample queue"))
    if like is None:
        return Queue(name=_("Sample queue"), sender=sender)
    return Queue(
        name=like.name,
        sender=like.sender or sender,
        salutation=like.salutation,
        signature=like.signature,
    )


def _question(queue: Queue) -> Article:
    customer = Customer(code=ADDRESS, first_name="Karin", last_name=_("Sample"))
    ticket = Ticket(
        number=f"{timezone.localdate():%Y%m%d}10000019",
        title=_("May helpers come along?"),
        queue=queue,
        customer=customer,
    )
    return Article(
        ticket=ticket,
        sender_type=Article.SenderType.CUSTOMER,
        direction=Article.Direction.IN,
        is_visible=True,
        from_header=f"{customer.full_name} <{ADDRESS}>",
        from_address=ADDRESS,
        to=queue.sender.address if queue.sender else "",
        subject=ticket.title,
        text=_("Hello,\n\nMay helpers come along, too?\n\nKarin"),
        created=timezone.now(),
    )


def _merged(ticket: Ticket) -> Ticket:
    """A ticket of the same customer that went up in this one."""
    number = f"{timezone.localdate():%Y%m%d}10000028"
    return Ticket(number=number, title=ticket.title, queue=ticket.queue, customer=ticket.customer)


def _template() -> ResponseTemplate:
    return ResponseTemplate(html=_("<p>Here stands the answer.</p>"))
