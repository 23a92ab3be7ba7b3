"""What every page of the frame shows besides its own content."""

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    """Context for `base.html`: whether this is a demo."""
    return {"is_demo": settings.DEMO}
