"""Which files of a mail its HTML shows; as what is shown nowhere is listed, this alone decides both."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol, TypeVar

from richtext.addresses import content_id_of, content_key
from richtext.shallow import MAX_DEPTH
from richtext.tokens import END, IMAGE, START, VOID, attributes_of, tokens

IMAGE_TYPES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""What a browser may show in place, and what can stand in a text; any other file is there to be kept."""
_DOT_SIDES = frozenset({"0", "1", "2", "0px", "1px", "2px", "0%"})
_NO_SIZE = re.compile(
    r"(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*(?:[012](?:px)?|[01]%)\s*(?:;|!|$)", re.IGNORECASE
)
_NO_BOX = re.compile(r"(?:^|;)\s*display\s*:\s*none", re.IGNORECASE)


class _File(Protocol):
    """A file of a mail; its content-id may be '' or None."""

    @property
    def content_type(self) -> str: ...
    @property
    def content_id(self) -> str | None: ...


File = TypeVar("File", bound=_File)


def shown_images(html: str, files: Iterable[File], *, is_clean: bool = True) -> dict[str, File]:
    """The files that this HTML shows, by their `content_key`; of several of one id the first.

    `is_clean`: whether the HTML was cleaned, and can be read in fewer steps.
    """
    images: dict[str, File] = {}
    for file in files:
        if (key := content_key(file.content_id or "")) and file.content_type in IMAGE_TYPES:
            images.setdefault(key, file)
    lower = html.lower() if images else ""
    if not images or (is_clean and "cid:" not in lower):
        return {}
    if is_clean and "none" not in lower:
        named = {_named(image[1]) for image in IMAGE.finditer(html)}
    else:
        named = set(_named_in_sight(html))
    return {key: file for key, file in images.items() if key in named}


def is_unseen(attributes: Mapping[str, str]) -> bool:
    """Whether nobody sees an image of these attributes: it is a dot, as counts readers, or hidden."""
    style = attributes.get("style", "")
    sides = (attributes.get(side, "").strip() for side in ("width", "height"))
    return any(side in _DOT_SIDES for side in sides) or bool(_NO_SIZE.search(style) or _NO_BOX.search(style))


def _named(written: str) -> str:
    """The content-id, as `content_key` has it, of an image that a reader sees; else ''."""
    attributes = attributes_of(written)
    return "" if is_unseen(attributes) else content_id_of(attributes.get("src", ""))


def _named_in_sight(html: str) -> Iterator[str]:
    """The same of all images that stand in nothing that is hidden."""
    hidden: list[str] = []  # the outermost element without a box, and what is open inside it
    for kind, name, written in tokens(html):
        if kind == START and name == "img" and not hidden:
            yield _named(written)
        elif kind == START and name not in VOID:
            has_no_box = "none" in written.lower() and _NO_BOX.search(attributes_of(written).get("style", ""))
            if (hidden or has_no_box) and len(hidden) < MAX_DEPTH:
                hidden.append(name)
        elif kind == END and name in hidden:
            while hidden.pop() != name:
                pass
