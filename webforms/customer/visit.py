"""Who comes to a customer's page: by which link, and whether their browser was opened by a code."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Agent
from tickets.customer_link import PATH, CustomerLink, ExpiredLinkError, UnknownLinkError, read_token
from tickets.models import Ticket

P = ParamSpec("P")

COOKIE, SALT = "kvv_vraag_", "webforms.customer.browser"
OPEN_FOR = timedelta(days=30)
NOT_FOUND, GONE = 404, 410
FROM_HERE = ("same-origin", "none")
"""What a browser says of a form of our own page, or of an address that was typed (Sec-Fetch-Site)."""
HEADERS = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True, slots=True)
class Visit:
    """A request by a link that holds; `is_open`: this browser may see more than number and state."""

    token: str
    link: CustomerLink
    is_open: bool

    @property
    def ticket(self) -> Ticket:
        """The one that the link is about, or what that was merged into."""
        return self.link.ticket

    @property
    def address(self) -> str:
        """The one that the link was mailed to."""
        return self.link.address

    def at(self, name: str, *more: object) -> str:
        """The address of another page of this link."""
        return reverse(f"customer:{name}", args=[self.token, *more])


View = Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase]


def for_visitors(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """What holds for every page of a link: no search engine keeps it, and nobody learns its address by it.

    That no page is told where a form came from takes Django the means to see that it was ours: the address
    that it goes to says so, which nobody else knows, and the browser, which sends what opens the page to none
    but ours (SameSite).
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        is_read = request.method in ("GET", "HEAD")
        if not is_read and request.headers.get("Sec-Fetch-Site", "none") not in FROM_HERE:
            raise PermissionDenied
        response = view(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return csrf_exempt(guarded)


def by_post(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view is where a form goes: who only looks, as a tab that is opened again, is led to the page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, /, token: str) -> HttpResponseBase:
        return view(request, token) if request.method == "POST" else _to_page(request, token)

    return guarded


@for_visitors
def _to_page(_request: HttpRequest, token: str) -> HttpResponseBase:
    return redirect("customer:page", token)


def by_link(view: View[P]) -> Callable[..., HttpResponseBase]:
    """The view gets the visit; a link that holds no longer, or none, gets its own page."""

    @for_visitors
    @wraps(view)
    def found(request: HttpRequest, /, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        now = timezone.now()
        try:
            link = read_token(token, now=now)
        except UnknownLinkError:
            return unknown(request)
        except ExpiredLinkError:
            return expired(request, token)
        return view(request, visit_of(request, token, link), *args, **kwargs)

    return found


def opened(view: View[P]) -> View[P]:
    """The view is for browsers to which the page is open; to others there is nothing there."""

    @wraps(view)
    def guarded(request: HttpRequest, visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, visit, *args, **kwargs) if visit.is_open else unknown(request)

    return guarded


def visit_of(request: HttpRequest, token: str, link: CustomerLink) -> Visit:
    """The visit of this browser by a link that holds.

    An agent who follows it from their ticket is not the customer, even where it is enough: they would write,
    close and judge in the customer's name.
    """
    is_enough = link.ticket.queue.link_suffices and not isinstance(request.user, Agent)
    return Visit(token, link, is_enough or _is_remembered(request, token))


def remember(response: HttpResponse, token: str) -> HttpResponse:
    """Let this browser see all of the page for thirty days; the cookie knows the link and the time alone."""
    digest = digest_of(token)
    response.set_cookie(
        COOKIE + digest[:16],
        _signer().sign(digest),
        max_age=OPEN_FOR,
        path=f"/{PATH}",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def digest_of(token: str) -> str:
    """What stands for a link where the link itself must not."""
    return hashlib.sha256(token.encode()).hexdigest()


def unknown(request: HttpRequest) -> HttpResponse:
    """One page for all that is not there, whatever the reason."""
    return render(request, "webforms/customer/unknown.html", status=NOT_FOUND)


def expired(request: HttpRequest, token: str, *, sentence: str = "", status: int = GONE) -> HttpResponse:
    """That a link holds no longer, and a way to a new one; nothing of the ticket."""
    context = {"renew_at": reverse("customer:renew", args=[token]), "sentence": sentence}
    return render(request, "webforms/customer/expired.html", context, status=status)


def _is_remembered(request: HttpRequest, token: str) -> bool:
    digest = digest_of(token)
    try:
        kept = _signer().unsign(request.COOKIES.get(COOKIE + digest[:16], ""), max_age=OPEN_FOR)
    except BadSignature:
        return False
    return kept == digest


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=SALT)


def held(token: str, *, now: datetime) -> CustomerLink | None:
    """The link of a token that holds, or would if its time were not over; None of any other."""
    try:
        return read_token(token, now=now)
    except ExpiredLinkError as over:
        return over.link
    except UnknownLinkError:
        return None
