"""Images in the text of an answer: pasted ones and those of the quoted mail become parts of our own mail.

The editor shows them by an address of ours and names them in `data-upload` or `data-attachment`; in the mail
they are named by content-id.
"""

import re
import uuid
from collections.abc import Callable, Sequence
from html import escape, unescape

from django.conf import settings

from tickets.changing.articles import StoredFile
from tickets.models import Article, Attachment, Ticket, Upload

IMAGE = re.compile(r"<img\b[^>]{0,4000}>", re.IGNORECASE)
NAMED = re.compile(r"""\bdata-(upload|attachment)\s*=\s*["']?([0-9]{1,18})["']?""", re.IGNORECASE)
CID = re.compile(r"""\bsrc\s*=\s*["']?cid:([^"'\s>]{1,500})""", re.IGNORECASE)
KEPT = re.compile(
    r"""\b(alt|width|height)\s*=\s*("[^"<>]{0,500}"|'[^'<>]{0,500}'|[0-9]{1,5})""", re.IGNORECASE
)


def with_inline_images(
    *, html: str, ticket: Ticket | None, uploads: Sequence[Upload]
) -> tuple[str, tuple[StoredFile, ...]]:
    """The HTML with `cid:` addresses, and the images it shows.

    Only images of this ticket's visible articles and of this form count; any other is not there.
    """
    names = {
        (kind.lower(), int(number)) for tag in IMAGE.findall(html) for kind, number in NAMED.findall(tag)
    }
    files = _files(names, ticket=ticket, uploads=uploads)

    def by_content_id(match: re.Match[str]) -> str:
        named = NAMED.search(match[0])
        if named is None:
            return match[0]
        file = files.get((named[1].lower(), int(named[2])))
        if file is None:
            return ""
        kept = " ".join(f"{name}={value}" for name, value in KEPT.findall(match[0]))
        return f'<img src="cid:{file.content_id}" {kept}>'

    return IMAGE.sub(by_content_id, html), tuple(files.values())


def _files(
    names: set[tuple[str, int]], *, ticket: Ticket | None, uploads: Sequence[Upload]
) -> dict[tuple[str, int], StoredFile]:
    """The images of these names, each of which is the kind of file ('upload', 'attachment') and its id."""
    quoted = [number for kind, number in names if kind == "attachment" and ticket is not None]
    attachments = Attachment.objects.filter(
        pk__in=quoted, article__ticket=ticket, article__is_visible=True
    ).select_related("blob")
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


def for_editor(article: Article, *, address: Callable[[Attachment], str]) -> str:
    """An article's HTML with its inline images where a browser finds them, named for the way back."""
    files = {file.content_id: file for file in article.attachments.all() if file.content_id}

    def by_address(match: re.Match[str]) -> str:
        shown = CID.search(match[0])
        file = files.get(unescape(shown[1])) if shown else None
        if file is None:
            return match[0]
        kept = " ".join(f"{name}={value}" for name, value in KEPT.findall(match[0]))
        return f'<img src="{escape(address(file))}" data-attachment="{file.pk}" {kept}>'

    return IMAGE.sub(by_address, article.html)
