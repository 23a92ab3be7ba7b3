"""Keys and addresses made of Dutch names; what has one keeps it, whatever it is called later."""

from collections.abc import Collection

from django.utils.text import slugify


def new_key(name: str, *, taken: Collection[str], otherwise: str, most: int) -> str:
    """A key of this name that is not taken, at most so long; of a name without letters `otherwise`."""
    first = slugify(name)[:most].strip("-") or otherwise
    key, number = first, 1
    while key in taken:
        number += 1
        tail = f"-{number}"
        key = f"{first[: most - len(tail)]}{tail}"
    return key


def new_slug(name: str, *, taken: Collection[str]) -> str:
    """The address of a form of this name."""
    return new_key(name, taken=taken, otherwise="vraag", most=60)
