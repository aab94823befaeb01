"""Taking times, and printing figures."""

from collections.abc import Callable
from statistics import median
from time import perf_counter


def alternate(rounds: int, *tasks: Callable[[], object], clock: Callable[[], float] = perf_counter) -> list[float]:
    """Do the tasks in turn, once to warm up and then so many rounds; gives each one's median seconds."""
    seconds: list[list[float]] = [[] for _ in tasks]
    for number in range(rounds + 1):
        for task, taken in zip(tasks, seconds, strict=True):
            begin = clock()
            task()
            if number:
                taken.append(clock() - begin)
    return [median(taken) for taken in seconds]


def show(what: str, figure: str, aim: str = "") -> None:
    """Print one line at once, since the next may take a while."""
    print(f"{what:<52}{figure:>20}   {aim}".rstrip(), flush=True)


def milliseconds(seconds: float) -> str:
    """Seconds, as a figure."""
    return f"{seconds * 1000:.1f} ms"


def megabytes(count: int) -> str:
    """Bytes, as a figure."""
    return f"{count / 1e6:.1f} MB" if count else "needs /proc"
