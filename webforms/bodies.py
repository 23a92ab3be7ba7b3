"""How much a page for customers may be sent, and what is said to who sends more: asked by `kvv.bodies`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from blobs.sizes import size_in_words
from webforms.categories import category_asked
from webforms.framing import in_readers_language, refused
from webforms.models import MB

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
TOO_BIG = 413


@dataclass(frozen=True, slots=True)
class Brings:
    """Of a page that strangers may send files to, both by the request and the arguments of its address.

    `most`: how many bytes the files may have; `refuse`: the answer to more.
    """

    most: Callable[..., int]
    refuse: Callable[..., HttpResponseBase]


def brings(known: Brings) -> Callable[[V], V]:
    """Let a view be sent as many bytes as it says, before anything is read."""

    def marked(view: V) -> V:
        view.brings = known  # type: ignore[attr-defined]  # read by kvv.bodies
        return view

    return marked


def too_big(most: int) -> str:
    """The sentence for files of more than so many bytes."""
    said = _(
        "Your files are too big: at most %(most)s together. Nothing was sent. Go back, where what you typed "
        "still stands, and choose smaller ones."
    )
    return said % {"most": size_in_words(most)}


def _most(request: HttpRequest, slug: str) -> int:
    category = category_asked(request, slug)
    return category.files_mb * MB if category is not None else 0


@in_readers_language
def _refuse(request: HttpRequest, slug: str) -> HttpResponseBase:
    most = _most(request, slug) or settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    return refused(request, too_big(most), status=TOO_BIG, form=category_asked(request, slug))


brings_files = brings(Brings(most=_most, refuse=_refuse))
"""Of the view of a form: as many bytes as the form's files may have."""
