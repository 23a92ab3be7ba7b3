"""A mail's HTML in a frame of its own, under a policy of its own: no script, nothing from outside.

The view that answers with it belongs to the room whose page holds the frame, and so does each address.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import ParamSpec, cast

from csp.decorators import csp
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from richtext.convert import hide_remote_content, rewrite_cids
from tickets.models import Article, Attachment
from tickets.showing.body import folded

P = ParamSpec("P")
View = Callable[P, HttpResponseBase]

NONE, SELF, INLINE = "'none'", "'self'", "'unsafe-inline'"
FRAME = {
    "default-src": [NONE],
    "img-src": [SELF, "data:"],
    "style-src": [SELF],
    "style-src-attr": [INLINE],
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "base-uri": [NONE],
}
ACTIVE_FRAME = FRAME | {"img-src": [SELF, "data:", "https:", "http:"]}


def framed(view: View[P]) -> View[P]:
    """Let a page of ours hold what the view answers; images from elsewhere stay away."""
    return _under(FRAME, view)


def framed_active(view: View[P]) -> View[P]:
    """Let a page of ours hold what the view answers, with images from elsewhere; scripts never run."""
    return _under(ACTIVE_FRAME, view)


def frame_html(article: Article, *, earlier: Sequence[Article], address: Callable[[Attachment], str]) -> str:
    """The article's HTML with its own images where `address` says they are, and what is quoted folded.

    `earlier`: the articles before it, oldest first.
    """
    files = {file.content_id: address(file) for file in article.attachments.all() if file.content_id}
    return rewrite_cids(folded(article, earlier=earlier), files)


def silent(html: str) -> str:
    """A mail's HTML without what it would load from elsewhere."""
    return hide_remote_content(html, word=_("Image blocked"))


def _under(policy: Mapping[str, list[str]], view: View[P]) -> View[P]:
    # django-csp's types know only views without arguments.
    guard = cast("Callable[[View[P]], View[P]]", csp(dict(policy)))
    return xframe_options_sameorigin(guard(view))
