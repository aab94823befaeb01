"""A short run of `make fuzz`."""

import subprocess
import sys
from pathlib import Path

SEED, COUNT, RUNS = 20261124, 60, 15


def test_nothing_is_created_twice_wrong_or_lost_whenever_slipway_is_killed() -> None:
    chosen = {"--seed": SEED, "--count": COUNT, "--runs": RUNS}
    command = [sys.executable, str(Path(__file__).with_name("fuzz.py"))]
    command += [str(part) for option in chosen.items() for part in option]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    kinds = ("duplicate that nobody was told of", "wrong state", "acknowledged and lost", "a secret")
    for kind in (*kinds, "run doubled", "run lost", "run wrong", "run's secret"):
        assert f"{kind}: 0\n" in ended.stdout
