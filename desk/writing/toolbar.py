"""The editor's tool bar: its buttons as a table, its HTML made once for each language."""

from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override


@dataclass(frozen=True, slots=True)
class Tool:
    """A button: what the script does at it, in words, and its icon, else the letter of its tag.

    With a `tag` it is pressed while the cursor stands in one; without, it only does something once.
    """

    does: str
    word: str | Promise
    tag: str = ""
    icon: str = ""


TOOLS: tuple[tuple[Tool, ...], ...] = (
    (
        Tool("bold", _("Bold"), tag="B"),
        Tool("italic", _("Italic"), tag="I"),
        Tool("underline", _("Underline"), tag="U"),
        Tool("strikethrough", _("Strike through"), tag="S"),
    ),
    (
        Tool("list", _("List"), tag="UL", icon="ul"),
        Tool("numbers", _("Numbered list"), tag="OL", icon="ol"),
        Tool("quote", _("Quote"), tag="BLOCKQUOTE", icon="quote"),
        Tool("link", _("Link"), tag="A", icon="link"),
        Tool("image", _("Image"), icon="image"),
    ),
    (
        Tool("undo", _("Undo"), icon="undo"),
        Tool("clear", _("Clear formatting"), icon="clear"),
    ),
)
"""The buttons, set by set."""


@cache
def toolbar(language: str, *, with_images: bool = True) -> SafeString:
    """The tool bar in a language; kept for good, as each form with a text shows it unchanged."""
    sets = [[tool for tool in tools if with_images or tool.does != "image"] for tools in TOOLS]
    with override(language):
        return render_to_string("desk/writing/_toolbar.html", {"sets": sets})
