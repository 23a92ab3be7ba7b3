"""What every mail that was read must be, whatever its bytes were."""

from dataclasses import fields

from mailgate.parse import Address, ParsedAttachment, ParsedMail

LIMITS = {"subject": 998, "from_text": 1000, "message_id": 500, "text": 1_000_000, "html": 1_000_000}


def assert_storable(mail: ParsedMail) -> None:
    """Every text goes into a database: no NUL, no lone surrogate, within its column."""
    for field in fields(mail):
        value = getattr(mail, field.name)
        for one in value if isinstance(value, tuple) else (value,):
            _assert_one(field.name, one)
    assert len(mail.references) <= 100
    assert len(mail.attachments) <= 200
    assert mail.date is None or mail.date.tzinfo is not None
    names = [file.name.lower() for file in mail.attachments]
    assert len(names) == len(set(names))


def _assert_one(name: str, value: object) -> None:
    if isinstance(value, str):
        assert_text(value, limit=LIMITS.get(name, 500))
    elif isinstance(value, Address):
        assert_text(value.name, limit=320)
        assert_text(value.address, limit=320)
        assert value.address == value.address.lower()
        assert "@" in value.address
    elif isinstance(value, ParsedAttachment):
        assert_text(value.name, limit=200)
        assert_text(value.content_type, limit=150)
        assert_text(value.content_id or "", limit=500)
        assert value.name
        assert not set(value.name) & set("/\\\n\u202e")


def assert_text(text: str, *, limit: int) -> None:
    """What any column of text takes."""
    text.encode("utf-8")
    assert "\x00" not in text
    assert len(text) <= limit
