"""A secret in Python: what is kept of it, and the value only for who asks by name."""

from dataclasses import dataclass
from typing import Self

from vault.keys import seal, unseal


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """`kept` is what may stand in the database. A log, a page or a traceback shows dots."""

    kept: str = ""

    @classmethod
    def of(cls, value: str) -> Self:
        """Seal a value."""
        return cls(seal(value))

    def reveal(self) -> str:
        """The value; raises `UnreadableSecretError`."""
        return unseal(self.kept)

    def __bool__(self) -> bool:
        return bool(self.kept)

    def __str__(self) -> str:
        return "••••" if self.kept else ""

    def __repr__(self) -> str:
        return f"<Secret {self}>"
