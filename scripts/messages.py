#!/usr/bin/env python3
"""The translations, without the system's gettext: what the code says in English, and its Dutch.

    python -m scripts.messages extract   print every text that needs a translation, and where it stands
    python -m scripts.messages check     say which Dutch is missing, left over or contradictory; exit 1 if any
    python -m scripts.messages compile   build locale/nl/LC_MESSAGES/django.mo

The Dutch is kept in small files, one for each room: locale/nl/LC_MESSAGES/parts/<room>.po.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

BASE = Path(__file__).resolve().parent.parent
FOLDER = BASE / "locale" / "nl" / "LC_MESSAGES"
PLURALS = "nplurals=2; plural=(n != 1);"
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
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}")

Key = tuple[str | None, str | tuple[str, ...]]


def main() -> int:
    """Do what is asked; 0 if all is well."""
    what = sys.argv[1] if len(sys.argv) == 2 else ""
    match what:
        case "extract":
            for key, places in sorted(texts().items(), key=str):
                print(f"{places[0]}: {key[1]!r}")
            return 0
        case "check":
            return report(problems())
        case "compile":
            compile_catalogue()
            return 0
    print(__doc__)
    return 2


def texts() -> dict[Key, list[str]]:
    """Every text of code and templates, by context and English, with the places where it stands."""
    found: dict[Key, list[str]] = defaultdict(list)
    for file in _files():
        for line, english, _comments, context in _extracted(file):
            found[context, english].append(f"{file.relative_to(BASE)}:{line}")
    return found


def catalogue() -> tuple[Catalog, list[str]]:
    """All Dutch in one catalogue, and what contradicts itself between the parts."""
    whole = Catalog(locale="nl")
    contradictions = []
    for part in sorted((FOLDER / "parts").glob("*.po")):
        with part.open("rb") as file:
            messages = read_po(file, locale="nl", abort_invalid=True)
        for message in messages:
            if not message.id:
                continue
            known = whole.get(message.id, message.context)
            if known is not None and known.string != message.string:
                contradictions.append(
                    f"{part.name}: {message.id!r} has another Dutch elsewhere: {known.string!r}"
                )
            whole.add(message.id, message.string, context=message.context)
    return whole, contradictions


def problems() -> list[str]:
    """All that is wrong with the Dutch, a line each."""
    whole, found = catalogue()
    wanted = texts()
    for (context, english), places in wanted.items():
        message = whole.get(english, context)
        if message is None or not _is_whole(message):
            found.append(f"{places[0]}: no Dutch for {english!r}{f' ({context})' if context else ''}")
        else:
            found += _wrong_placeholders(message)
    used = {(context, english if isinstance(english, str) else english[0]) for context, english in wanted}
    for message in whole:
        english = message.id if isinstance(message.id, str) else message.id[0]
        if english and (message.context, english) not in used:
            found.append(f"nobody says {english!r} any more")
    return sorted(found)


def compile_catalogue() -> Path:
    """Build the file that Django reads, and give its path."""
    whole, contradictions = catalogue()
    if contradictions:
        raise SystemExit("\n".join(contradictions))
    target = FOLDER / "django.mo"
    data = BytesIO()
    write_mo(data, whole)
    if not target.is_file() or target.read_bytes() != data.getvalue():
        target.write_bytes(data.getvalue())
    return target


def report(found: list[str]) -> int:
    """Print what is wrong."""
    for line in found:
        print(line)
    print(f"{len(found)} problems with the Dutch" if found else "The Dutch is complete.")
    return 1 if found else 0


def _files() -> Iterator[Path]:
    for pattern in ("*.py", "*.html", "*.txt"):
        for file in sorted(BASE.rglob(pattern)):
            parts = file.relative_to(BASE).parts
            if LEFT_OUT.isdisjoint(parts) and (file.suffix == ".py" or parts[0] == "templates"):
                yield file


def _extracted(file: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    source = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        yield from extract("python", BytesIO(source.encode()), keywords=KEYWORDS)
    else:  # templatize leaves calls of gettext() between crosses; JavaScript's rules read them line by line
        yield from extract("javascript", BytesIO(templatize(source).encode()), keywords=KEYWORDS)


def _is_whole(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


def _wrong_placeholders(message: Message) -> Iterator[str]:
    english = message.id if isinstance(message.id, (tuple, list)) else [message.id]
    dutch = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    wanted = {name for text in english for name in PLACEHOLDER.findall(text or "")}
    for text in dutch:
        if extra := set(PLACEHOLDER.findall(text or "")) - wanted:
            yield f"the Dutch of {english[0]!r} names {sorted(extra)}, the English does not"
    if missing := wanted - set(PLACEHOLDER.findall(dutch[-1] or "")):
        yield f"the Dutch of {english[0]!r} lacks {sorted(missing)}"


if __name__ == "__main__":
    sys.exit(main())
