"""What packages say in our Dutch: Django's and allauth's own sentences, as KVV would say them.

Ours win: Django asks `LOCALE_PATHS` before the packages. They stand in locale/nl/LC_MESSAGES/packages/, a
file for each `Package`: only those that need another Dutch than the package gives them, or have none there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "locale" / "nl" / "LC_MESSAGES" / "packages"


@dataclass(frozen=True, slots=True)
class Package:
    """Sentences of a package: its module, the folders in it that have a `locale`, and who reads them."""

    module: str
    folders: tuple[str, ...] = ("",)
    domain: str = "django"

    def said(self, language: str) -> Iterator[Catalog]:
        """What the installed package says in a language, a catalogue for each folder."""
        installed = Path(str(files(self.module)))
        for folder in self.folders:
            texts = installed / folder / "locale" / language / "LC_MESSAGES" / f"{self.domain}.po"
            yield read_texts(texts, language=language)


DJANGO = ("conf", "contrib/admin", "contrib/auth")
PACKAGES = {
    "django": Package("django", folders=DJANGO),
    "djangojs": Package("django", folders=("contrib/admin",), domain="djangojs"),
    "allauth": Package("allauth"),
}
"""Name of the file with our Dutch, without '.po' → whose sentences these are."""


@cache
def overrides() -> dict[str, Catalog]:
    """Our Dutch, by the name of the package."""
    return {name: read_texts(FOLDER / f"{name}.po", language="nl") for name in PACKAGES}


def stale(name: str, ours: Catalog) -> Iterator[str]:
    """What the installed package does not say any more, so that our Dutch of it reaches nobody."""
    said = list(PACKAGES[name].said("en"))
    for message in ours:
        if message.id and not any(_says(catalog, message) for catalog in said):
            yield f"packages/{name}.po: the package does not say {message.id!r} any more"


def read_texts(file: Path, *, language: str) -> Catalog:
    """The texts of a file; raises `PoFileError` where it can't be read."""
    with file.open("rb") as opened:
        return read_po(opened, locale=language, abort_invalid=True)


def _says(catalog: Catalog, ours: Message) -> bool:
    """Whether just this is said, of a text with a plural both."""
    said = catalog.get(ours.id, ours.context)
    return said is not None and said.id == ours.id
