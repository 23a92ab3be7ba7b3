"""What visitors see of the one `Skin`: its colours as a stylesheet of ours, its logo, both kept by browsers.

A page's policy lets in no style but from addresses of ours; their digests change with what they give.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import reverse
from django.views.decorators.http import require_safe

from blobs.store import read_bytes
from richtext.colours import Colour, as_hex, read_colour
from webforms.colours import by_day, by_night
from webforms.models import Skin

KEPT, KEPT_SECONDS = "webforms.skin", 60
"""Under which name a process remembers it, and for how long."""
LONG: Final = "public, max-age=31536000, immutable"
SHORT: Final = "no-cache"
DIGITS: Final = 12
STYLE: Final = """@layer pages {{
  @media not (prefers-contrast: more) {{
    :root:not([data-skin="contrast"]) {{
{lines}
    }}
  }}
}}
"""
VARIABLES: Final = {
    "kvv-accent": "accent",
    "kvv-accent-ink": "accent",
    "kvv-accent-fill": "accent",
    "kvv-accent-press": "press",
    "kvv-accent-on": "on",
    "kvv-accent-soft": "soft",
    "kvv-accent-line": "line",
    "public-head": "head",
    "public-head-ink": "on_head",
}
"""The variables of a stylesheet → the colour of `Worn` that each is. High contrast keeps its own."""


@dataclass(frozen=True, slots=True)
class Dress:
    """The skin as pages need it; `logo_id`: its blob, if there is one."""

    organisation: str
    style: str
    style_at: str
    logo_id: int | None
    logo_at: str
    logo_kind: str
    width: int
    height: int


def current_dress() -> Dress | None:
    """What visitors' pages wear; None without a `Skin`. A statement a minute, of each process."""
    kept: tuple[Dress | None] | None = caches["local"].get(KEPT)
    if kept is None:
        skin = Skin.objects.select_related("logo").first()
        kept = (_dress(skin) if skin is not None else None,)
        caches["local"].set(KEPT, kept, KEPT_SECONDS)
    return kept[0]


def forget_dress() -> None:
    """Let this process see at once what was changed; others do within a minute."""
    caches["local"].delete(KEPT)


def style_of(accent: Colour, head: Colour) -> str:
    """The stylesheet: a colour by day and one by night for each variable."""
    day, night = by_day(accent, head), by_night(accent, head)
    lines = [
        f"      --{name}: light-dark({as_hex(getattr(day, part))}, {as_hex(getattr(night, part))});"
        for name, part in VARIABLES.items()
    ]
    return STYLE.format(lines="\n".join(lines))


@require_safe
def skin_style(request: HttpRequest) -> HttpResponse:
    """The colours."""
    dress = current_dress()
    if dress is None:
        return HttpResponseNotFound()
    return _kept(
        request, dress.style.encode(), content_type="text/css; charset=utf-8", address=dress.style_at
    )


@require_safe
def skin_logo(request: HttpRequest) -> HttpResponse:
    """The logo."""
    dress = current_dress()
    if dress is None or dress.logo_id is None:
        return HttpResponseNotFound()
    kind = f"image/{dress.logo_kind}"
    return _kept(request, read_bytes(dress.logo_id), content_type=kind, address=dress.logo_at)


def _dress(skin: Skin) -> Dress:
    accent, head = read_colour(skin.accent), read_colour(skin.head)
    style = style_of(accent, head) if accent and head else ""
    logo = bytes(skin.logo.sha256).hex()[:DIGITS] if skin.logo is not None else ""
    return Dress(
        organisation=skin.organisation,
        style=style,
        style_at=f"{reverse('webforms:skin_style')}?v={sha256(style.encode()).hexdigest()[:DIGITS]}",
        logo_id=skin.logo_id,
        logo_at=f"{reverse('webforms:skin_logo')}?v={logo}" if logo else "",
        logo_kind=skin.logo_kind,
        width=skin.logo_width,
        height=skin.logo_height,
    )


def _kept(request: HttpRequest, data: bytes, *, content_type: str, address: str) -> HttpResponse:
    """For long by its own address, whose digest is that of these bytes."""
    response = HttpResponse(data, content_type=content_type)
    response["Cache-Control"] = LONG if request.get_full_path() == address else SHORT
    return response
