"""A form's identity: a signed token that its page carries, in the place of a session and of any cookie.

It says which form it is, in which version, when it was made, and a random number, by which a form that is
sent twice is one. It is signed for this alone: no other token of KVV is one, and it is no other. Its page can
stand in a frame on another site, where browsers send no cookies.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer

from webforms.models import FormVersion

PURPOSE = "webforms.form"
BETWEEN = "."
HOLDS_FOR = timedelta(hours=24)
QUICKEST = timedelta(seconds=3)
"""Nobody reads a form and fills it in sooner."""
DIGEST_MOST = 12


class UnknownFormError(Exception):
    """Not one of ours: made up, cut, or signed for another form, for something else, or by a lost key."""


@dataclass(frozen=True, slots=True)
class Identity:
    """`category`, `version`: their ids; `digest`: how the version's begins; `token`: the random number."""

    category: int
    version: int
    digest: str
    made: datetime
    token: uuid.UUID

    @property
    def signed(self) -> str:
        """As its page carries it."""
        made = round(self.made.timestamp() * 1000)
        return _signer().sign_object([self.category, self.version, self.digest, made, self.token.hex])

    def is_of(self, version: FormVersion) -> bool:
        """Whether it was made of this version, and of what stands in it now."""
        return self.version == version.pk and version.digest.startswith(self.digest)

    def is_over(self, *, now: datetime) -> bool:
        """Whether it was made more than a day ago."""
        return now - self.made >= HOLDS_FOR

    def is_too_new(self, *, now: datetime) -> bool:
        """Whether no person can have filled the form in since."""
        return now - self.made < QUICKEST

    def anew(self, version: FormVersion, *, now: datetime) -> "Identity":
        """The same form, whose files hang on it, as it is now."""
        return replace(identity_of(version, now=now), token=self.token)


def identity_of(version: FormVersion, *, now: datetime) -> Identity:
    """That of a form that somebody has just opened."""
    digest = version.digest[:DIGEST_MOST]
    return Identity(version.category_id, version.pk, digest, made=now, token=uuid.uuid4())


def read_identity(signed: str, *, category: int) -> Identity:
    """What a token of ours says that was made for this category; raises `UnknownFormError`."""
    try:
        made_for, version, digest, made, token = _signer().unsign_object(signed)
    except BadSignature as error:
        raise UnknownFormError from error
    if made_for != category:
        raise UnknownFormError
    return Identity(category, version, digest, datetime.fromtimestamp(made / 1000, UTC), uuid.UUID(token))


def _signer() -> Signer:
    return Signer(salt=PURPOSE, sep=BETWEEN)
