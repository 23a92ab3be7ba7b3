"""Codes of what was repaired or cut while a mail was read; they stand in `ParsedMail.notes`, each once."""

from typing import Final

ADDRESSES_CUT: Final = "addresses-cut"  # more than 1,000 addresses in a header
ATTACHMENTS_CUT: Final = "attachments-cut"  # more than 200 files
BODY_CUT: Final = "body-cut"  # text or HTML of more than 1,000,000 characters
CHARSET_GUESSED: Final = "charset-guessed"  # no charset, an unknown one, or one that does not fit
DATE_BROKEN: Final = "date-broken"
ENCODING_BROKEN: Final = "encoding-broken"  # base64 or uuencode with bytes missing, or not encoded at all
FROM_MISSING: Final = "from-missing"  # or without any address
HEADERS_BROKEN: Final = "headers-broken"  # lines that are no header, or no header at all
ID_SHORTENED: Final = "id-shortened"  # a Message-ID of more than 500 characters
NESTING_CUT: Final = "nesting-cut"  # parts too deep, kept as a file that can be opened
PARTS_CUT: Final = "parts-cut"  # more than 500 parts
STRUCTURE_BROKEN: Final = "structure-broken"  # a multipart without its boundary
