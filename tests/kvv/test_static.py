"""The files of the pages, as a real installation gathers them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from scripts.vendor import differences, kept


@pytest.fixture
def real_storage(tmp_path: Path) -> Iterator[Path]:
    storage = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=settings.STORAGES | {"staticfiles": storage}):
        yield tmp_path


def test_every_file_that_another_names_is_there(real_storage: Path) -> None:
    call_command("collectstatic", verbosity=0, interactive=False)
    assert (real_storage / "staticfiles.json").is_file()


def test_what_came_from_npm_is_what_the_list_says() -> None:
    assert differences() == []


def test_a_style_sheet_of_a_package_is_kept_in_its_layer_and_without_its_source_map() -> None:
    fetched = b'@charset "UTF-8";a{}\n/*# sourceMappingURL=a.css.map */'
    assert kept(fetched, layer="bootstrap") == b'@charset "UTF-8";@layer bootstrap{a{}\n}\n'
    assert kept(b"let a;\n//# sourceMappingURL=a.js.map") == b"let a;\n"
