"""What a page is asked for as: a picture in a mail must not open tickets in the reader's name."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

# What browsers say of a request that is made for a piece of a page (Fetch Metadata, W3C, 2.1).
PIECES = frozenset(
    {"image", "style", "script", "font", "audio", "video", "track", "object", "embed", "manifest", "xslt"}
)
PICTURES = "image/"
PAGES = "text/html"
"""What is wanted, by who asks for an image or for a page: all that an old browser says, or one over http."""
SHOWN_IN_PAGES = frozenset({"attachment", "upload", "jsi18n", "skin_style", "skin_logo"})
"""Names of addresses whose answer can be a piece of a page: files, the words for the admin's scripts, and how
visitors' pages look.

Static files are answered before.
"""


class PagesAreNoPieces:
    """Refuses a page that is asked for as an image or the like: its address stood in something foreign."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        """403 without a word, before anything is looked up."""
        name = request.resolver_match.url_name if request.resolver_match else None
        is_refused = _is_piece(request) and name not in SHOWN_IN_PAGES
        return HttpResponseForbidden() if is_refused else None


def _is_piece(request: HttpRequest) -> bool:
    """Whether the browser says so, or asks for images and for no page."""
    asked_as = request.headers.get("Sec-Fetch-Dest")
    if asked_as is not None:
        return asked_as in PIECES
    wanted = request.headers.get("Accept", "")
    return PICTURES in wanted and PAGES not in wanted
