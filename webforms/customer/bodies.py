"""How much a customer's page may be sent: as an agent's form, by a browser that was opened, else no file."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from tickets.customer_link import ExpiredLinkError, UnknownLinkError, read_token
from webforms.bodies import TOO_BIG, Brings, brings, too_big
from webforms.customer.page import Filled, shown
from webforms.customer.visit import Visit, by_link, opened, visit_of


def _most(request: HttpRequest, token: str) -> int:
    try:
        link = read_token(token, now=timezone.now())
    except (UnknownLinkError, ExpiredLinkError):
        return 0
    return settings.UPLOAD_TOTAL_BYTES if visit_of(request, token, link).is_open else 0


@by_link
@opened
def _refuse(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The page as it is, with a sentence: what was typed is in the page that they go back to."""
    sentence = too_big(settings.UPLOAD_TOTAL_BYTES)
    return shown(request, visit, Filled(sentence=sentence, status=TOO_BIG))


brings_files = brings(Brings(most=_most, refuse=_refuse))
"""Of the view of a message."""
