#!/usr/bin/env python3
"""The translations, without the system's gettext: what the code says in English, and its Dutch.

    python -m scripts.messages extract   print every text that needs a translation, and where it stands
    python -m scripts.messages check     say which Dutch is missing, left over, contradictory or in the part
                                         of a room that does not say it; exit 1 if any
    python -m scripts.messages compile   build the .mo files in locale/ that Django reads

The Dutch is kept in small files, one for each room: locale/nl/LC_MESSAGES/parts/<room>.po. A room that says
much may have several, one a folder: <room>-<folder>.po. Beside them stands our Dutch of what packages say
(`scripts/overrides.py`), and in locale/en/ the English of names that are kept in the database otherwise.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from django.utils.translation.template import templatize

from scripts.overrides import PACKAGES, overrides, read_texts, stale

BASE = Path(__file__).resolve().parent.parent
LOCALE = BASE / "locale"
FOLDER = LOCALE / "nl" / "LC_MESSAGES"
LEFT_OUT = {".venv", "var", "tests", "node_modules", "static", "benchmarks", ".git", "scripts"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sdr]|%[sd]|\{[a-z_]*\}")

TEXTS_MOST = 400
"""Of a part: one that has more is parted by folder."""
HOUSE = "kvv"
TEMPLATES = "templates"
ROOMS_OF_TEMPLATES = dict.fromkeys(("account", "allauth", "mfa", "socialaccount"), "accounts")
"""Folders of templates that are named by a package → the room that has them."""

Key = tuple[str | None, str | tuple[str, ...]]
Singular = tuple[str | None, str]
"""Context and English of a text, of one with a plural only the singular."""


def main() -> int:
    """Do what is asked; 0 if all is well."""
    match sys.argv[1:]:
        case ["extract"]:
            for key, places in sorted(texts().items(), key=str):
                print(f"{places[0]}: {key[1]!r}")
            return 0
        case ["check"]:
            return report(problems())
        case ["compile"]:
            compile_catalogues()
            return 0
    print(__doc__)
    return 2


def texts() -> dict[Key, list[str]]:
    """Every text of code and templates, by context and English, with the places where it stands."""
    places: dict[Key, list[str]] = defaultdict(list)
    for file in _files():
        for line, english, _comments, context in _extracted(file):
            places[context, english].append(f"{file.relative_to(BASE)}:{line}")
    return places


def room_of(place: str) -> str:
    """The room that says what stands at this place; the house, where a template is of no single room."""
    first, *others = place.split("/")
    if first != TEMPLATES:
        return first
    rooms = (ROOMS_OF_TEMPLATES.get(folder, folder) for folder in others[:-1])
    return next((room for room in rooms if (BASE / room / "__init__.py").is_file()), HOUSE)


def parts(language: str = "nl") -> dict[str, Catalog]:
    """What is said in a language, by the name of its file without '.po'."""
    folder = LOCALE / language / "LC_MESSAGES" / "parts"
    return {part.stem: read_texts(part, language=language) for part in sorted(folder.glob("*.po"))}


def catalogue() -> tuple[Catalog, list[str]]:
    """All Dutch of ours and of packages in one catalogue, and what contradicts itself between the files."""
    packages = {f"packages/{name}": ours for name, ours in overrides().items() if _is_djangos(name)}
    return whole_of(parts() | packages, language="nl")


def whole_of(files: Mapping[str, Catalog], *, language: str) -> tuple[Catalog, list[str]]:
    """All texts of these files in one catalogue, and what contradicts itself between them."""
    whole = Catalog(locale=language)
    contradictions = []
    for name, part in files.items():
        for message in part:
            if not message.id:
                continue
            elsewhere = whole.get(message.id, message.context)
            if elsewhere is not None and elsewhere.string != message.string:
                contradictions.append(
                    f"{name}.po: {message.id!r} has another Dutch elsewhere: {elsewhere.string!r}"
                )
            whole.add(message.id, message.string, context=message.context)
    return whole, contradictions


def problems() -> list[str]:
    """All that is wrong with the Dutch, a line each."""
    whole, wrong = catalogue()
    said = texts()
    for (context, english), places in said.items():
        message = whole.get(english, context)
        if message is None or not _is_whole(message):
            wrong.append(f"{places[0]}: no Dutch for {english!r}{f' ({context})' if context else ''}")
        else:
            wrong += _wrong_placeholders(message)
    rooms = {
        (context, _singular(english)): {room_of(place) for place in places}
        for (context, english), places in said.items()
    }
    for name, ours in overrides().items():
        wrong += stale(name, ours)
        for message in ours:
            if message.id:
                wrong += _wrong_placeholders(message)
    for name, part in parts("en").items():
        wrong += misplaced(name, part, rooms=rooms)
    for name, part in parts().items():
        wrong += misplaced(name, part, rooms=rooms)
        if len(part) > TEXTS_MOST:
            wrong.append(f"{name}.po: {len(part)} texts are too many; part it by folder: {name}-<folder>.po")
    return sorted(wrong)


def misplaced(name: str, part: Catalog, *, rooms: Mapping[Singular, Collection[str]]) -> Iterator[str]:
    """What stands in a part without its room saying it; `rooms`: text → who does say it."""
    room = name.partition("-")[0]
    for message in part:
        english = _singular(message.id)
        saying = rooms.get((message.context, english), ())
        if english and not saying:
            yield f"{name}.po: nobody says {english!r} any more"
        elif english and room not in saying:
            yield f"{name}.po: {english!r} is said by {', '.join(sorted(saying))}; move its Dutch there"


def compile_catalogues() -> None:
    """Build the files that Django reads."""
    whole, contradictions = catalogue()
    english, contradictions_in_english = whole_of(parts("en"), language="en")
    if contradictions := contradictions + contradictions_in_english:
        raise SystemExit("\n".join(contradictions))
    _compile(whole, FOLDER / "django.mo")
    _compile(english, LOCALE / "en" / "LC_MESSAGES" / "django.mo")
    for name, ours in overrides().items():
        if not _is_djangos(name):
            _compile(ours, FOLDER / f"{PACKAGES[name].domain}.mo")


def _compile(whole: Catalog, target: Path) -> None:
    data = BytesIO()
    write_mo(data, whole)
    if not target.is_file() or target.read_bytes() != data.getvalue():
        target.write_bytes(data.getvalue())
        target.chmod(0o644)  # part of the program, whoever it is that starts it


def _is_djangos(name: str) -> bool:
    """Whether a package's sentences are read together with ours, not by the scripts of the admin."""
    return PACKAGES[name].domain == "django"


def report(wrong: list[str]) -> int:
    """Print what is wrong; 1 if anything is."""
    for line in wrong:
        print(line)
    print(f"{len(wrong)} problems with the Dutch" if wrong else "The Dutch is complete.")
    return 1 if wrong else 0


def _files() -> Iterator[Path]:
    for pattern in ("*.py", "*.html", "*.txt"):
        for file in sorted(BASE.rglob(pattern)):
            folders = file.relative_to(BASE).parts
            if LEFT_OUT.isdisjoint(folders) and (file.suffix == ".py" or folders[0] == TEMPLATES):
                yield file


def _extracted(file: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    source = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        yield from extract("python", BytesIO(source.encode()), keywords=KEYWORDS)
    else:  # templatize leaves calls of gettext() between crosses; JavaScript's rules read them line by line
        yield from extract("javascript", BytesIO(templatize(source).encode()), keywords=KEYWORDS)


def _singular(english: str | Sequence[str]) -> str:
    return english if isinstance(english, str) else english[0]


def _is_whole(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


def _wrong_placeholders(message: Message) -> Iterator[str]:
    english = message.id if isinstance(message.id, (tuple, list)) else [message.id]
    dutch = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    named = {name for text in english for name in PLACEHOLDER.findall(text or "")}
    for text in dutch:
        if extra := set(PLACEHOLDER.findall(text or "")) - named:
            yield f"the Dutch of {english[0]!r} names {sorted(extra)}, the English does not"
    if missing := named - set(PLACEHOLDER.findall(dutch[-1] or "")):
        yield f"the Dutch of {english[0]!r} lacks {sorted(missing)}"


if __name__ == "__main__":
    sys.exit(main())
