"""The editor's tool bar: its buttons and menus as tables, its HTML made once for each language.

What a text may look like is chosen out of a few values, which mail programs show and which can be read by
day; the script lets no other leave.
"""

from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

SIGNS = "€£½¼¾°±×÷²³§©®™…–—•→←✓✗áàäéèêëïíóöúüçñßµΩ"
"""What few keyboards have, and Dutch mails about groups, fields and camps need."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A button: what the script does at it, in words, and its icon, else the letter of its tag.

    With a `tag` it is pressed while the cursor stands in one; without, it only does something once.
    """

    does: str
    word: str | Promise
    tag: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """A choice: what the script does with it, its name, and its values with their words.

    A value is what a style or a tag has; the empty one takes it away again. `shown` stands there where the
    menu only puts something in.
    """

    does: str
    word: str | Promise
    values: tuple[tuple[str, str | Promise], ...]
    shown: str = ""


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

MENUS: tuple[Menu, ...] = (
    Menu(
        "block",
        _("Format"),
        (("P", _("Paragraph")), ("H1", _("Heading 1")), ("H2", _("Heading 2")), ("H3", _("Heading 3"))),
    ),
    Menu(
        "font-family",
        _("Font"),
        (
            ("", pgettext_lazy("font", "Usual")),
            ("Arial, sans-serif", "Arial"),
            ("Georgia, serif", "Georgia"),
            ('"Times New Roman", serif', "Times New Roman"),
            ('"Courier New", monospace', "Courier New"),
        ),
    ),
    Menu(
        "font-size",
        _("Size"),
        (
            ("", pgettext_lazy("size", "Usual")),
            ("12px", _("Small")),
            ("20px", _("Large")),
            ("28px", _("Very large")),
        ),
    ),
    Menu(
        "color",
        _("Colour"),
        (
            ("", pgettext_lazy("colour", "Usual")),
            ("#6b6b6b", _("Grey")),
            ("#b3261e", _("Red")),
            ("#a04d00", _("Orange")),
            ("#2e6b2f", _("Green")),
            ("#1f5fa8", _("Blue")),
            ("#6d3fa0", _("Purple")),
        ),
    ),
    Menu("sign", _("Special character"), tuple((sign, sign) for sign in SIGNS), shown="Ω"),
)
"""The menus, which stand in a second row; what they are called is the manual's."""


@cache
def toolbar(language: str, *, with_images: bool = True) -> SafeString:
    """The tool bar in a language; kept for good, as each form with a text shows it unchanged."""
    sets = [[tool for tool in tools if with_images or tool.does != "image"] for tools in TOOLS]
    with override(language):
        return render_to_string("desk/writing/_toolbar.html", {"sets": sets, "menus": MENUS})
