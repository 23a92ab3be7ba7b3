"""Which queue a new mail belongs to, and who wrote it: what our own addresses say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Case, Value, When

from mailgate.models import InboundMessage
from mailgate.parse import Address, ParsedMail
from queues.models import MailAddress, Queue
from tickets.shipped import POSTMASTER


class NoQueueError(Exception):
    """There is no queue at all that a mail could go to."""


@dataclass(frozen=True, slots=True)
class AddressBook:
    """Our own addresses, read once a batch."""

    queues: dict[str, Queue]
    own: frozenset[str]
    forms: frozenset[str]
    last_resort: Queue

    @classmethod
    def read(cls) -> "AddressBook":
        """Two statements; raises `NoQueueError`."""
        addresses = list(MailAddress.objects.select_related("queue"))
        postmaster_first = Case(When(name=POSTMASTER, then=Value(0)), default=Value(1))
        queue = Queue.objects.order_by(postmaster_first, "pk").first()
        if queue is None:
            raise NoQueueError("There is no queue. Make one, named Postmaster.")
        return cls(
            queues={row.address.lower(): row.queue for row in addresses if row.is_active and row.queue},
            own=frozenset(row.address.lower() for row in addresses if not row.is_form),
            forms=frozenset(row.address.lower() for row in addresses if row.is_form),
            last_resort=queue,
        )

    def queue_of(self, row: InboundMessage, mail: ParsedMail) -> Queue:
        """The queue that was asked for, or that of the first address of ours (as OTRS 5.25)."""
        if row.queue is not None:
            return row.queue
        if row.mailbox is not None and row.mailbox.queue is not None:
            return row.mailbox.queue
        return next(self._queues(_recipients(row, mail)), self.last_resort)

    def further_queues(self, row: InboundMessage, *, first: Queue) -> list[Queue]:
        """The other queues that one transfer of the mail named in RCPT TO: each was promised to get it."""
        if row.queue is not None or row.mailbox is not None:
            return []
        named = {queue.pk: queue for queue in self._queues(_envelope(row))}
        return [queue for pk, queue in named.items() if pk != first.pk]

    def _queues(self, addresses: Iterable[str]) -> Iterator[Queue]:
        for address in addresses:
            for known in (address, without_tag(address)):
                if known in self.queues:
                    yield self.queues[known]
                    break

    def writer(self, mail: ParsedMail) -> Address | None:
        """Who asks: From, but where we or a form of ours sent it, whom the answer should go to.

        None where there is no From, or where it is ours and names nobody else.
        """
        if mail.from_ is None or not self.is_ours(mail.from_.address):
            return mail.from_
        others = (one for one in mail.reply_to if not self.is_ours(one.address))
        return next(others, None)

    def is_ours(self, address: str) -> bool:
        """Whether this is an address of ours, or of a form of ours."""
        return address in self.own or address in self.forms


def without_tag(address: str) -> str:
    """'queue+x@kvv.example' is delivered to 'queue@kvv.example'."""
    name, _at, domain = address.rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"


def _envelope(row: InboundMessage) -> Iterator[str]:
    return (str(address).lower() for address in row.envelope_to)


def _recipients(row: InboundMessage, mail: ParsedMail) -> Iterator[str]:
    """Every address the mail was sent to, the surest first: RCPT TO, then what its headers say."""
    yield from _envelope(row)
    yield from (address.lower() for address in mail.delivered_to)
    for one in (*mail.to, *mail.cc):
        yield one.address
