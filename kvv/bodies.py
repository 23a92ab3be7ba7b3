"""How much a request may bring: asked before anything reads it, as reading writes files.

Who is unknown may bring what a form without files has, an agent their files besides. Whether it is an agent
is known by then (`accounts.middleware` asks for every page), so that this costs no statement. A question form
and a customer's own page say themselves how much their files may have (`webforms.bodies`).
"""

from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

from accounts.models import Agent
from blobs.sizes import size_in_words
from webforms.bodies import Brings

TOO_BIG = 413
PIECE_BYTES = 64 * 1024
PASSED_OVER = 4  # times what an agent may bring: so much is read and dropped, so that they hear the answer


class BodyLimitMiddleware:
    """Answers 413 where a body is, or turns out to be, too big.

    A body that comes in chunks has no length, so that Django would take it for empty: it is counted here, and
    has one from here on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wsgi, place = cast("WSGIRequest", request), _place_of(request)
        most = _most(request, place)
        if "Transfer-Encoding" in request.headers:
            with SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE) as body:
                if _count(wsgi, body, most=most):
                    return self.get_response(request)
            rest = (PASSED_OVER - 1) * most
        elif _length(wsgi) <= most:
            return self.get_response(request)
        else:
            rest = min(_length(wsgi), PASSED_OVER * most)
        if place is not None or isinstance(request.user, Agent):
            _pass_over(wsgi, most=rest)
        if place is not None:
            return cast("HttpResponse", _brings(place).refuse(request, **place.kwargs))
        return _refusal(request, most=most)


def _place_of(request: HttpRequest) -> ResolverMatch | None:
    """Where the request goes, if it may have files and strangers may bring some there."""
    if request.method != "POST" or not _may_have_files(request):
        return None
    try:
        place = resolve(request.path_info)
    except Resolver404:
        return None
    return place if hasattr(place.func, "brings") else None


def _brings(place: ResolverMatch) -> Brings:
    brings: Brings = place.func.brings  # type: ignore[attr-defined]  # `brings_files` put it there
    return brings


def _most(request: HttpRequest, place: ResolverMatch | None) -> int:
    """What this request may bring, in bytes; only files may be more than Django takes into memory."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    if place is not None:
        return most + int(_brings(place).most(request, **place.kwargs))
    may_be_more = _may_have_files(request) and isinstance(request.user, Agent)
    return most + settings.UPLOAD_TOTAL_BYTES if may_be_more else most


def _may_have_files(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data"


def _length(request: WSGIRequest) -> int:
    """As Django reads it: what is no number is nothing; but it would read all where there is a minus."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
    if length < 0:
        raise BadRequest("a body of less than nothing")
    return length


def _count(request: WSGIRequest, body: IO[bytes], *, most: int) -> bool:
    """Put what has no length into `body`, and give it to the request; False where it is too big."""
    size = 0
    for piece in _pieces(request, most=most + 1):
        size += body.write(piece)
    body.seek(0)
    request.META["CONTENT_LENGTH"] = str(size)
    request._stream = cast("BinaryIO", body)  # noqa: SLF001  (Django has no other way to give a body)
    return size <= most


def _pass_over(request: WSGIRequest, *, most: int) -> None:
    """A browser that is still sending when we hang up shows no answer."""
    for _piece in _pieces(request, most=most):
        pass


def _pieces(request: WSGIRequest, *, most: int) -> Iterator[bytes]:
    """At most so many bytes of the body, as they come."""
    left = most
    try:
        while left and (piece := request.environ["wsgi.input"].read(min(left, PIECE_BYTES))):
            left -= len(piece)
            yield piece
    except Exception as error:
        raise BadRequest("a body that broke off, or in chunks that are none") from error


def _refusal(request: HttpRequest, *, most: int) -> HttpResponse:
    """A sentence: in a page, or alone where a script asked for plain text (`static/js/token.js`)."""
    sentence = _("This is too big: at most %(most)s can be sent at once. Nothing of it was kept.")
    sentence %= {"most": size_in_words(most)}
    if _may_have_files(request) and not isinstance(request.user, Agent):
        sentence += " " + _(
            "You may be signed out; who is signed in may send more. Leave this page open, sign in in another "
            "tab, and reload this page: your browser then sends your text once more."
        )
    if not request.accepts("text/html"):
        return HttpResponse(sentence, status=TOO_BIG, content_type="text/plain; charset=utf-8")
    return render(request, "413.html", {"sentence": sentence}, status=TOO_BIG)
