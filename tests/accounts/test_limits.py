"""Who tries passwords is stopped by all web processes together, and a restart forgets nothing."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache, caches
from django.test import Client
from django.utils import timezone

from accounts.limits import forget_expired
from accounts.models import Agent, CacheEntry, Tally
from kvv.notices import CACHED
from tests.database import database_url
from tests.factories import PASSWORD

ANOTHER = """
import django, sys
django.setup()
from django.test import Client
form = {"login": sys.argv[1], "password": sys.argv[2]}
print(Client(HTTP_HOST="localhost").post("/accounts/login/", form).status_code)
"""


def sign_in_elsewhere(password: str) -> int:
    """What a web process of another host answers, which was started just now."""
    environment = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "kvv.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ANOTHER, "owner", password],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return int(done.stdout)


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_who_guessed_too_often_here_is_stopped_there_too(client: Client, owner: Agent) -> None:
    # The other process hashes as KVV does; these tests do it faster.
    Agent.objects.update(password=Argon2PasswordHasher().encode(PASSWORD, "a salt of sixteen"))
    assert sign_in_elsewhere(PASSWORD) == 302
    for n in range(6):
        client.post("/accounts/login/", {"login": "owner", "password": f"gok {n}"})
    Tally.objects.update(free_at=timezone.now() + timedelta(hours=1))  # however slow this machine is
    assert sign_in_elsewhere(PASSWORD) == 429
    Tally.objects.all().delete()
    assert sign_in_elsewhere(PASSWORD) == 302


@pytest.mark.django_db
def test_what_is_over_does_not_pile_up() -> None:
    cache.set("minute", 1, timeout=60)
    cache.set("good", 1, timeout=None)
    forget_expired(now=timezone.now())
    assert CacheEntry.objects.count() == 2
    forget_expired(now=timezone.now() + timedelta(minutes=2))
    assert [cache.get("minute"), cache.get("good")] == [None, 1]
    assert CacheEntry.objects.count() == 1


@pytest.mark.django_db
def test_the_notices_are_kept_by_each_process_itself(client: Client, superuser: Agent) -> None:
    client.force_login(superuser)
    assert client.get("/").status_code == 200
    assert caches["local"].get(CACHED) is not None
    assert not CacheEntry.objects.exists()
