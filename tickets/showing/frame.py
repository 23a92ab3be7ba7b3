"""A mail's HTML in a frame of its own, under a policy of its own: no script, nothing from outside.

The view that answers with it belongs to the room whose page holds the frame, and so does each address.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import ParamSpec, cast
from urllib.parse import urlsplit

from csp.decorators import csp
from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from richtext.addresses import plain_host
from richtext.convert import has_remote_content, hide_remote_content, rewrite_cids
from richtext.images import shown_images
from richtext.undressed import undressed
from tickets.models import Article, Attachment
from tickets.showing.body import folded

P = ParamSpec("P")
View = Callable[P, HttpResponseBase]

NONE, SELF, INLINE = "'none'", "'self'", "'unsafe-inline'"
FRAME = {
    "default-src": [NONE],
    "img-src": [SELF, "data:"],
    "style-src": [SELF],
    "font-src": [SELF],
    "style-src-attr": [INLINE],
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "base-uri": [NONE],
    # As the page's frame has it, for who opens it by its address: no script, no form, no other window's page.
    "sandbox": ["allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox"],
}
ACTIVE_FRAME = FRAME | {"img-src": [SELF, "data:", "https:", "http:"]}


def framed(view: View[P]) -> View[P]:
    """Let a page of ours hold what the view answers; images from elsewhere stay away."""
    return _under(FRAME, view)


def framed_active(view: View[P]) -> View[P]:
    """Let a page of ours hold what the view answers, with images from elsewhere; scripts never run."""
    return _under(ACTIVE_FRAME, view)


def frame_html(
    article: Article,
    *,
    earlier: Sequence[Article],
    address: Callable[[Attachment], str],
    is_active: bool = False,
) -> str:
    """The article's HTML with its own images where `address` says they are, and what is quoted folded.

    `earlier`: the articles before it, oldest first; `is_active`: with what it would load from elsewhere. That
    is never from here: a page of ours, asked for as an image, would be opened in the reader's name.
    What was changed for this is cleaned once more.
    """
    html = folded(article, earlier=earlier)
    shown = shown_images(article.html, article.attachments.all())
    images = {key: address(file) for key, file in shown.items()}
    is_remote = has_remote_content(html)
    if is_remote and not is_active:
        return silent(html, images=images)
    is_as_kept = html is article.html and not images and not is_remote
    return html if is_as_kept else rewrite_cids(html, images, hosts=_our_hosts())


def inlaid_html(article: Article, *, earlier: Sequence[Article], address: Callable[[Attachment], str]) -> str:
    """The article's HTML as it may stand in a page of ours, without a frame: without any look of its own."""
    return undressed(frame_html(article, earlier=earlier, address=address))


def silent(html: str, *, images: Mapping[str, str] = MappingProxyType({})) -> str:
    """A mail's HTML without what it would load from elsewhere; `images`: the addresses of its own by id."""
    return hide_remote_content(html, word=_("Image blocked"), images=images)


def _our_hosts() -> set[str]:
    """By which names a browser finds KVV."""
    return {plain_host(host) for host in (urlsplit(settings.BASE_URL).netloc, *settings.ALLOWED_HOSTS)}


def _under(policy: Mapping[str, list[str]], view: View[P]) -> View[P]:
    # django-csp's types know only views without arguments.
    guard = cast("Callable[[View[P]], View[P]]", csp(dict(policy)))
    return xframe_options_sameorigin(guard(view))
