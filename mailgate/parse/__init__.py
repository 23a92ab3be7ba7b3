"""A mail's bytes to plain values that can be stored: no Django, no database, no settings, no exceptions."""

from mailgate.parse.message import parse_mail
from mailgate.parse.parsed import Address, ParsedAttachment, ParsedMail, UnreadableMail

__all__ = ["Address", "ParsedAttachment", "ParsedMail", "UnreadableMail", "parse_mail"]
