"""The thread that an answer of ours belongs to, as mail programs know it."""

from tickets.models import Article

REFERENCES_MOST = 20


def references_to(answered: Article | None) -> str:
    """The references of the article that is answered, and its own Message-ID (RFC 5322, 3.6.4)."""
    if answered is None:
        return ""
    ids = [*answered.references.split(), *([answered.message_id] if answered.message_id else [])]
    ids = list(dict.fromkeys(ids))
    return " ".join(ids if len(ids) <= REFERENCES_MOST else ids[:1] + ids[-REFERENCES_MOST + 1 :])
