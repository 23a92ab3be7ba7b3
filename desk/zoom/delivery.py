"""What became of a mail of ours: whom it reached, and whether somebody has to decide about it."""

from outbox.models import OutboundMessage, Recipient
from tickets.models import Article


def undelivered(mail: OutboundMessage) -> list[Recipient]:
    """The recipients who never got the mail; they are read together with it."""
    never = {Recipient.Result.REFUSED, Recipient.Result.BOUNCED}
    if mail.state == OutboundMessage.FAILED:
        never |= {Recipient.Result.WAITING}
    return [recipient for recipient in mail.recipients.all() if recipient.result in never]


def reached(mail: OutboundMessage) -> list[Recipient]:
    """The recipients whose mail server took the mail, and did not give it back."""
    return [one for one in mail.recipients.all() if one.result == Recipient.Result.ACCEPTED]


def put_off(mail: OutboundMessage) -> list[Recipient]:
    """The recipients of whom our mail server said 'not now'."""
    waiting = (one for one in mail.recipients.all() if one.result == Recipient.Result.WAITING)
    return [one for one in waiting if one.reply]


def has_failed(article: Article) -> bool:
    """Whether it is a mail of ours that somebody never got."""
    return article.outbound is not None and bool(undelivered(article.outbound))


def may_go_again(article: Article) -> bool:
    """Whether it is a mail of ours that nobody took, and that can be sent once more."""
    mail = article.outbound
    return mail is not None and mail.state in (OutboundMessage.REFUSED, OutboundMessage.FAILED)


def wants_a_decision(article: Article) -> bool:
    """Whether it is a mail of ours that somebody never got, or of which nobody knows whether it has left."""
    mail = article.outbound
    is_unknown = mail is not None and mail.state in (OutboundMessage.DOUBTFUL, OutboundMessage.HELD)
    return is_unknown or has_failed(article)
