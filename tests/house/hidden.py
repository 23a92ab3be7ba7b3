"""A part of the house that an agent may not see, full of a word that nothing shown to them may hold."""

import uuid
from dataclasses import dataclass

from accounts.models import Agent, Customer
from blobs.store import store_bytes
from queues.models import Queue, ResponseTemplate
from tests.factories import NOW, actor, customer_mail, make_customer, make_ticket, make_upload, stored_file
from tickets.actions.note import add_note
from tickets.changing.written import Written
from tickets.models import Article, Attachment, Ticket, Upload
from tickets.states import state_by_key

SECRET = "verborgenheid"


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a stranger may not see; `shared` is a ticket there of the customer whom both sides know."""

    queue: Queue
    ticket: Ticket
    shared: Ticket
    article: Article
    attachment: Attachment
    customer: Customer
    template: ResponseTemplate
    uploads: tuple[Upload, Upload]


def hide(*, queue: Queue, known: Customer, agent: Agent) -> Hidden:
    """Fill `queue`, where `agent` works, with secrets; `known` also has an open and a closed ticket there."""
    mail = customer_mail(
        subject=f"Over {SECRET}",
        html=f'<p>{SECRET}</p><img src="cid:foto@post.example">',
        text=SECRET,
        from_header=f"{SECRET} <{SECRET}@post.example>",
        sender_name=SECRET,
        raw=store_bytes(SECRET.encode()),
        files=(
            stored_file(SECRET.encode(), name=f"{SECRET}.txt"),
            stored_file(b"\x89PNG", content_type="image/png", content_id="foto@post.example", is_inline=True),
        ),
    )
    customer = make_customer(f"{SECRET}@post.example")
    ticket = make_ticket(queue, customer=customer, article=mail)
    note = Written(submission=uuid.uuid4(), subject=SECRET, html=f"<p>{SECRET}</p>")
    add_note(actor=actor(agent), ticket=ticket, note=note, now=NOW)
    make_ticket(queue, customer=known, state=state_by_key("closed_successful"))
    template = ResponseTemplate.objects.create(name=SECRET, html=f"<p>{SECRET}</p>")
    template.queues.add(queue)
    article = ticket.articles.order_by("pk")[0]
    form = uuid.uuid4()
    return Hidden(
        queue=queue,
        ticket=ticket,
        shared=make_ticket(queue, customer=known, article=customer_mail(subject=SECRET)),
        article=article,
        attachment=article.attachments.order_by("pk")[0],
        customer=customer,
        template=template,
        uploads=(
            make_upload(agent, form, name=f"{SECRET}.pdf", data=SECRET.encode()),
            make_upload(
                agent, form, name=f"{SECRET}.png", data=b"\x89PNG", content_type="image/png", is_inline=True
            ),
        ),
    )
