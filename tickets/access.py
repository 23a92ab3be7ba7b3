"""Finding a ticket or a customer for an agent: what they may not see is not there."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import Customer, CustomerAddress
from blobs.models import Blob
from outbox.addresses import addresses_in
from queues.access import Rights
from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.models import Article, Attachment, Ticket
from tickets.models.article import ANSWERABLE
from tickets.queries.customer_keys import codes_in, sees_all
from tickets.queries.threads import main_ticket

Right = QueuePermission.Right


def find_ticket(*, number: str, rights: Rights) -> Ticket:
    """The ticket with what its screen shows of it; raises `Ticket.DoesNotExist` unless it may be seen.

    The texts of its queue, which only an answer needs, are left to be read there: PostgreSQL plans nine
    tables joined almost four times as long as six, and each frame and file of a ticket comes through here.
    """
    related = ("queue", "state", "owner__preferences", "customer__organisation")
    if "\0" in number:  # which PostgreSQL would not even look for
        raise Ticket.DoesNotExist
    return Ticket.objects.visible_to(rights).select_related(*related).get(number=number)


def find_main_ticket(*, number: str, rights: Rights) -> Ticket:
    """The ticket of this number, or what it was merged into, if that may be seen; else as `find_ticket`."""
    ticket = find_ticket(number=number, rights=rights)
    if ticket.merged_into_id is None:
        return ticket
    try:
        return find_ticket(number=main_ticket(ticket).number, rights=rights)
    except Ticket.DoesNotExist:
        return ticket


def find_article(*, ticket: Ticket, article_id: int) -> Article:
    """An article of a ticket that was found; raises `Article.DoesNotExist`."""
    return ticket.articles.get(pk=article_id)


def find_answerable(*, ticket: Ticket, article_id: int) -> Article:
    """An article that can be answered, as nothing internal is ever quoted; else `Article.DoesNotExist`."""
    return ticket.articles.get(ANSWERABLE, pk=article_id)


def find_source(*, ticket: Ticket, article_id: int) -> Blob:
    """The bytes of a mail as it came in, or as it was handed over; raises `Article.DoesNotExist`."""
    mails = ticket.articles.filter(Q(raw__isnull=False) | Q(outbound__isnull=False))
    article = mails.select_related("raw", "outbound__mime").get(pk=article_id)
    source = article.raw or (article.outbound.mime if article.outbound else None)
    if source is None:
        raise Article.DoesNotExist
    return source


def find_attachment(*, ticket: Ticket, attachment_id: int) -> Attachment:
    """An attachment of a ticket that was found; raises `Attachment.DoesNotExist`."""
    return Attachment.objects.select_related("blob").get(pk=attachment_id, article__ticket=ticket)


def find_customer(*, customer_id: int, actor: Actor, named: str = "") -> Customer:
    """The customer; raises `Customer.DoesNotExist` unless the agent finds them.

    That is: unless they see a ticket of theirs, or `named` has their whole address or code, or the agent is a
    superuser.
    """
    customers = Customer.objects.select_related("organisation")
    if sees_all(actor):
        return customers.get(pk=customer_id)
    by_ticket = Exists(Ticket.objects.visible_to(actor.agent_rights).filter(customer=OuterRef("pk")))
    owners = CustomerAddress.objects.filter(address__in=addresses_in(named)).values("customer")
    may = by_ticket | Q(pk__in=owners) | Q(code__in=codes_in(named))
    return customers.filter(may).get(pk=customer_id)


def may_correct(customer: Customer, *, actor: Actor) -> bool:
    """Whether the agent may correct the name and add addresses: with every right in a ticket of theirs."""
    if sees_all(actor):
        return True
    theirs = Ticket.objects.filter(customer=customer, queue_id__in=sorted(actor.agent_rights.ids(Right.ALL)))
    return theirs.exists()
