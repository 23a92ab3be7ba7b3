"""Which queue a new mail belongs to, and who wrote it: what our own addresses say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Case, Value, When

from mailgate.parse import Address
from mailgate.reading.incoming import IncomingMail
from queues.models import MailAddress, Queue
from queues.ours import own_forms
from tickets.shipped import POSTMASTER


class NoQueueError(Exception):
    """There is no queue at all that a mail could go to."""


def read_address_book() -> "AddressBook":
    """Our own addresses, in two statements; raises `NoQueueError`."""
    addresses = list(MailAddress.objects.select_related("queue"))
    postmaster_first = Case(When(name=POSTMASTER, then=Value(0)), default=Value(1))
    queue = Queue.objects.order_by(postmaster_first, "pk").first()
    if queue is None:
        raise NoQueueError("There is no queue. Make one, named Postmaster.")
    return AddressBook(
        queues={row.address.lower(): row.queue for row in addresses if row.is_active and row.queue},
        own=frozenset(row.address.lower() for row in addresses),
        last_resort=queue,
    )


@dataclass(frozen=True, slots=True)
class AddressBook:
    """Our own addresses: those that lead to a queue, and all, with those of forms and of former times."""

    queues: dict[str, Queue]
    own: frozenset[str]
    last_resort: Queue

    def queue_of(self, mail: IncomingMail) -> Queue:
        """The queue that was asked for, or that of the first address of ours (as OTRS 5.25)."""
        row = mail.row
        if row.queue is not None:
            return row.queue
        if row.mailbox is not None and row.mailbox.queue is not None:
            return row.mailbox.queue
        return next(self._queues(_recipients(mail)), self.last_resort)

    def leads_to(self, address: str) -> Queue | None:
        """The queue that an address leads to, with or without a tag; None where it leads nowhere."""
        return next(self._queues([address]), None)

    def promised(self, mail: IncomingMail) -> tuple[Queue, ...]:
        """The queues that one transfer of the mail named in RCPT TO: each was promised to get it.

        None where it came for a queue or by a mailbox: who else got it is not ours to say.
        """
        if mail.row.queue is not None or mail.row.mailbox is not None:
            return ()
        return tuple({queue.pk: queue for queue in self._queues(_envelope(mail))}.values())

    def _queues(self, addresses: Iterable[str]) -> Iterator[Queue]:
        for address in addresses:
            known = next((form for form in own_forms(address) if form in self.queues), None)
            if known is not None:
                yield self.queues[known]

    def writer(self, mail: IncomingMail) -> Address | None:
        """Who asks: From, but where we or a form of ours sent it, whom the answer should go to.

        None where there is no From, or where it is ours and names nobody else.
        """
        sender = mail.parsed.from_
        if sender is None or not self.is_ours(sender.address):
            return sender
        return next((other for other in mail.parsed.reply_to if not self.is_ours(other.address)), None)

    def is_from_us(self, mail: IncomingMail) -> bool:
        """Whether the mail says that we, or a form of ours, sent it."""
        return mail.parsed.from_ is not None and self.is_ours(mail.parsed.from_.address)

    def is_ours(self, address: str) -> bool:
        """Whether this is an address of ours, or of a form of ours."""
        return not self.own.isdisjoint(own_forms(address))


def _envelope(mail: IncomingMail) -> Iterator[str]:
    return (str(address).lower() for address in mail.row.envelope_to)


def _recipients(mail: IncomingMail) -> Iterator[str]:
    """Every address the mail was sent to, the surest first: RCPT TO, then what its headers say."""
    yield from _envelope(mail)
    yield from (address.lower() for address in mail.parsed.delivered_to)
    yield from (recipient.address for recipient in (*mail.parsed.to, *mail.parsed.cc))
