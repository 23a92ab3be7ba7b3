"""What mail programs put before the subject of an answer; no Django here.

Where OTRS knows one reply word, we know those of the mail programs people use: a chain of 'Antw: Re: FW:'
would else grow with every answer.
"""

import re

_WORDS = "re|aw|antw|antwoord|sv|vs|rép|fwd?|wg|tr|doorst|doorgestuurd"
REPLY_CHAIN = re.compile(
    rf"\A\s*(?:(?:{_WORDS})\s*(?:\[[0-9]{{1,3}}\]|\([0-9]{{1,3}}\))?\s*:\s*)+", re.IGNORECASE
)
