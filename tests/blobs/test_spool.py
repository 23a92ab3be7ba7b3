"""A spool: what it gives is what came, whether in memory or in a file."""

import hashlib
import resource
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blobs.models import PART_BYTES, Blob
from blobs.spool import MOST_IN_MEMORY, NoRoomError, Spool, digest_of
from blobs.store import read_bytes, store_many

PIECE = bytes(range(251)) * 2000


def filled(*pieces: bytes) -> Spool:
    spool = Spool()
    for piece in pieces:
        spool.add(piece)
    return spool


def open_files(folder: Path) -> int:
    """How many files of that folder this process has open, those without a name among them."""
    links = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sum(link.startswith(str(folder)) for link in links)


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """As on a disk that gets full: a file can't grow beyond that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 1, MOST_IN_MEMORY, MOST_IN_MEMORY + 1, 3 * MOST_IN_MEMORY])
def test_it_reads_like_bytes(size: int) -> None:
    data = (PIECE * 10)[:size]
    spool = filled(data[:700], data[700:], b"")
    assert (len(spool), spool[:], digest_of(spool)) == (size, data, digest_of(data))
    for part in (slice(0, 5), slice(size - 3, size + 9), slice(9, 2), slice(-5, None), slice(size, None)):
        assert spool[part] == data[part]


def test_it_can_be_added_to_after_it_was_read() -> None:
    spool = filled(PIECE, PIECE, PIECE)
    assert spool[3:7] == PIECE[3:7]
    spool.add(b"end")
    assert (spool[:], spool.sha256) == (PIECE * 3 + b"end", hashlib.sha256(PIECE * 3 + b"end").digest())


def test_its_file_has_no_name_and_is_gone_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spool = filled(PIECE, PIECE, PIECE)
    assert (open_files(tmp_path), list(tmp_path.iterdir())) == (1, [])
    del spool
    assert open_files(tmp_path) == 0


def test_where_no_file_can_be_made_nothing_is_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(NoRoomError, match="no room"):
        filled(*[PIECE] * 5)


@pytest.mark.parametrize("room", [0, PART_BYTES, len(PIECE) * 3 + 5000])
def test_on_a_full_disk_it_does_not_go_to_memory(
    room: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN
    with no_file_over(room), pytest.raises(NoRoomError, match=str(tmp_path)):
        filled(*[PIECE] * 6)
    assert open_files(tmp_path) == 0


@pytest.mark.django_db
def test_it_is_stored_like_bytes_and_equal_ones_once() -> None:
    spool, again, small = filled(*[PIECE] * 4), filled(PIECE * 2, PIECE * 2), filled(b"small")
    blobs = store_many([spool, PIECE * 4, again, small, b""])
    assert [read_bytes(blob.pk) for blob in blobs] == [PIECE * 4] * 3 + [b"small", b""]
    assert (len({blob.pk for blob in blobs}), Blob.objects.count()) == (3, 3)
    assert [blob.size for blob in blobs] == [len(PIECE) * 4] * 3 + [5, 0]
