"""What a long log takes: to be read, to be held for its page, and to be explained."""

import gc
import tracemalloc
from time import process_time

from benches.measuring import alternate, megabytes, milliseconds, show
from webapp.runs.failures import cause_of
from webapp.runs.masks import Masks
from webapp.runs.run_views import Tail

LINES, PAGE = 50_000, 1000
ROUNDS = 3
SECRETS = [f"a secret of some length {number}" for number in range(50)]
PLAIN = "\x1b[32m{:>6}\x1b[0m  INFO  com.example.shop.Importer  read 128 rows of table orders in 14 ms"
# As long as Buddy makes them, and a colour for each letter.
HEAVY = "".join(f"\x1b[3{number % 6 + 1}mé" for number in range(333))


def measure_logs() -> None:
    """A log as tools write it, and one that is as heavy as can be."""
    half, whole = alternate(ROUNDS, lambda: follow(PLAIN, LINES // 2), lambda: follow(PLAIN, LINES), clock=process_time)
    show(f"A log of {LINES:,} lines, read and masked", milliseconds(whole))
    show("  2 × lines ÷ 1 ×", f"{whole / half:.2f}", "≈ 2")
    for what, line in (("what of it is held", PLAIN), ("what is held of lines in many colours", HEAVY)):
        show(f"  {what}", megabytes(memory_of(line)))
    (explained,) = alternate(ROUNDS, lambda: cause_of(["'" * 480 + " Permission denied"] * LINES, "FAILED"))
    show("Why it has failed, where nothing fits", milliseconds(explained))


def follow(line: str, count: int) -> Tail:
    """Read so many lines, a page at a time."""
    tail = Tail(Masks(SECRETS))
    for first in range(0, count, PAGE):
        tail.add(first, (line.format(number) for number in range(first, first + PAGE)))
    return tail


def memory_of(line: str) -> int:
    """What is held of a log of such lines, in bytes."""
    gc.collect()
    tracemalloc.start()
    tail = follow(line, PAGE * 5)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert tail.lines()
    return held
