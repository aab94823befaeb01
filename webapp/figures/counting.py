"""Counting what happens in this process, and summing it with what the others have counted."""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable
from threading import Lock

from webapp.figures.board import Board
from webapp.figures.families import COUNTED, PROCESSES, Family, Gauge

Key = tuple[str, tuple[str, ...]]
Counted = dict[Key, list[float]]
Now = dict[str, float]
# So many combinations of labels each family has at most; what comes after counts together.
MOST_SERIES = 1000
OTHER = "other"


class Figures:
    """What one process counts, as one of several that share a `board`, or alone.

    One that takes the place of another goes on from its figures: a counter that falls would look like a new start.
    """

    def __init__(self, place: int = 0, board: Board | None = None) -> None:
        self._place = place
        self._board = board
        self._changing = Lock()
        self._counted: Counted = read(board.read(place))[0] if board else {}
        self._series = {family.name: sum(name == family.name for name, _ in self._counted) for family in COUNTED}
        self._shown: dict[str, Callable[[], float]] = {PROCESSES.name: lambda: 1}

    def count(self, family: Family, *labels: str) -> None:
        """Count one more."""
        with self._changing:
            self._values(family, labels, 1)[0] += 1

    def time(self, family: Family, seconds: float, *labels: str) -> None:
        """Count something by how long it took."""
        with self._changing:
            # One for each bound, one for what takes longer, and the sum of all.
            values = self._values(family, labels, len(family.bounds) + 2)
            values[bisect_left(family.bounds, seconds)] += 1
            values[-1] += seconds

    def show(self, gauge: Gauge, read_now: Callable[[], float]) -> None:
        """Let a gauge be read whenever figures are asked for."""
        self._shown[gauge.name] = read_now

    def publish(self) -> None:
        """Let the other processes know."""
        if self._board is not None:
            self._board.write(self._place, self._written())

    def all(self) -> tuple[Counted, Now]:
        """The sums of what all processes have published, and this one has now."""
        if self._board is None:
            return summed([read(self._written())])
        self.publish()
        return summed(read(self._board.read(place)) for place in range(self._board.places))

    def _values(self, family: Family, labels: tuple[str, ...], length: int) -> list[float]:
        key = (family.name, labels)
        if key not in self._counted:
            if self._series[family.name] >= MOST_SERIES:
                key = (family.name, (OTHER,) * len(labels))
            self._series[family.name] += 1
        return self._counted.setdefault(key, [0.0] * length)

    def _written(self) -> bytes:
        with self._changing:
            counted = [[name, labels, list(values)] for (name, labels), values in self._counted.items()]
        # Another thread may begin to show something meanwhile.
        now = {name: read_now() for name, read_now in list(self._shown.items())}
        return json.dumps({"counted": counted, "now": now}).encode()


def read(text: bytes) -> tuple[Counted, Now]:
    """What a process has published; nothing where it has not yet."""
    if not text:
        return {}, {}
    published = json.loads(text)
    return {(name, tuple(labels)): values for name, labels, values in published["counted"]}, published["now"]


def summed(published: Iterable[tuple[Counted, Now]]) -> tuple[Counted, Now]:
    """The sums of what several processes have published."""
    counted: Counted = {}
    now: Now = {}
    for each, gauges in published:
        for key, values in each.items():
            counted[key] = [a + b for a, b in zip(counted.get(key, [0.0] * len(values)), values, strict=True)]
        for name, value in gauges.items():
            now[name] = now.get(name, 0.0) + value
    return counted, now
