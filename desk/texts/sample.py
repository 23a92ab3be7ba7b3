"""A ticket that nobody asked, to see a text of an admin in: nothing of it is kept."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agent, Customer
from queues.models import AutoResponse, MailAddress, Queue, ResponseTemplate, Salutation, Signature, Text
from queues.texts import queue_to_show
from richtext.clean import clean_html
from tickets.actions.auto_respond import write_answer
from tickets.letters.answering import prefill
from tickets.letters.placeholders import values_for, values_of_mail
from tickets.models import Article, Ticket

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
        if text.kind == AutoResponse.Kind.MERGED:
            values |= dict.fromkeys(OF_MERGING, "")
    else:
        values = values_for(ticket=ticket, agent=agent, customer=ticket.customer)
    return frozenset(values)


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
