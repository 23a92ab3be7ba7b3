"""Things to test with: nothing random, each call makes one more."""

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from accounts.models import Agent, Customer, CustomerAddress, Group
from blobs.store import store_bytes
from mailgate.intake import take_in
from mailgate.models import InboundMessage
from queues.access import rights_of
from queues.models import AutoResponse, MailAddress, Queue, QueuePermission
from tickets.actions.create import Start, create_ticket
from tickets.actions.reply import Answer
from tickets.actor import Actor
from tickets.changing.articles import NewArticle, StoredFile
from tickets.models import Article, Draft, FreeChoice, FreeField, Ticket, Upload
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PASSWORD = "een-lang-wachtwoord"
_count = itertools.count(1)
START = tuple(field.name for field in fields(Start))


def make_queue(name: str = "", **values: Any) -> Queue:
    """A queue with a sender address of its own."""
    n = next(_count)
    queue = Queue.objects.create(name=name or f"Queue {n}", **values)
    queue.sender = MailAddress.objects.create(address=f"queue{n}@kvv.example", name=queue.name, queue=queue)
    queue.save(update_fields=["sender"])
    return queue


def make_agent(username: str = "", **values: Any) -> Agent:
    """An agent without any right."""
    n = next(_count)
    name = username or f"agent{n}"
    return Agent.objects.create_user(name, f"{name}@kvv.example", PASSWORD, first_name=name.title(), **values)


def grant(agent: Agent, queue: Queue, *rights: str) -> None:
    """Give an agent rights in a queue, by a group of their own."""
    group, _made = Group.objects.get_or_create(name=f"{agent.username} {queue.pk}")
    group.agents.add(agent)
    QueuePermission.objects.bulk_create(
        QueuePermission(group=group, queue=queue, right=right) for right in rights
    )


def make_customer(address: str = "") -> Customer:
    """A customer with one address."""
    address = address or f"klant{next(_count)}@post.example"
    customer = Customer.objects.create(code=address, first_name="Karin", last_name="Klant")
    CustomerAddress.objects.create(customer=customer, address=address)
    return customer


def customer_mail(**changes: Any) -> NewArticle:
    """What a mail of a customer becomes."""
    n = next(_count)
    mail = NewArticle(
        sender_type=Article.SenderType.CUSTOMER,
        channel=Article.Channel.EMAIL,
        direction=Article.Direction.IN,
        is_visible=True,
        from_header="Karin Klant <karin@post.example>",
        from_address="karin@post.example",
        sender_name="Karin Klant",
        to="spel@kvv.example",
        subject=f"Vraag {n}",
        text="Hoe gaat dat?",
        message_id=f"mail{n}@post.example",
    )
    return replace(mail, **changes)


def make_ticket(queue: Queue, **changes: Any) -> Ticket:
    """A new ticket with one mail of a customer."""
    article = changes.pop("article", None) or customer_mail()
    start = Start(**{name: changes.pop(name) for name in START if name in changes})
    values: dict[str, Any] = {
        "actor": Actor.mail(),
        "title": article.subject,
        "customer": None,
        "now": NOW,
    }
    return create_ticket(queue=queue, article=article, start=start, **(values | changes)).ticket


def actor(agent: Agent) -> Actor:
    """The agent as an actor, with the rights of this moment."""
    return Actor.of(agent, rights_of(agent))


def make_upload(agent: Agent, submission: uuid.UUID, *, data: bytes = b"bytes", **values: Any) -> Upload:
    """A file beside a form."""
    defaults: dict[str, Any] = {"name": "bijlage.txt", "content_type": "text/plain", "size": len(data)}
    draft, _made = Draft.objects.get_or_create(
        submission=submission, defaults={"screen": "reply", "writer": agent, "holder": agent}
    )
    return Upload.objects.create(draft=draft, blob=store_bytes(data), **(defaults | values))


def stored_file(data: bytes = b"bytes", **values: Any) -> StoredFile:
    """A kept file of an article."""
    defaults: dict[str, Any] = {"name": "bijlage.txt", "content_type": "text/plain", "size": len(data)}
    return StoredFile(blob=store_bytes(data), **(defaults | values))


def make_inbound(raw: bytes = b"") -> InboundMessage:
    """A mail that waits to be delivered."""
    n = next(_count)
    mail = raw or f"From: k@post.example\r\nMessage-ID: <in{n}@post.example>\r\n\r\nMail {n}\r\n".encode()
    return take_in(raw=mail, way=InboundMessage.Way.PIPE)


def answer(ticket: Ticket, **changes: Any) -> Answer:
    """What an agent fills in to answer a ticket's first article."""
    question = ticket.articles.order_by("pk").first()
    filled = Answer(
        submission=uuid.uuid4(),
        seen_event=newest_event(ticket).event,
        answered=question,
        to=("Karin Klant <karin@post.example>",),
        cc=(),
        bcc=(),
        subject="Vraag",
        html="<p>Zo gaat dat.</p>",
        uploads=(),
        state=state_by_key("closed_successful"),
    )
    return replace(filled, **changes)


def make_free_field(kind: str, *choices: str, queues: Sequence[Queue] = (), **values: Any) -> FreeField:
    """A free field of these queues, or of all, with what can be chosen in it."""
    name = f"Veld {next(_count)}"
    field = FreeField.objects.create(**{"kind": kind, "name_nl": name} | values)
    field.queues.set(queues)
    for position, choice in enumerate(choices):
        FreeChoice.objects.create(field=field, name_nl=choice, position=position)
    return field


def make_auto_response(queue: Queue, *, kind: str = "new_ticket", **values: Any) -> AutoResponse:
    """A text that the queue answers by itself."""
    defaults: dict[str, Any] = {
        "name": f"Automatisch {next(_count)}",
        "subject": "Gelezen: <KVV_CUSTOMER_SUBJECT[60]>",
        "html": "<p>We hebben je mail.</p>",
    }
    response = AutoResponse.objects.create(kind=kind, **(defaults | values))
    response.queues.add(queue)
    return response
