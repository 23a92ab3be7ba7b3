"""The letter that an agent has written on a form: its text with its images, its files, whoever it goes to."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import Agent
from richtext.dress import without_copied_dress
from richtext.marks import without_marks
from richtext.own_words import above_quotation
from tickets.changing.articles import StoredFile
from tickets.changing.written import Written, checked_time_units, checked_uploads, stored, writer_of
from tickets.customer_link import without_tokens
from tickets.letters.inline_images import with_inline_images
from tickets.letters.letter import Letter, Voice, write_letter
from tickets.letters.recipients import check_without_customer
from tickets.models import Article, Ticket


def write_agents_letter(
    written: Written,
    *,
    agent: Agent | None,
    ticket: Ticket,
    to: Sequence[str],
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    answered: Article | None,
    quoted: Article | None = None,
    along: Sequence[StoredFile] = (),
    reply_word: str = "Re",
    is_visible: bool = True,
    closing: str = "",
    now: datetime,
) -> Letter:
    """Nothing is written to the database; addresses are checked already.

    A customer's link that is quoted in it leads nowhere: whoever gets this may be somebody else.

    `quoted`: an article whose images may be in the text though the customer does not see it; `along`: files
    beside the form's own; `closing`: HTML below what was written, above what it quotes. Raises `BadInput`.
    """
    if not is_visible:
        check_without_customer(ticket=ticket, answered=answered, to=to, cc=cc, bcc=bcc)
    uploads = checked_uploads(written, agent=agent)
    own = without_tokens(without_marks(without_copied_dress(written.html)))
    html, images = with_inline_images(html=own, ticket=ticket, uploads=uploads, quoted=quoted)
    return write_letter(
        ticket=ticket,
        voice=Voice(
            sender_type=Article.SenderType.AGENT,
            agent=agent,
            writer=writer_of(uploads, agent=agent),
            reply_word=reply_word,
        ),
        to=to,
        cc=cc,
        bcc=bcc,
        subject=written.subject,
        html=above_quotation(html, closing) if closing else html,
        files=(*along, *stored([upload for upload in uploads if not upload.is_inline]), *images),
        answered=answered,
        is_visible=is_visible,
        time_units=checked_time_units(written.time_units),
        now=now,
    )
