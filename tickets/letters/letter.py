"""The one place that makes an outgoing mail of a ticket, and the article that tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Agent
from blobs.models import Blob
from blobs.spool import Data
from blobs.store import read_bytes, read_parts
from outbox.addresses import write_address
from outbox.message_ids import new_message_id
from outbox.mime import Mail, OutgoingFile, build_mime
from outbox.queueing import Outgoing
from outbox.resent import NoHeadError, resent
from queues.models import MailAddress, Queue
from richtext.clean import clean_html
from richtext.convert import html_to_text
from tickets.changing.articles import NewArticle, StoredFile
from tickets.errors import BadInput
from tickets.letters.recipients import bare_addresses
from tickets.letters.references import references_to
from tickets.letters.subjects import build_subject
from tickets.models import Article, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks in a letter: an agent, or KVV by itself, whose letters no machine is to answer (RFC 3834).

    `writer` is the agent who wrote what `agent` sends; `reply_word` stands before the subject.
    """

    sender_type: str
    agent: Agent | None = None
    writer: Agent | None = None
    is_automatic: bool = False
    reply_word: str = "Re"


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished mail, the article that tells of it, and whom it goes to.

    `made_from` is the ticket's queue and number, which stand in it, and its customer, whom it may be kept
    from: it is written again where they differ.
    """

    mime: Data
    article: NewArticle
    recipients: tuple[str, ...]
    made_from: tuple[int, str, int | None]

    @property
    def says_nothing(self) -> bool:
        """Whether it has neither words nor an image among them; files alone say nothing."""
        return not self.article.text.strip() and not any(file.is_inline for file in self.article.files)

    def outgoing(self, *, sender: str, dedupe_key: str) -> Outgoing:
        """As the outbox takes it; `sender` is the envelope's, empty where nothing is to come back."""
        return Outgoing(
            mime=self.mime,
            message_id=self.article.message_id,
            sender=sender,
            recipients=self.recipients,
            subject=self.article.subject,
            dedupe_key=dedupe_key,
        )


def write_letter(
    *,
    ticket: Ticket,
    voice: Voice,
    to: Sequence[str],
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    subject: str,
    html: str,
    files: Sequence[StoredFile] = (),
    answered: Article | None,
    is_visible: bool = True,
    time_units: Decimal | None = None,
    now: datetime,
) -> Letter:
    """A mail from the ticket's queue; nothing is written to the database.

    Addresses are checked already, with or without a name; `html` is cleaned here. Raises `BadInput` where the
    queue has no address to send from.
    """
    sender = checked_sender(ticket.queue)
    clean = clean_html(html)
    article = NewArticle(
        sender_type=voice.sender_type,
        channel=Article.Channel.EMAIL,
        direction=Article.Direction.OUT,
        is_visible=is_visible,
        from_header=write_address(sender.name, sender.address),
        from_address=sender.address,
        to=", ".join(to),
        cc=", ".join(cc),
        bcc=", ".join(bcc),
        subject=build_subject(number=ticket.number, subject=subject, prefix=voice.reply_word),
        text=html_to_text(clean),
        html=clean,
        message_id=new_message_id(),
        references=references_to(answered),
        time_units=time_units,
        files=tuple(files),
        is_automatic=voice.is_automatic,
        agent=voice.agent,
        writer=voice.writer,
    )
    return Letter(
        mime=build_mime(_mail_of(article, to=to, cc=cc, bcc=bcc, answered=answered, now=now)),
        article=article,
        recipients=tuple(bare_addresses((*to, *cc, *bcc))),
        made_from=made_from(ticket),
    )


def write_resent(
    *,
    ticket: Ticket,
    voice: Voice,
    mail: Article,
    source: Blob,
    to: Sequence[str],
    text: str,
    time_units: Decimal | None = None,
    now: datetime,
) -> Letter:
    """A mail that came in (`source`: its bytes), sent on as it is by the ticket's queue.

    Its article, which the customer does not see, says so by `text`; what comes back is known by the
    Message-ID of the resending. Raises `BadInput` as `write_letter`, and where the mail has no head.
    """
    sender = checked_sender(ticket.queue)
    article = NewArticle(
        sender_type=voice.sender_type,
        channel=Article.Channel.EMAIL,
        direction=Article.Direction.OUT,
        is_visible=False,
        from_header=write_address(sender.name, sender.address),
        from_address=sender.address,
        to=", ".join(to),
        subject=mail.subject,
        text=text,
        message_id=new_message_id(),
        references=references_to(mail),
        time_units=time_units,
        agent=voice.agent,
        writer=voice.writer,
    )
    try:
        mime = resent(
            parts=read_parts(source.pk),
            from_header=article.from_header,
            to=to,
            message_id=article.message_id,
            date=now,
        )
    except NoHeadError as error:
        sentence = _("The head of this mail is damaged: no mail server would take it. Forward it instead.")
        raise BadInput("bounced", sentence) from error
    return Letter(
        mime=mime, article=article, recipients=tuple(bare_addresses(to)), made_from=made_from(ticket)
    )


def checked_sender(queue: Queue) -> MailAddress:
    """The address that the queue's mail comes from; raises `BadInput` where it has none."""
    if queue.sender is None:
        raise BadInput("sender", _("This queue has no sender address. Ask an administrator to give it one."))
    return queue.sender


def made_from(ticket: Ticket) -> tuple[int, str, int | None]:
    """What of a ticket stands in its letters, or says who gets them, and may change before they leave."""
    return ticket.queue_id, ticket.number, ticket.customer_id


def _mail_of(
    article: NewArticle,
    *,
    to: Sequence[str],
    cc: Sequence[str],
    bcc: Sequence[str],
    answered: Article | None,
    now: datetime,
) -> Mail:
    """The mail that says what the article tells, with the files' bytes read."""
    return Mail(
        from_header=article.from_header,
        to=tuple(to),
        cc=tuple(cc),
        bcc=tuple(bcc),
        subject=article.subject,
        text=article.text,
        html=article.html,
        message_id=article.message_id,
        in_reply_to=_bracketed(answered.message_id if answered else ""),
        references=_bracketed(article.references),
        files=tuple(_outgoing(file) for file in article.files),
        automatic=article.is_automatic,
        auto_replied=article.is_automatic and answered is not None,
        date=now,
    )


def _bracketed(ids: str) -> str:
    """Message-IDs, kept without brackets, as a header has them (RFC 5322, 3.6.4)."""
    return " ".join(f"<{message_id}>" for message_id in ids.split())


def _outgoing(file: StoredFile) -> OutgoingFile:
    return OutgoingFile(
        name=file.name,
        content_type=file.content_type,
        data=read_bytes(file.blob.pk),
        content_id=file.content_id,
        is_inline=file.is_inline,
    )
