"""Which queue a new mail belongs to, and who wrote it: what our own addresses say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
class Heading:
    """Where a mail goes, and whom it comes from.

    `queue`: the one that was asked for, or that of the first address of ours (as OTRS 5.25). `promised`: the
    queues that one transfer of it named in RCPT TO, each of which was promised to get it; none where it came
    for a queue or by a mailbox: who else got it is not ours to say. `writer`: From, but where we or a form of
    ours sent it, whom the answer should go to; None where there is no From, or where it is ours and names
    nobody else. `is_from_us`: it says that we, or a form of ours, sent it.
    """

    queue: Queue
    promised: tuple[Queue, ...]
    writer: Address | None
    is_from_us: bool


@dataclass(frozen=True, slots=True)
class AddressBook:
    """Our own addresses: those that lead to a queue, and all, with those of forms and of former times."""

    queues: dict[str, Queue]
    own: frozenset[str]
    last_resort: Queue

    def heading(self, mail: IncomingMail) -> Heading:
        """What they say of a mail."""
        row, sender, reply_to = mail.row, mail.parsed.from_, mail.parsed.reply_to
        envelope, named = _envelope(mail), _named(mail)
        senders = [sender, *reply_to] if sender is not None else []
        forms = {
            address: tuple(own_forms(address))
            for address in {*envelope, *named, *(known.address for known in senders)}
        }
        ours = [known for known in senders if not self.own.isdisjoint(forms[known.address])]
        elsewhere = next((known for known in reply_to if known not in ours), None)
        asked = row.queue or (row.mailbox.queue if row.mailbox is not None else None)
        is_transfer = row.queue is None and row.mailbox is None
        return Heading(
            queue=asked or next(self._queues([*envelope, *named], forms), self.last_resort),
            promised=tuple(dict.fromkeys(self._queues(envelope, forms))) if is_transfer else (),
            writer=elsewhere if sender in ours else sender,
            is_from_us=sender in ours,
        )

    def leads_to(self, address: str) -> Queue | None:
        """The queue that an address leads to, with or without a tag; None where it leads nowhere."""
        return next(self._queues([address], {address: tuple(own_forms(address))}), None)

    def _queues(self, addresses: Iterable[str], forms: Mapping[str, Sequence[str]]) -> Iterator[Queue]:
        for address in addresses:
            known = next((form for form in forms[address] if form in self.queues), None)
            if known is not None:
                yield self.queues[known]


def _envelope(mail: IncomingMail) -> list[str]:
    return [str(address).lower() for address in mail.row.envelope_to]


def _named(mail: IncomingMail) -> list[str]:
    """Every address that its headers say it was sent to, the surest first."""
    delivered = [address.lower() for address in mail.parsed.delivered_to]
    return [*delivered, *(recipient.address for recipient in (*mail.parsed.to, *mail.parsed.cc))]
