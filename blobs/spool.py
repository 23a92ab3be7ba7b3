"""Bytes that come in pieces, held until they are stored without filling memory with them."""

import hashlib
import io
import logging
import tempfile
import weakref

logger = logging.getLogger(__name__)

MOST_IN_MEMORY = 1024 * 1024


class Spool:
    """Read like bytes: it has a length, and `spool[start:end]` gives bytes. Its digest is made on the way.

    What is more than 1 MB goes to a file without a name, which is gone with the spool. Where there is no
    place for such a file it stays in memory: a full disk is no reason to take no mail.
    """

    def __init__(self, beginning: bytes = b"") -> None:
        self._file: io.BytesIO | io.FileIO = io.BytesIO()
        self._size, self._digest, self._may_move = 0, hashlib.sha256(), True
        self.add(beginning)

    def add(self, piece: bytes | bytearray) -> None:
        """Put a piece at the end."""
        if self._may_move and self._size + len(piece) > MOST_IN_MEMORY:
            self._move_to_file()
        try:
            _write(self._file, piece, start=self._size)
        except OSError as error:
            self._move_back(error)
            _write(self._file, piece, start=self._size)
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
        self._may_move = False
        try:
            file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  (it is closed with the spool)
            weakref.finalize(self, file.close)
            _write(file, self[:], start=0)
        except OSError as error:
            logger.warning("no file for a big mail, it stays in memory: %s", error)
        else:
            self._file = file

    def _move_back(self, error: OSError) -> None:
        logger.warning("no room for a big mail, it goes to memory: %s", error)
        file, self._file = self._file, io.BytesIO(self[:])
        file.close()


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
