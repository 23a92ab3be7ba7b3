"""Rows of a form of the admin: no more of them than somebody fills in."""

from typing import Any

from django.contrib.admin.options import InlineModelAdmin
from django.http import HttpRequest

NEW_MOST = 200
"""A form says itself how many rows it has, and each is made and shown again: Django believes up to 2,000."""


class FewRows(InlineModelAdmin[Any, Any]):
    """Takes as many rows as there are, and `NEW_MOST` more; a form that says more is refused without any."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The usual one, with that limit."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        if request.method == "POST":
            kept = {formset.fk.name: obj} if obj and obj.pk else {"pk__in": ()}
            there = self.get_queryset(request).filter(**kept).count()
            said = request.POST.get(f"{formset.get_default_prefix()}-TOTAL_FORMS", "")
            is_too_many = said.isdecimal() and int(said[:10]) > there + NEW_MOST
            formset.absolute_max = there if is_too_many else there + NEW_MOST
        return formset
