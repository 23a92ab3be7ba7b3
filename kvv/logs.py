"""A web request's id in the log: `work/trace.py` tells what it is for, `task_signals.py` carries it on.

And what of a request needs no more than a line there.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from work.trace import new_trace, set_trace

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestTraceMiddleware:
    """Gives each request an id, its log lines with it, and says it in the answer.

    A proxy in front may bring one; anything but 8 to 64 letters, digits, dots and dashes is not taken over.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        brought = request.headers.get(HEADER, "")
        trace = brought if SANE.fullmatch(brought) else new_trace()
        set_trace(trace)
        response = self.get_response(request)
        response[HEADER] = trace
        return response


class RefusalFilter(logging.Filter):
    """A refusal is one line: that somebody's right was too low is no fault of ours and needs no stack."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, without its stack where it tells of a refusal."""
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = record.exc_text = None
        return True


@receiver(request_finished)
def _forget(**_unused: Any) -> None:
    """The id lasts until the last byte is out: Django tells of a 404 when all middleware is done."""
    set_trace("")
