"""The ticks of a list: they are no form's fields, but say of each row which ticket is chosen."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

TICK = (
    '<label class="pick"><input type="checkbox" name="t" value="{}" form="bulk" autocomplete="off">'
    '<span class="visually-hidden">{} {}</span></label>'
)
ALL = (
    '<label class="check bulk__all"><input type="checkbox" name="all" autocomplete="off"> {}'
    '<span class="visually-hidden"> {}</span></label>'
)


def tick_cell(value: str, *, word: str, number: str) -> SafeString:
    """The box of a row, in its cell."""
    return format_html('<td class="c-pick">{}</td>', tick_box(value, word=word, number=number))


def tick_box(value: str, *, word: str, number: str) -> SafeString:
    """The box of what is one ticket."""
    return format_html(TICK, value, word, number)


def tick_all(*, word: str, where: str) -> SafeString:
    """The box of all rows of a page."""
    return format_html(ALL, word, where)
