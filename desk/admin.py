"""What the desk shows in the admin."""

from desk.texts.admin import (
    AutoResponseAdmin,
    PageTextAdmin,
    ResponseTemplateAdmin,
    SalutationAdmin,
    SignatureAdmin,
)
from desk.texts.notices import NotificationTextAdmin

__all__ = [
    "AutoResponseAdmin",
    "NotificationTextAdmin",
    "PageTextAdmin",
    "ResponseTemplateAdmin",
    "SalutationAdmin",
    "SignatureAdmin",
]
