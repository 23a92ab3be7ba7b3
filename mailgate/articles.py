"""From a mail to the article that a ticket shows of it."""

from collections.abc import Sequence
from html import escape

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from blobs.models import Blob
from blobs.store import store_many
from mailgate.parse import Address, ParsedAttachment, ParsedMail
from mailgate.read import Incoming
from tickets.changing.articles import NewArticle, StoredFile
from tickets.models import Article

Sender = Article.SenderType
LINE_MOST = 1000  # an article keeps so much of From and Reply-To
LONG = 900
Files = dict[int, tuple[StoredFile, ...]]


def store_files(batch: Sequence[Incoming]) -> Files:
    """The id of a row → its mail's files, the bytes of the whole batch kept at once."""
    all_files = [(one.row.pk, file) for one in batch for file in one.mail.attachments]
    blobs = store_many([file.data for _row, file in all_files])
    found: Files = {}
    for (row_id, file), blob in zip(all_files, blobs, strict=True):
        found[row_id] = (*found.get(row_id, ()), _stored(file, blob))
    return found


def article_of(
    incoming: Incoming,
    *,
    files: tuple[StoredFile, ...],
    writer: Address | None,
    is_visible: bool = True,
    warning: str = "",
) -> NewArticle:
    """The article; a bounce is the mail system's, everything else the customer's."""
    mail = incoming.mail
    sender = _sender(mail)
    return NewArticle(
        sender_type=Sender.SYSTEM if mail.is_bounce else Sender.CUSTOMER,
        channel=Article.Channel.EMAIL,
        direction=Article.Direction.IN,
        is_visible=is_visible,
        from_header=sender,
        from_address=mail.from_.address if mail.from_ else "",
        reply_to=_short_line(mail.reply_to),
        to=_line(mail.to),
        cc=_line(mail.cc),
        subject=mail.subject,
        text=text_of(incoming),
        html=_with_notes(incoming, incoming.html),
        message_id=mail.message_id or "",
        references=" ".join(mail.references),
        date=mail.date,
        is_automatic=mail.is_automatic,
        warning=warning,
        raw=Blob(pk=incoming.row.raw_id),
        files=files,
        sender_name=(writer.name or writer.address) if writer else sender,
    )


def _sender(mail: ParsedMail) -> str:
    """From as it was written; where that may have been cut, with less of the name and the whole address."""
    if mail.from_ is not None and len(mail.from_text) > LONG:
        return str(mail.from_)
    return mail.from_text or (str(mail.from_) if mail.from_ else _("unknown"))


def text_of(incoming: Incoming) -> str:
    """The mail's text, with a line about what is only on the server."""
    note = _size_note(incoming)
    return f"{incoming.mail.text}\n\n{note}".strip() if note else incoming.mail.text


def _with_notes(incoming: Incoming, html: str) -> str:
    note = _size_note(incoming)
    return f"{html}<p><em>{escape(note)}</em></p>" if note and html else html


def _size_note(incoming: Incoming) -> str:
    size = incoming.row.full_size
    if size is None:
        return ""
    return _("[The original has %(size)s and is kept on the mail server.]") % {"size": filesizeformat(size)}


def _line(addresses: Sequence[Address]) -> str:
    return ", ".join(str(address) for address in addresses)


def _short_line(addresses: Sequence[Address]) -> str:
    """As many of them as fit, each of them whole."""
    line = ""
    for address in addresses:
        longer = f"{line}, {address}" if line else str(address)
        if len(longer) > LINE_MOST:
            break
        line = longer
    return line


def _stored(file: ParsedAttachment, blob: Blob) -> StoredFile:
    return StoredFile(
        blob=blob,
        name=file.name,
        content_type=file.content_type,
        size=len(file.data),
        content_id=file.content_id or "",
        is_inline=file.inline,
    )
