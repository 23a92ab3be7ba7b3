"""A form to be filled in, and a visitor who does."""

import re
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blobs.store import store_bytes
from queues.models import Queue
from webforms.models import Category, FormChoice, FormField, Skin, Submission
from webforms.spec import Kind, Meaning
from webforms.versions import publish

TOKEN = re.compile(r'name="token" value="([^"]+)"')
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)

FIELDS: tuple[tuple[str, Kind, Meaning, bool], ...] = (
    ("voornaam", Kind.SHORT, Meaning.FIRST_NAME, False),
    ("achternaam", Kind.SHORT, Meaning.LAST_NAME, False),
    ("mail", Kind.EMAIL, Meaning.ADDRESS, True),
    ("onderwerp", Kind.SHORT, Meaning.SUBJECT, True),
    ("vraag", Kind.LONG, Meaning.QUESTION, True),
)


def make_form(queue: Queue, *, slug: str = "verzekeringen", **values: Any) -> Category:
    """A form that asks for a name, an address, a subject and a question, published."""
    defaults: dict[str, Any] = {"name_nl": slug.title(), "name_en": f"{slug.title()} (en)"}
    category = Category.objects.create(slug=slug, queue=queue, **(defaults | values))
    for position, (key, kind, meaning, is_required) in enumerate(FIELDS):
        add_field(category, key, kind, meaning=meaning, is_required=is_required, position=position)
    publish(category)
    return category


def add_field(category: Category, key: str, kind: Kind, *choices: str, **values: Any) -> FormField:
    """One more field, called as its key in Dutch; a choice's key is as it is called."""
    defaults: dict[str, Any] = {"name_nl": key.title(), "name_en": f"{key.title()} (en)"}
    row = FormField.objects.create(category=category, key=key, kind=kind, **(defaults | values))
    for position, choice in enumerate(choices):
        FormChoice.objects.create(field=row, key=choice, name_nl=choice.title(), position=position)
    publish(category)
    return row


def filled(**more: Any) -> dict[str, Any]:
    """A form that is in order; what is None is left out."""
    values = {
        "f_voornaam": "Femke",
        "f_achternaam": "de Boer",
        "f_mail": "Femke@thuis.example",
        "f_onderwerp": "Gastlid op kamp",
        "f_vraag": "Is een gastlid verzekerd?\nEn zo ja, waarvoor?",
    }
    return {name: value for name, value in (values | more).items() if value is not None}


def file(name: str = "pas.png", data: bytes = PNG, content_type: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type)


def make_submission(category: Category, **values: Any) -> Submission:
    """A form that was sent."""
    version = category.versions.get()
    return Submission.objects.create(
        version=version, **({"token": uuid.uuid4(), "address": "f@x.example"} | values)
    )


def token_in(page: Any) -> str:
    found = TOKEN.search(page.content.decode())
    assert found is not None, page.content.decode()
    return found[1]


def opened(category: Category, *, ago: timedelta = timedelta(minutes=5), **client: Any) -> str:
    """The token of a form that somebody opened a while ago."""
    made = timezone.now() - ago
    with mock.patch("webforms.pages.timezone.now", return_value=made):
        return token_in(Client(**client).get(address_of(category)))


def address_of(category: Category) -> str:
    return reverse("webforms:form", args=[category.slug])


def send(
    category: Category, values: Mapping[str, Any] | None = None, *, token: str = "", **extra: Any
) -> Any:
    """What comes of a form that is sent, without a cookie."""
    data = {"token": token or opened(category), **(values if values is not None else filled())}
    return Client(enforce_csrf_checks=True).post(address_of(category), data, **extra)


def make_skin(**values: Any) -> Skin:
    """How an organisation's pages look, with a logo."""
    defaults = {"organisation": "Vliegclub", "logo": store_bytes(PNG), "logo_kind": "png"}
    return Skin.objects.create(**(defaults | values))
