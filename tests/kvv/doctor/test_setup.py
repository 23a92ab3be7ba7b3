"""Secrets, queues and people, examined."""

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from accounts.models import Agent
from kvv.doctor import setup
from kvv.doctor.finding import Level
from queues.models import MailAddress, Queue
from tests.factories import make_agent, make_queue
from tests.kvv.doctor.reading import levels, text


@pytest.mark.django_db
def test_queues_that_cannot_answer_and_addresses_that_lead_nowhere_are_named(
    owner: Agent, queue: Queue
) -> None:
    Queue.objects.exclude(pk=queue.pk).delete()
    assert levels(setup.queues()) == [("queues", "ok")]
    make_queue("Zonder afzender")
    Queue.objects.filter(name="Zonder afzender").update(sender=None)
    MailAddress.objects.create(address="nergens@kvv.example")
    gone = make_queue("Weg", is_active=False)
    sentences = text(setup.queues())
    for name in ("Zonder afzender", "nergens@kvv.example", str(gone.sender)):
        assert name in sentences
    owner.is_active = False
    owner.save()
    assert "Spel" in text(setup.queues())


@pytest.mark.django_db
def test_somebody_must_be_there_to_be_told() -> None:
    assert levels(setup.people()) == [("admins", "wrong")]
    admin = make_agent("admin", is_superuser=True, is_active=True)
    assert levels(setup.people()) == [("admins", "ok")]
    Agent.objects.filter(pk=admin.pk).update(email="")
    assert levels(setup.people()) == [("admins", "warning")]


@pytest.mark.parametrize(
    "key", ["too small", "a" * 60, "abcabcabc" * 8, "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz"]
)
def test_a_weak_or_known_key_is_wrong_and_never_printed(settings: Settings, key: str) -> None:
    strong = "kJ8sQ2vNx4Zr7TbW1yLd6Hf3Gm9Pc5Ae0Uo"
    settings.SECRET_KEY, settings.MESSAGE_ID_KEYS, settings.SECRET_KEYS = key, [key], [strong, key]
    for finding in setup.secrets():
        assert (finding.name in ("SECRET_KEY", "KVV_SECRET_KEYS"), finding.level) == (True, Level.WRONG)
        assert key not in finding.text
    settings.SECRET_KEY = strong
    settings.MESSAGE_ID_KEYS = settings.SECRET_KEYS = [settings.SECRET_KEY]
    assert levels(setup.secrets()) == [("secrets", "ok")]


def test_what_the_outside_may_see_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not by the fixture: its signal would make Django forget that undefined variables fail.
    monkeypatch.setattr(django_settings, "DEBUG", True)
    settings.DEMO = True
    settings.ALLOWED_HOSTS, settings.HTTPS = ["*"], False
    settings.MAIL_DOMAIN = settings.DEFAULT_FROM_EMAIL = "kvv.example"
    exposed = levels(setup.exposure())
    assert exposed == [
        ("KVV_DEBUG", "wrong"),
        ("KVV_DEMO", "warning"),
        ("KVV_HOSTS", "wrong"),
        ("KVV_BASE_URL", "warning"),
    ]
    monkeypatch.setattr(django_settings, "DEBUG", False)
    settings.DEMO = False
    settings.BASE_URL, settings.ALLOWED_HOSTS, settings.HTTPS = "https://kvv.example", ["kvv.example"], True
    assert levels(setup.exposure()) == [("web", "ok")]
