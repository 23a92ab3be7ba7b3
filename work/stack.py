"""Room for deep calls, taken from the system once instead of at every call.

CPython keeps the frames of its functions in pieces of 16 KB, and gives a piece back as soon as its last frame
is left. A loop that happens to run where a piece ends asks for a new one at each call and gives it back: ten
microseconds each time, by which the queue overview took 1.7 times as long (measured). Whom it hits changes
with every layer that is put on top of a page. A frame that is larger than a piece gets one of its own size,
rounded up to a power of two, and all that it calls has the rest of that.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")

FRAME_WORDS = 40_000
"""320 KB, so that the piece is one of 512 KB, of which 192 KB are left: several hundred calls. Of what
is never used the system gives only the address.
"""


def with_room(call: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """What the call gives; it and all that it calls have room for their frames."""
    return call(*args, **kwargs)


with_room.__code__ = with_room.__code__.replace(co_stacksize=FRAME_WORDS)
