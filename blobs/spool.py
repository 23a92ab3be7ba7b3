"""Bytes that come in pieces, held until they are stored without filling memory with them."""

import hashlib
import io
import tempfile
import weakref

MOST_IN_MEMORY = 1024 * 1024


class NoRoomError(Exception):
    """The file that big data waits in can't be made or can't grow; the text says why."""


class Spool:
    """Read like bytes: it has a length, and `spool[start:end]` gives bytes. Its digest is made on the way.

    What is more than 1 MB goes to a file without a name, which is gone with the spool. Where there is no
    place for such a file nothing is held: a stranger who fills the disk must not fill memory next.
    """

    def __init__(self, beginning: bytes = b"") -> None:
        self._file: io.BytesIO | io.FileIO = io.BytesIO()
        self._size, self._digest, self._is_file = 0, hashlib.sha256(), False
        self.add(beginning)

    def add(self, piece: bytes | bytearray) -> None:
        """Put a piece at the end; raises `NoRoomError`, after which the spool is of no use."""
        try:
            if not self._is_file and self._size + len(piece) > MOST_IN_MEMORY:
                self._move_to_file()
            _write(self._file, piece, start=self._size)
        except OSError as error:
            self._file.close()
            raise NoRoomError(
                f"no room for a big mail in the folder {tempfile.gettempdir()}: {error}"
            ) from error
        self._digest.update(piece)
        self._size += len(piece)

    @property
    def sha256(self) -> bytes:
        """The digest of all that came so far."""
        return self._digest.digest()

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, end, _step = part.indices(self._size)
        self._file.seek(start)
        return self._file.read(max(end - start, 0))

    def _move_to_file(self) -> None:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  (it is closed with the spool)
        weakref.finalize(self, file.close)
        _write(file, self[:], start=0)
        self._file, self._is_file = file, True


Data = bytes | Spool


def digest_of(data: Data) -> bytes:
    """The SHA-256 of the data."""
    return data.sha256 if isinstance(data, Spool) else hashlib.sha256(data).digest()


def _write(file: io.BytesIO | io.FileIO, piece: bytes | bytearray, *, start: int) -> None:
    """Write the whole piece: the last one before the disk is full may be written in part."""
    file.seek(start)
    with memoryview(piece) as left:
        done = 0
        while done < len(left):
            done += file.write(left[done:])
