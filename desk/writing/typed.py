"""Reading what came with a form, whether or not it is in order."""

import json
import uuid
from hashlib import blake2b

from django.http import HttpRequest, QueryDict

from richtext.convert import html_to_text, text_to_html

TEXT_MOST = 500_000
HTML_MOST = 2_000_000
SUBJECT_MOST = 300
SEEN = "seen"
"""What a page calls its newest event, when it opens a screen: an agent may have looked at it for an hour."""

NOT_SAID = frozenset({"csrfmiddlewaretoken", "submission", "anyway"})
"""What a form carries beside what its writer said: it may be another when the very same comes once more."""


def read_id(sent: object) -> uuid.UUID | None:
    """A form's identity as it was sent; None for nonsense."""
    try:
        return uuid.UUID(str(sent))
    except ValueError:
        return None


def read_number(sent: object) -> int | None:
    """An id that came with a request; None for anything else."""
    text = str(sent or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def typed_html(data: QueryDict) -> str:
    """What was typed, as HTML that is not cleaned yet."""
    return str(data.get("html", "")) if data.get("rich") else text_to_html(str(data.get("text", "")))


def typed_text(data: QueryDict) -> str:
    """What was sent, as plain text, judged or not; no more than can be sent.

    Forms of the desk say whether their HTML counts; those of the admin have nothing else.
    """
    if data.get("rich") or "text" not in data:
        return html_to_text(data.get("html", "")[:HTML_MOST])[:TEXT_MOST]
    return str(data.get("text", ""))[:TEXT_MOST]


def digest_of(request: HttpRequest) -> str:
    """What was sent, as 32 characters: the same for the same form, another where anything was changed."""
    said = [(name, request.POST.getlist(name)) for name in sorted(request.POST) if name not in NOT_SAID]
    files = [
        (name, file.name, file.size) for name in sorted(request.FILES) for file in request.FILES.getlist(name)
    ]
    return blake2b(json.dumps([said, files]).encode(), digest_size=16).hexdigest()
