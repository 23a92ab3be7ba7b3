"""Rules for what a browser is sent (templates, style sheets, scripts), each with a good and a bad example."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.forms import BaseForm
from django.urls import get_resolver

from tests.house.rooms import BASE, ROOMS
from tests.house.test_rules import broken

ASSET_LINES_MOST = 400
TEMPLATE_LINES_MOST, TEMPLATE_LINE_MOST = 150, 200


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


def test_no_template_is_longer_than_a_page() -> None:
    assert not is_long("<p>\n" * TEMPLATE_LINES_MOST, most=TEMPLATE_LINES_MOST)
    assert is_long("<p>\n" * (TEMPLATE_LINES_MOST + 1), most=TEMPLATE_LINES_MOST)
    long = [
        str(file.relative_to(BASE))
        for file in ours("templates", ".html", ".txt")
        if is_long(file.read_text(encoding="utf-8"), most=TEMPLATE_LINES_MOST)
    ]
    assert long == []


def wide_lines(source: str) -> list[str]:
    """The lines of a template that nobody reads to their end."""
    return [
        f"line {number}: {len(line)} characters"
        for number, line in enumerate(source.splitlines(), start=1)
        if len(line) > TEMPLATE_LINE_MOST
    ]


def test_no_line_of_a_template_is_too_wide_to_read() -> None:
    assert not wide_lines("x" * TEMPLATE_LINE_MOST)
    assert wide_lines("<p>\n" + "x" * (TEMPLATE_LINE_MOST + 1))
    assert broken(wide_lines, ours("templates", ".html", ".txt")) == []


def test_no_style_sheet_waits_for_another() -> None:
    imports = re.compile(r"^\s*@import\b", re.MULTILINE)
    assert not imports.search("/* a page links what it needs, no @import */")
    assert imports.search('@layer a;\n@import url("b.css");')
    wrong = [
        str(file.relative_to(BASE))
        for file in ours("static", ".css")
        if imports.search(file.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def named_fields() -> set[str]:
    """The name of each field of each of our forms."""

    def below(form: type[BaseForm]) -> Iterator[type[BaseForm]]:
        yield form
        for further in form.__subclasses__():
            yield from below(further)

    assert get_resolver().url_patterns  # every form is imported by the page it is on
    rooms = tuple(f"{room}." for room in ROOMS)
    return {
        name
        for form in below(BaseForm)
        if form.__module__.startswith(rooms)
        for name in getattr(form, "base_fields", {})
    }


def fields_by_hand(source: str) -> list[str]:
    """What a template writes of a field itself, instead of leaving it to the form's layout.

    Hidden values and buttons are no fields: nobody fills them in.
    """
    control = r"<select\b|<textarea\b|<input\b(?![^>]*\btype=[\"']hidden[\"'])"
    field = rf"\{{\{{\s*\w*form\.(?:{'|'.join(sorted(named_fields()))})\b"
    return re.findall(rf"{control}|{field}", source)


def test_no_template_writes_a_field_by_hand() -> None:
    assert not fields_by_hand(
        "{% layout form %}<input type='hidden' name='back'><button name='size'>10</button>"
    )
    for bad in ("<input name='until' type='date'>", "<select>", "<textarea rows='3'>", "{{ form.subject }}"):
        assert fields_by_hand(bad), bad
    wrong = [
        f"{file.relative_to(BASE)}: {field}"
        for file in ours("templates", ".html")
        if not file.is_relative_to(BASE / "templates" / "kvv")
        and not file.is_relative_to(BASE / "templates" / "desk" / "writing")
        and file != BASE / "templates" / "admin" / "search_form.html"  # Django's search is no form
        for field in fields_by_hand(file.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def starts_by_itself(source: str) -> list[str]:
    """Where a script looks for its elements at load alone, and misses those that htmx brings later.

    A function that looks when it is called finds what is there then.
    """
    return re.findall(
        r"(?:for \(|\bconst \w+ = (?!\([^)]*\) =>))[^;\n]*\bdocument\.querySelector(?:All)?\(.*", source
    )


NO_BEHAVIOUR = ("behave.js", "frame-size.js")
"""The start itself, and what other sites put into their pages, where there is none."""


def test_every_script_starts_by_behave() -> None:
    for good in (
        'behave("details.drop", (menu) => menu.focus());',
        'const open = () => document.querySelectorAll("details[open]");',
    ):
        assert not starts_by_itself(good), good
    for bad in (
        'for (const zone of document.querySelectorAll("[data-uploads]")) {',
        'const back = document.querySelector(".actions__back");',
    ):
        assert starts_by_itself(bad), bad
    scripts = [file for file in ours("static/js", ".js") if file.name not in NO_BEHAVIOUR]
    assert broken(starts_by_itself, scripts) == []
    for file in scripts:
        source = file.read_text(encoding="utf-8")
        assert "behave(" in source or "export " in source, f"{file.name} does not start by behave()"
