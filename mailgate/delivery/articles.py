"""From a mail to the article that a ticket shows of it."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from blobs.models import Blob
from blobs.store import store_many
from mailgate.parse import Address, ParsedMail
from mailgate.reading.incoming import IncomingMail
from tickets.changing.articles import NewArticle, StoredFile
from tickets.letters.subjects import without_marks
from tickets.models import Article
from tickets.models.article import CHECKS

Sender = Article.SenderType
LINE_MOST = 1000  # an article keeps so much of From and Reply-To
RESULTS_MOST = 8
Files = dict[int, tuple[StoredFile, ...]]


def store_files(batch: Sequence[IncomingMail]) -> Files:
    """The id of a row → its mail's files, the bytes of the whole batch kept at once."""
    all_files = [(mail.row.pk, file) for mail in batch for file in mail.parsed.attachments]
    blobs = store_many([file.data for _row, file in all_files])
    stored: Files = {}
    for (row_id, file), blob in zip(all_files, blobs, strict=True):
        kept = StoredFile(
            blob=blob,
            name=file.name,
            content_type=file.content_type,
            size=len(file.data),
            content_id=file.content_id or "",
            is_inline=file.inline,
        )
        stored[row_id] = (*stored.get(row_id, ()), kept)
    return stored


def article_of(
    mail: IncomingMail,
    *,
    files: tuple[StoredFile, ...],
    writer: Address | None,
    is_visible: bool = True,
    warning: str = "",
    takes_place: bool = False,
) -> NewArticle:
    """The article; a bounce is the mail system's, everything else the customer's.

    `takes_place`: it begins a ticket in the place of the one that its subject names, whose number it loses
    (OTRS 1.21): numbers would else pile up in the subjects of answers.
    """
    parsed = mail.parsed
    sender = _sender(parsed)
    return NewArticle(
        sender_type=Sender.SYSTEM if parsed.is_bounce else Sender.CUSTOMER,
        channel=Article.Channel.EMAIL,
        direction=Article.Direction.IN,
        is_visible=is_visible,
        from_header=sender,
        from_address=parsed.from_.address if parsed.from_ else "",
        reply_to=_short_line(parsed.reply_to),
        to=_line(parsed.to),
        cc=_line(parsed.cc),
        text=mail.text,
        html=mail.html_with_note,
        message_id=parsed.message_id or "",
        references=" ".join(parsed.references),
        date=parsed.date,
        is_automatic=parsed.is_automatic,
        wants_no_answer=parsed.wants_no_answer,
        authentication=_own_results(parsed),
        warning=warning,
        raw=Blob(pk=mail.row.raw_id),
        raw_is_whole=mail.row.full_size is None,
        files=files,
        sender_name=(writer.name or writer.address) if writer else sender,
        subject=without_marks(parsed.subject) if takes_place else parsed.subject,
    )


def _own_results(parsed: ParsedMail) -> str:
    """What our own mail server found out, as 'dmarc=fail spf=pass'.

    Of several headers in its name the topmost: it stands above all that came with the mail (RFC 8601, 5).
    """
    ours = (said for said in parsed.authentication if said.server in settings.AUTHSERV_IDS)
    results = next((said.results for said in ours), ())
    words = list(dict.fromkeys(f"{method}={result}" for method, result in results if method in CHECKS))
    return " ".join(words[:RESULTS_MOST])


def _sender(parsed: ParsedMail) -> str:
    """Who wrote, as `outbox.addresses` reads it again: with the one address that was found, or with none.

    Not From as it stands: decoded, a name may look like an address, and mistakes may be read otherwise.
    """
    if parsed.from_ is None:
        return parsed.from_text.replace("@", "(at)") or _("unknown")
    return _short_line([parsed.from_]) or parsed.from_.address


def _line(addresses: Sequence[Address]) -> str:
    return ", ".join(address.as_written for address in addresses)


def _short_line(addresses: Sequence[Address]) -> str:
    """As many of them as fit, each of them whole."""
    line = ""
    for address in addresses:
        longer = f"{line}, {address.as_written}" if line else address.as_written
        if len(longer) > LINE_MOST:
            break
        line = longer
    return line
