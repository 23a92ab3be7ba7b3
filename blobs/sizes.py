"""How large something is, in words."""

from django.utils.formats import number_format

UNITS = ("kB", "MB", "GB", "TB")
STEP = 1024
LONGEST = 1000
"""More of a unit than three digits is less than one of the next."""
EXACT = 10
"""From so many on nobody asks for tenths."""


def size_in_words(size: int) -> str:
    """A number of bytes as people say it: '39 kB', '2,5 MB', '20 MB'."""
    if size < LONGEST:
        return f"{size} B"
    amount, unit = size / STEP, 0
    while round(amount) >= LONGEST and unit + 1 < len(UNITS):
        amount, unit = amount / STEP, unit + 1
    shown = round(amount, 1) if unit and amount < EXACT else round(amount)  # Django only cuts off
    return f"{number_format(shown, 1 if shown % 1 else 0)} {UNITS[unit]}"
