"""An article that is to be: plain values, checked and cleaned by whoever made them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.models import Agent
from blobs.models import Blob


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file whose bytes are kept already; `size` in bytes."""

    blob: Blob
    name: str
    content_type: str
    size: int
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class NewArticle:
    """What `tickets.models.Article` will hold. `html` is clean already; `references` has no brackets."""

    sender_type: str
    channel: str
    direction: str
    is_visible: bool
    from_header: str
    from_address: str
    reply_to: str = ""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    message_id: str = ""
    references: str = ""
    date: datetime | None = None
    is_automatic: bool = False
    wants_no_answer: bool = False
    authentication: str = ""
    warning: str = ""
    time_units: Decimal | None = None
    raw: Blob | None = None
    raw_is_whole: bool = True
    files: tuple[StoredFile, ...] = ()
    agent: Agent | None = None
    writer: Agent | None = None
    sender_name: str = ""
