"""Putting a letter into the outbox, in the transaction of the action that wrote it."""

from outbox.models import OutboundMessage
from outbox.queueing import enqueue_many
from outbox.verp import bounce_address
from tickets.letters.letter import Letter


def send_letter(letter: Letter, *, key: str) -> OutboundMessage:
    """Queue it; `key` makes it once. What comes back names it, by the address of its envelope (VERP)."""
    sender = bounce_address(letter.article.from_address, message_id=letter.article.message_id)
    (outbound,) = enqueue_many([letter.outgoing(sender=sender, dedupe_key=key)])
    return outbound
