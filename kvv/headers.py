"""What every answer says of itself: who may keep it, who may put it into a page, what it may do."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PRIVATE = "private, no-store"
"""Of what nobody is to keep: each page says who has signed in, and rights may end today."""
HEADERS = {
    "Cache-Control": PRIVATE,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer"),
            *("microphone", "midi", "payment", "picture-in-picture", "usb", "xr-spatial-tracking"),
        )
    ),
    "X-Content-Type-Options": "nosniff",
}

FOR_OTHER_SITES = frozenset({f"{settings.STATIC_URL}js/frame-size.js"})
"""Paths of what other sites put into their pages: the script by which they show a question form."""


class Headers:
    """Writes what is not written yet: static files and files of tickets say themselves how long they keep."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path in FOR_OTHER_SITES:
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
