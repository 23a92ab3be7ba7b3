"""The files of the pages, as a real installation gathers them."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import SettingsWrapper

from scripts.vendor import differences


@pytest.fixture
def real_storage(settings: SettingsWrapper, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    return tmp_path


def test_every_file_that_another_names_is_there(real_storage: Path) -> None:
    call_command("collectstatic", verbosity=0, interactive=False)
    assert (real_storage / "staticfiles.json").is_file()


def test_what_came_from_npm_is_what_the_list_says() -> None:
    assert differences() == []
