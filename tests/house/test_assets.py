"""Rules for what a browser is sent (templates, style sheets, scripts), each with a good and a bad example."""

import re
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
ASSET_LINES_MOST = 400


def ours(folder: str, *endings: str) -> list[Path]:
    """The files of a folder that we wrote; what is vendored came from elsewhere."""
    return [
        file
        for file in sorted((BASE / folder).rglob("*"))
        if file.suffix in endings and "vendor" not in file.parts
    ]


def is_long(source: str, *, most: int) -> bool:
    """Whether a file has more lines than one story needs."""
    return len(source.splitlines()) > most


def test_no_style_sheet_or_script_is_longer_than_a_story() -> None:
    assert not is_long("a {}\n" * ASSET_LINES_MOST, most=ASSET_LINES_MOST)
    assert is_long("a {}\n" * (ASSET_LINES_MOST + 1), most=ASSET_LINES_MOST)
    long = [
        str(file.relative_to(BASE))
        for file in ours("static", ".css", ".js")
        if is_long(file.read_text(encoding="utf-8"), most=ASSET_LINES_MOST)
    ]
    assert long == []


def test_no_style_sheet_waits_for_another() -> None:
    imports = re.compile(r"^\s*@import\b", re.MULTILINE)
    assert not imports.search("/* a page links what it needs, no @import */")
    assert imports.search('@layer a;\n@import url("b.css");')
    found = [
        str(file.relative_to(BASE))
        for file in ours("static", ".css")
        if imports.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []
