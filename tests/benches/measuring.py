"""Taking times, and printing figures."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from support.server import Served


def alternate(rounds: int, *tasks: Callable[[], object], clock: Callable[[], float] = perf_counter) -> list[float]:
    """Do the tasks in turn, once to warm up and then so many rounds; gives each one's median seconds."""
    in_turn(tasks, clock)
    seconds = [in_turn(tasks, clock) for _ in range(rounds)]
    return [median(taken) for taken in zip(*seconds, strict=True)]


def in_turn(tasks: Sequence[Callable[[], object]], clock: Callable[[], float]) -> list[float]:
    """Do the tasks in turn, once; gives each one's seconds."""
    seconds = []
    for task in tasks:
        begin = clock()
        task()
        seconds.append(clock() - begin)
    return seconds


@dataclass(frozen=True)
class Figure:
    """What was measured of one revision, as it is printed."""

    what: str
    figure: str
    aim: str = ""


def show(what: str, figure: str, aim: str = "", before: str = "") -> None:
    """Print one line at once, since the next may take a while."""
    print(f"{what:<52}{figure:>20}   {aim:<10}{before:>20}".rstrip(), flush=True)


def show_beside(revisions: Sequence[Sequence[Figure]]) -> None:
    """Print the figures of the first revision, each beside that of the older one, where one is measured."""
    for now, *before in zip(*revisions, strict=True):
        show(now.what, now.figure, now.aim, *(each.figure for each in before))


def milliseconds(seconds: float) -> str:
    """Seconds, as a figure."""
    return f"{seconds * 1000:.1f} ms"


def megabytes(count: int) -> str:
    """Bytes, as a figure."""
    return f"{count / 1e6:.1f} MB" if count else "needs /proc"


def computed(served: Served) -> float:
    """How many seconds of a processor a Slipway has used, with all its processes; 0 where the system does not tell."""
    parent = served.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children")
    if not children.exists():
        return 0.0
    ticks = 0
    for process in (str(parent), *children.read_text().split()):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
