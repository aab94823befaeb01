"""Memory that several processes share, since it was there before they were forked: each writes a text, all read all."""

from mmap import mmap
from struct import Struct
from zlib import crc32

# Of one text, and of its head: how long it is, and its checksum. Memory that nobody has written to takes none.
ROOM = 1024 * 1024
HEAD = Struct("<II")


class Board:
    """A place for each of so many processes. Nobody waits: a text is written beside the one before, then it counts."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._memory = mmap(-1, places * (2 * ROOM + 1))

    def write(self, place: int, text: bytes) -> None:
        """Put a text in one's own place. Raises `ValueError` for one that has no room."""
        if len(text) > ROOM - HEAD.size:
            raise ValueError(f"a text of {len(text)} bytes has no room on the board")
        begin = self._begin(place)
        half = 1 - self._memory[begin]
        at = begin + 1 + half * ROOM
        self._memory[at : at + HEAD.size + len(text)] = HEAD.pack(len(text), crc32(text)) + text
        self._memory[begin] = half

    def read(self, place: int) -> bytes:
        """The text in a place; empty where there is none, or its process died while it wrote the first."""
        begin = self._begin(place)
        # While one half is read the other may come to count, and this one be written again: once more, then.
        for _ in range(3):
            at = begin + 1 + self._memory[begin] * ROOM
            length, checksum = HEAD.unpack(self._memory[at : at + HEAD.size])
            text = self._memory[at + HEAD.size : at + HEAD.size + min(length, ROOM)]
            if crc32(text) == checksum:
                return text
        return b""

    def _begin(self, place: int) -> int:
        return place * (2 * ROOM + 1)
