"""Links in the texts that admins write: signatures, salutations, templates, auto-responses, the welcome text.

bleach gets no security fixes any more and a hostile 100 KB keeps it busy for 45 seconds, so it only ever sees
these texts, at most 10 KB of them, and nh3 has the last word.
"""

import re
from typing import Final

import bleach

from richtext.clean import clean_html

MAX_BYTES: Final = 10 * 1024

# A placeholder looks like a tag, and cleaning would take it for one.
_PLACEHOLDER = re.compile(r"<((?:KVV|OTRS|OTOBO)_[A-Za-z0-9_\[\]]+)>", re.IGNORECASE)


class AdminTextTooLong(ValueError):
    """The text is over `MAX_BYTES`; it was not changed."""


def linkify_admin_text(html: str) -> str:
    """`html` with its web addresses as links, cleaned; placeholders come out as `&lt;KVV_…&gt;`.

    Raises `AdminTextTooLong` for more than 10 KB (10,240 bytes in UTF-8).
    """
    size = len(html.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise AdminTextTooLong(f"The text is {size} bytes long; at most {MAX_BYTES} are allowed.")
    return clean_html(bleach.linkify(_PLACEHOLDER.sub(r"&lt;\1&gt;", html)))
