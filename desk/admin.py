"""What the desk shows in the admin."""

from desk.texts.admin import AutoResponseAdmin, ResponseTemplateAdmin, SalutationAdmin, SignatureAdmin

__all__ = ["AutoResponseAdmin", "ResponseTemplateAdmin", "SalutationAdmin", "SignatureAdmin"]
