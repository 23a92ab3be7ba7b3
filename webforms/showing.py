"""A form that is only looked at: its preview, and what an old version looked like."""

from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, override

from tickets.showing.frame import framed
from webforms.asking import form_of
from webforms.models import Category, FormVersion
from webforms.spec import FormSpec

LANGUAGE = "_language"


def language_of(request: HttpRequest) -> str:
    """The language that was asked for, by a button or in the address; else the reader's own."""
    asked = (request.POST if request.method == "POST" else request.GET).get(LANGUAGE, "")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE


def versions_of(category: Category) -> QuerySet[FormVersion]:
    """Its versions, the newest first, each with `sent`: how many were sent by it."""
    return category.versions.annotate(sent=Count("submissions")).defer("content").order_by("-number")


def framed_form(
    request: HttpRequest, spec: FormSpec | None, *, language: str, is_kept: bool = False
) -> HttpResponseBase:
    """The form in a frame of a page of ours, where it can't be sent; None of a heading, which has none.

    `is_kept`: of a version, in which nothing can be filled in.
    """
    with override(language):
        context: dict[str, Any] = {"spec": spec, "is_kept": is_kept}
        if spec is not None:
            form = form_of(spec, language=language)
            for field in form.fields.values() if is_kept else ():
                field.disabled = True
            texts = ("name", "introduction", "thanks")
            context |= {"form": form, **{name: getattr(spec, name).in_language(language) for name in texts}}
        page = framed(lambda: render(request, "webforms/looked_at.html", context))
        return page()
