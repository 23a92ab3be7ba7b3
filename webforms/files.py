"""The files of a form that is not sent yet: they hang on its token, so that none is to be chosen twice."""

import mimetypes
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from blobs.sizes import size_in_words
from blobs.spool import Spool
from blobs.store import store_many
from tickets.actions.uploads import clean_name
from tickets.changing.articles import StoredFile
from tickets.changing.written import FILES_MOST
from webforms.models import SubmissionFile
from webforms.spec import FormSpec, Kind

UNSENT_MOST: Final = 2 * 2**30
"""Bytes of all forms together that are not sent: whoever only fills the disk finds an end."""
UNKNOWN_TYPE: Final = "application/octet-stream"
BEGINNINGS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "application/pdf": (b"%PDF-",),
}
"""How a file begins that is what it is called: a browser's own word for it is not asked."""

Files = Mapping[str, Sequence["UploadedFile[bytes]"]]
"""Key of a field → what came for it."""


class TooMuchError(Exception):
    """The files of a form are too many or too large; nothing of what came now was kept. Has its sentence."""


def kept_of(token: UUID) -> dict[str, list[SubmissionFile]]:
    """The files of a form by the keys of their fields, in the order in which they came."""
    kept: dict[str, list[SubmissionFile]] = defaultdict(list)
    for row in SubmissionFile.objects.filter(token=token).select_related("blob").order_by("pk"):
        kept[row.field].append(row)
    return dict(kept)


def file_keys(spec: FormSpec) -> list[str]:
    """The keys of the fields for files."""
    return [field.key for field in spec.fields if field.kind is Kind.FILE]


def drop(token: UUID, gone: Collection[int]) -> None:
    """Forget these files of a form; those of another are left alone."""
    SubmissionFile.objects.filter(token=token, pk__in=gone).delete()


@dataclass(frozen=True, slots=True)
class _Coming:
    """A file that came, held until it is kept."""

    field: str
    name: str
    content_type: str
    data: Spool

    @property
    def same(self) -> tuple[str, str, bytes]:
        """What is alike of the same file."""
        return self.field, self.name, self.data.sha256


@transaction.atomic
def keep(token: UUID, files: Files, *, most: int, now: datetime) -> None:
    """Keep what came for a form, whose files may have `most` bytes; the same file twice is one.

    Raises `TooMuchError`; of what is too much by itself nothing is read.
    """
    sizes = [file.size or 0 for of_field in files.values() for file in of_field]
    _require_room(sizes, most=most)
    coming = {each.same: each for each in _held(files)}
    here = list(SubmissionFile.objects.filter(token=token).select_related("blob"))
    known = {(row.field, row.name, bytes(row.blob.sha256)) for row in here}
    new = [each for same, each in coming.items() if same not in known]
    _require_room([*(row.size for row in here), *(len(each.data) for each in new)], most=most)
    _require_room_for_all(sum(len(each.data) for each in new))
    blobs = store_many(each.data for each in new)
    SubmissionFile.objects.bulk_create(
        (
            SubmissionFile(
                token=token,
                field=each.field,
                blob=blob,
                name=each.name,
                content_type=each.content_type,
                size=blob.size,
                created=now,
            )
            for each, blob in zip(new, blobs, strict=True)
        ),
        ignore_conflicts=True,
    )


def _require_room(sizes: Sequence[int], *, most: int) -> None:
    if sum(sizes) > most or len(sizes) > FILES_MOST:
        said = _(
            "All files together may have %(most)s, and there may be %(n)s of them. "
            "Choose fewer or smaller ones."
        )
        raise TooMuchError(said % {"most": size_in_words(most), "n": FILES_MOST})


def _require_room_for_all(size: int) -> None:
    """One statement, over what is not sent yet."""
    if (SubmissionFile.objects.aggregate(all=Sum("size"))["all"] or 0) + size > UNSENT_MOST:
        raise TooMuchError(
            _("We can take no files at this moment. Send the form without them, or try again tomorrow.")
        )


def _held(files: Files) -> Iterator[_Coming]:
    for key, of_field in files.items():
        for file in of_field:
            yield _Coming(key, *read_file(file))


def read_file(file: "UploadedFile[bytes]") -> tuple[str, str, Spool]:
    """A file that came: its clean name, what it is, and its bytes, held without filling memory with them."""
    spool = Spool()
    for piece in file.chunks():
        spool.add(piece)
    name = clean_name(file.name or "")
    return name, type_of(name, beginning=spool[:16]), spool


def type_of(name: str, *, beginning: bytes) -> str:
    """What a file is called, as far as its beginning does not say otherwise."""
    guessed = mimetypes.guess_type(name)[0] or UNKNOWN_TYPE
    lies = guessed in BEGINNINGS and not beginning.startswith(BEGINNINGS[guessed])
    return UNKNOWN_TYPE if lies else guessed


def stored(files: Collection[SubmissionFile]) -> tuple[StoredFile, ...]:
    """The files as an article takes them."""
    return tuple(
        StoredFile(blob=file.blob, name=file.name, content_type=file.content_type, size=file.size)
        for file in files
    )
