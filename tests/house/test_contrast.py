"""Colours that can be told apart in light, dark and more contrast (WCAG 2.2, 1.4.3 and 1.4.11).

A browser looks at each screen in two looks only; what colours stand on one another is looked at here, in all.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parent.parent.parent / "static" / "css"
TOKENS = re.sub(r"/\*.*?\*/", "", (CSS / "tokens.css").read_text(encoding="utf-8"), flags=re.DOTALL)

COLOUR = re.compile(r"--kvv-([\w-]+):\s*(?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));")
NAMED = re.compile(r"--kvv-([\w-]+):\s*(?:light-dark\(|#|rgb)")
FRONT = re.compile(r"(?<![\w-])color:\s*var\(--kvv-([\w-]+)\)")
BACK = re.compile(r"background(?:-color)?:\s*var\(--kvv-([\w-]+)\)")
RULE = re.compile(r"\{([^{}]*)\}")

MORE = ':root:is([data-skin="contrast"], :has(> .skin-contrast))'
MODES = {
    "light": (0, ":root", 4.5, 3.0),
    "dark": (1, ":root", 4.5, 3.0),
    "light, more contrast": (0, MORE, 7.0, 4.5),
    "dark, more contrast": (1, MORE, 7.0, 4.5),
}
"""Which half of a colour, the block that has it, and the least contrast of letters and of marks."""

SURFACES = "page surface head"
ROWS = "row-hover row-picked row-warning row-escalated"
LETTERS = {
    "ink": f"{SURFACES} sunken {ROWS} accent-soft info-soft age-2 age-3",
    "ink-2": f"{SURFACES} sunken {ROWS} accent-soft note-soft warn-soft info-soft",
    "ink-3": f"{SURFACES} {ROWS} accent-soft note-soft",
    "link": f"{SURFACES} {ROWS} info-soft good-soft warn-soft bad-soft",
    "link-hover": f"{SURFACES} {ROWS} info-soft good-soft warn-soft bad-soft",
    "accent-ink": f"{SURFACES} {ROWS} accent-soft",
    "bad-ink": f"{SURFACES} bad-soft row-escalated row-picked row-hover",
    "warn-ink": f"{SURFACES} warn-soft row-warning row-picked row-hover",
    "good-ink": f"{SURFACES} good-soft",
    "info-ink": f"{SURFACES} info-soft",
    "note-ink": f"{SURFACES} note-soft",
    "mark-ink": "mark",
    "accent-on": "accent-fill accent-press",
    "bad-on": "bad-fill",
    "surface": "ink-2",
    "bar-ink": "bar menu menu-hover",
    "bar-ink-2": "bar menu menu-hover",
}
MARKS = {
    "line-strong": SURFACES,
    "accent": "bar menu",
    "accent-fill": f"{SURFACES} row-picked row-warning row-escalated",
    "focus": f"{SURFACES} row-picked accent-soft note-soft warn-soft info-soft",
    "focus-bar": "bar menu",
    **dict.fromkeys(("prio-1", "prio-2", "prio-4", "prio-5", "chart-1", "chart-2"), "surface"),
    **dict.fromkeys(("art-customer", "art-agent", "art-system"), "surface head"),
    "art-note": "surface head note-soft",
    **dict.fromkeys(
        ("info-ink", "note-ink", "good-ink", "ink-3"), "surface row-picked row-escalated row-warning"
    ),
}
NOBODY_READS = {
    "line", "line-soft", "bar-line", "accent-line", "good-line", "warn-line", "bad-line", "info-line",
    "note-line", "paper", "scrim", "shadow-color",
}  # fmt: skip
"""Frames and grounds that say nothing which is not said without them."""


def block(opening: str, css: str = TOKENS) -> dict[str, tuple[str, str]]:
    """The colours of the first block that opens so: name → by day, by night."""
    body = css.split(f"{opening} {{", 1)[1].split("}", 1)[0]
    return {name: (day or both, night or both) for name, day, night, both in COLOUR.findall(body)}


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(front: str, back: str) -> float:
    dark, light = sorted((luminance(front), luminance(back)))
    return (light + 0.05) / (dark + 0.05)


def pairs(table: dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((front, back) for front, backs in table.items() for back in backs.split())


def too_close(colours: dict[str, str], table: dict[str, str], least: float) -> list[str]:
    """The pairs whose contrast is less."""
    seen = {(front, back): contrast(colours[front], colours[back]) for front, back in pairs(table)}
    return [f"{front} on {back}: {ratio:.2f}" for (front, back), ratio in seen.items() if ratio < least]


@pytest.mark.parametrize("mode", MODES)
def test_all_that_is_read_stands_out(mode: str) -> None:
    half, opening, letters, marks = MODES[mode]
    colours = {name: values[half] for name, values in (block(":root") | block(opening)).items()}
    assert too_close(colours, LETTERS, letters) + too_close(colours, MARKS, marks) == []


def test_more_contrast_is_the_same_whether_the_system_asks_for_it_or_the_agent() -> None:
    asked = TOKENS.split("(prefers-contrast: more) {", 1)[1]
    assert block(":root", asked) == block(MORE)


def test_every_colour_stands_on_something_here() -> None:
    looked_at = {name for table in (LETTERS, MARKS) for pair in pairs(table) for name in pair}
    assert set(NAMED.findall(TOKENS)) == looked_at | NOBODY_READS


def test_what_a_rule_puts_on_something_is_looked_at() -> None:
    rules = [rule for file in CSS.rglob("*.css") for rule in RULE.findall(file.read_text(encoding="utf-8"))]
    together = {
        (front, back) for rule in rules for front in FRONT.findall(rule) for back in BACK.findall(rule)
    }
    assert ("accent-on", "accent-fill") in together
    assert together - set(pairs(LETTERS)) == set()


def test_grey_on_grey_would_be_seen() -> None:
    """The control; black on white is 21 by definition."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert too_close({"ink": "#777777", "page": "#ffffff"}, {"ink": "page"}, 4.5) == ["ink on page: 4.48"]
