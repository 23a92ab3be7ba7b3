"""What the desk shows in the admin."""

from desk.texts.admin import (
    AutoResponseAdmin,
    PageTextAdmin,
    ResponseTemplateAdmin,
    SalutationAdmin,
    SignatureAdmin,
)

__all__ = [
    "AutoResponseAdmin",
    "PageTextAdmin",
    "ResponseTemplateAdmin",
    "SalutationAdmin",
    "SignatureAdmin",
]
