"""`make bench`: how fast Slipway is, beside what it aims at. It prints figures and judges nothing.

Whatever is divided is measured side by side in one run, in alternating rounds, and stands for itself with its median:
so a figure says more about Slipway than about the computer. What is left of the computer in it is told by an older
revision beside it: `make bench FROM=…` measures the start, the memory, the form, submits and crowds of both, in turn.
"""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

from benches.answers import measure_answers
from benches.crowds import measure_crowds
from benches.encrypted import measure_encrypted
from benches.growth import measure_growth
from benches.lists import measure_lists
from benches.logs import measure_logs
from benches.measuring import show
from benches.parsers import measure_parsers
from benches.revisions import measure_revisions
from benches.tags import measure_tags
from benches.upstream import Control, upstream_process
from benches.waiting import measure_waiting
from support.revisions import THIS, check_out


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="older", metavar="REVISION", help="an older revision to measure beside this one")
    chosen = parser.parse_args()
    begin = perf_counter()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slipway-bench-")))
        upstream = Control(stack.enter_context(upstream_process()))
        older = check_out(chosen.older, folder / "older") if chosen.older else None
        show("What", "Measured", "Aim", chosen.older or "")
        measure_revisions(upstream, folder, [THIS, older] if older else [THIS])
        measure_encrypted(folder)
        measure_crowds(upstream, folder, older)
        measure_lists(upstream, folder)
        measure_waiting(folder)
    measure_answers()
    measure_parsers()
    measure_logs()
    measure_tags()
    measure_growth()
    print(f"\nMeasured in {perf_counter() - begin:.0f} s.")


if __name__ == "__main__":
    main()
