"""Whether texts match an administrator's patterns, found out where it costs a third of a second at most.

A regular expression may take hours over a text that was made for it, and holds up all other work meanwhile:
it is tried in a standing child. What can't be found out there holds nobody up.
"""

import json
import logging
import re
from collections.abc import Sequence
from typing import Final

from work.child import Child, Failed, Limits, NoChild

logger = logging.getLogger(__name__)

CHILD: Final = Child(limits=Limits(cpu_seconds=0.3, wall_seconds=5, memory_bytes=256 * 1024 * 1024))


def match_all(texts: Sequence[tuple[str, str]]) -> list[bool]:
    """Whether each `(pattern, text)` matches as a whole; so it does where nobody can say."""
    try:
        results = CHILD.work("webforms.matching:matches", [json.dumps(each).encode() for each in texts])
    except NoChild:
        logger.warning("no child to try %s patterns of a form in", len(texts))
        return [True] * len(texts)
    for (pattern, _text), result in zip(texts, results, strict=True):
        if isinstance(result, Failed):
            logger.warning("the pattern %r of a form could not be tried: %s", pattern, result.reason)
    return [isinstance(result, Failed) or bool(result) for result in results]


def matches(data: bytes) -> bool:
    """In the child: the JSON of a pattern and a text. A pattern that is none raises."""
    pattern, text = json.loads(data)
    return re.fullmatch(pattern, text) is not None
