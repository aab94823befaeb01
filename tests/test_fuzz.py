"""A short run of `make fuzz`."""

import subprocess
import sys
from pathlib import Path

SEED, COUNT = 20261124, 60


def test_nothing_is_created_twice_wrong_or_lost_whenever_slipway_is_killed() -> None:
    command = [sys.executable, str(Path(__file__).with_name("fuzz.py")), "--seed", str(SEED), "--count", str(COUNT)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for kind in ("duplicate that nobody was told of", "wrong state", "acknowledged and lost", "a secret"):
        assert f"{kind}: 0\n" in ended.stdout
