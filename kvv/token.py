"""The token that lets programs of ours see figures (KVV_METRICS_TOKEN)."""

import hmac

from django.conf import settings
from django.http import HttpRequest


def brings_token(request: HttpRequest) -> bool:
    """Whether a request has it as a bearer token (RFC 6750, 2.1); none has while it is empty."""
    if not settings.METRICS_TOKEN:
        return False
    authorization = request.headers.get("Authorization", "")
    return hmac.compare_digest(authorization.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
