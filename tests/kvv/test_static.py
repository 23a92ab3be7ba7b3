"""The files of the pages, as a real installation gathers them."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from scripts.vendor import differences, kept

COMPRESSED = ("js", "css", "svg", "json", "txt", "map", "html", "md", "mjs")
IMPORTED = re.compile(r"""\b(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")


def imported(script: Path) -> list[Path]:
    """The files that a script imports, at once or when it needs them."""
    return [(script.parent / name).resolve() for name in IMPORTED.findall(script.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files under their names of an installation, and the list of these; compressing them is slow."""
    root = tmp_path_factory.mktemp("static")
    storage = {"BACKEND": "kvv.static_files.HashedStorage"}
    kept = {"STORAGES": settings.STORAGES | {"staticfiles": storage}}
    with override_settings(STATIC_ROOT=root, WHITENOISE_SKIP_COMPRESS_EXTENSIONS=COMPRESSED, **kept):
        call_command("collectstatic", verbosity=0, interactive=False)
    return root


def test_every_file_that_another_names_is_there(gathered: Path) -> None:
    assert (gathered / "staticfiles.json").is_file()


def test_what_a_script_imports_it_names_as_the_browser_finds_it(gathered: Path) -> None:
    """A module without a checksum in its name could be one of an older version, kept by the browser."""
    names: dict[str, str] = json.loads((gathered / "staticfiles.json").read_text())["paths"]
    scripts = {name: gathered / names[name] for name in names if name.startswith("js/")}
    hashed = {gathered / name for name in names.values()}
    for script in scripts.values():
        assert set(imported(script)) <= hashed
    assert imported(scripts["js/arrive.js"]) == [scripts["js/behave.js"]]
    assert scripts["js/editor/editor.js"] in imported(scripts["js/editor.js"])
    assert gathered / names["vendor/squire/squire.js"] in imported(scripts["js/editor/editor.js"])


def test_what_came_from_npm_is_what_the_list_says() -> None:
    assert differences() == []


def test_a_style_sheet_of_a_package_is_kept_in_its_layer_and_without_its_source_map() -> None:
    fetched = b'@charset "UTF-8";a{}\n/*# sourceMappingURL=a.css.map */'
    assert kept(fetched, layer="bootstrap") == b'@charset "UTF-8";@layer bootstrap{a{}\n}\n'
    assert kept(b"let a;\n//# sourceMappingURL=a.js.map") == b"let a;\n"
