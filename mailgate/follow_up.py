"""Which ticket a mail belongs to, and who is known there (OTRS 5.12 to 5.15, 5.21)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models.functions import Lower

from accounts.models import Agent, CustomerAddress
from mailgate.read import Incoming
from outbox.addresses import read_addresses
from outbox.message_ids import is_ours
from queues.models import Queue
from tickets.letters.subjects import find_number
from tickets.models import Article, Ticket
from tickets.queries.threads import articles_by_message_ids, main_ticket, tickets_by_numbers


@dataclass(frozen=True, slots=True)
class Threads:
    """The tickets and articles that a batch of mails speaks of, read in two statements."""

    by_number: dict[str, Ticket]
    by_message_id: dict[str, list[Article]]

    @classmethod
    def read(cls, batch: Sequence[Incoming]) -> "Threads":
        """Look up every number and every id at once."""
        numbers = {number for one in batch if (number := find_number(one.mail.subject))}
        ids = {one_id for one in batch for one_id in (*one.answered, one.mail.message_id) if one_id}
        return cls(by_number=tickets_by_numbers(numbers), by_message_id=articles_by_message_ids(ids))

    def ticket_of(self, incoming: Incoming, *, queue: Queue) -> Ticket | None:
        """The ticket of the mail a bounce reports, else by number in the subject, else of what it answers.

        Only ids that are stored count: ours, which nobody can guess, and those of mails that came in. Where
        several articles have one id, ours is meant, which a stranger may have copied; else the one in
        `queue`, for which the mail came in; else the newest.
        """
        number = find_number(incoming.mail.subject)
        return (
            self._by_ids(incoming.reported, queue=queue)
            or (self.by_number.get(number) if number else None)
            or self._by_ids(incoming.answered, queue=queue)
        )

    def same_id(self, incoming: Incoming) -> list[Article]:
        """The articles that carry this very Message-ID, newest first."""
        return self.by_message_id.get(incoming.mail.message_id or "", [])

    def failed_answer(self, incoming: Incoming) -> Article | None:
        """The article of ours that a report speaks of: only our own signature tells."""
        found = (article for one in incoming.reported for article in self.by_message_id.get(one, ()))
        return next((article for article in found if article.outbound_id), None)

    def remember(self, made: Article) -> None:
        """A later mail of the batch may answer this one, or be the same."""
        self.by_number[made.ticket.number] = made.ticket
        if made.message_id:
            self.by_message_id.setdefault(made.message_id, []).insert(0, made)

    def is_hidden(self, incoming: Incoming) -> bool:
        """Whether it answers a mail of ours that the customer did not get, as a notification."""
        ours = next((one for one in incoming.answered if is_ours(one)), None)
        if ours is None:
            return False
        sent = (article for article in self.by_message_id.get(ours, ()) if article.outbound_id)
        return not any(article.is_visible for article in sent)

    def _by_ids(self, ids: Sequence[str], *, queue: Queue) -> Ticket | None:
        found = next((self.by_message_id[one] for one in ids if one in self.by_message_id), None)
        if found is None:
            return None
        ours = (article for article in found if article.outbound_id)
        there = (article for article in found if article.ticket.queue_id == queue.pk)
        return main_ticket(next(chain(ours, there, found)).ticket)


@dataclass(frozen=True, slots=True)
class Known:
    """The addresses that take part in tickets: their customer's, and those in their visible articles."""

    by_ticket: dict[int, set[str]]
    agents: frozenset[str] = frozenset()

    @classmethod
    def read(cls, tickets: Collection[Ticket], *, machines: Collection[str] = ()) -> "Known":
        """Two statements, none without tickets, one more with automatic mails of these addresses."""
        known: dict[int, set[str]] = {ticket.pk: set() for ticket in tickets}
        if tickets:
            _add_customers(known, tickets)
            _add_correspondents(known)
        return cls(by_ticket=known, agents=_agents_among(machines))

    def is_agent(self, address: str) -> bool:
        """Whether one of us has this address."""
        return address in self.agents

    def knows(self, address: str, *, ticket: Ticket) -> bool:
        """Whether this address has to do with the ticket."""
        return address in self.by_ticket[ticket.pk]


def _agents_among(addresses: Collection[str]) -> frozenset[str]:
    if not addresses:
        return frozenset()
    agents = Agent.objects.annotate(address=Lower("email")).filter(address__in=list(addresses))
    return frozenset(agents.values_list("address", flat=True))


def _add_customers(known: dict[int, set[str]], tickets: Collection[Ticket]) -> None:
    addresses: dict[int, set[str]] = {}
    rows = CustomerAddress.objects.filter(customer_id__in=[ticket.customer_id for ticket in tickets])
    for customer_id, address in rows.values_list("customer_id", "address"):
        addresses.setdefault(customer_id, set()).add(address)
    for ticket in tickets:
        known[ticket.pk] |= addresses.get(ticket.customer_id or 0, set())


def _add_correspondents(known: dict[int, set[str]]) -> None:
    """Not Reply-To: there, anybody can write any address beside a known one in From."""
    rows = Article.objects.filter(ticket_id__in=list(known), is_visible=True)
    for ticket_id, sender, *headers in rows.values_list("ticket_id", "from_address", "to", "cc"):
        known[ticket_id].add(sender)
        known[ticket_id] |= {address.lower() for _name, address in read_addresses(*headers)}
