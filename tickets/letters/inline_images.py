"""Images in the text of an answer: pasted ones and those of the quoted mail become parts of our own mail.

The editor shows them by an address of ours and names them in `data-upload` or `data-attachment`; in the mail
they are named by content-id.
"""

import re
import uuid
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db.models import Q

from richtext.addresses import content_id_of
from richtext.clean import clean_again
from richtext.images import shown_images
from richtext.tokens import IMAGE, TAG, as_written, attributes_of
from tickets.changing.articles import StoredFile
from tickets.models import Article, Attachment, Ticket, Upload

_KINDS = ("upload", "attachment")
_MOST_DIGITS = 18


def with_inline_images(
    *, html: str, ticket: Ticket | None, uploads: Sequence[Upload], quoted: Article | None = None
) -> tuple[str, tuple[StoredFile, ...]]:
    """The HTML with `cid:` addresses, and the images it shows; it is still to be cleaned.

    Only images of this form, of this ticket's visible articles, and of the article that is `quoted` on
    purpose, count; any other is not there.
    """
    names = {name for tag in TAG.finditer(html) if (name := _name(tag))}
    files = _files(names, ticket=ticket, uploads=uploads, quoted=quoted)

    def by_content_id(tag: re.Match[str]) -> str:
        name = _name(tag)
        if name is None:
            return tag[0]
        file = files.get(name)
        if file is None:
            return ""
        kept = {key: value for key, value in attributes_of(tag[3]).items() if not key.startswith("data-")}
        return f"<img{as_written(kept | {'src': f'cid:{file.content_id}'})}>"

    return TAG.sub(by_content_id, html), tuple(files.values())


def for_editor(article: Article, *, address: Callable[[Attachment], str]) -> str:
    """An article's HTML with its inline images where a browser finds them, named for the way back."""
    files = shown_images(article.html, article.attachments.all())
    if not files:
        return article.html

    def by_name(image: re.Match[str]) -> str:
        attributes = attributes_of(image[1])
        file = files.get(content_id_of(attributes.get("src", "")))
        if file is None:
            return image[0]
        return f"<img{as_written(attributes | {'data-attachment': str(file.pk)})}>"

    images = {key: address(file) for key, file in files.items()}
    return clean_again(IMAGE.sub(by_name, article.html), images=images)


def _name(tag: re.Match[str]) -> tuple[str, int] | None:
    """The name by which the editor shows an image: the kind of file and its id; else None."""
    if tag[1] or tag[2].lower() != "img" or "data-" not in tag[3].lower():
        return None
    attributes = attributes_of(tag[3])
    for kind in _KINDS:
        number = attributes.get(f"data-{kind}", "")
        if number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS:
            return kind, int(number)
    return None


def _files(
    names: set[tuple[str, int]],
    *,
    ticket: Ticket | None,
    uploads: Sequence[Upload],
    quoted: Article | None,
) -> dict[tuple[str, int], StoredFile]:
    """The images of these names, each of which is the kind of file ('upload', 'attachment') and its id."""
    named = [number for kind, number in names if kind == "attachment"]
    is_shown = Q(article__ticket=ticket.pk if ticket else None, article__is_visible=True)
    attachments = Attachment.objects.filter(is_shown | Q(article=quoted), pk__in=named).select_related("blob")
    files: dict[tuple[str, int], Upload | Attachment] = {
        ("upload", upload.pk): upload for upload in uploads if ("upload", upload.pk) in names
    }
    files |= {("attachment", attachment.pk): attachment for attachment in attachments}
    return {name: _inline(file) for name, file in sorted(files.items())}


def _inline(file: Upload | Attachment) -> StoredFile:
    return StoredFile(
        blob=file.blob,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        content_id=f"{uuid.uuid4().hex}@{settings.MAIL_DOMAIN}",
        is_inline=True,
    )
