"""What `make` starts."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Stands in for Slipway, and says which port it was given.
SLIPWAY = '#!/bin/sh\necho "$1 on ${SLIPWAY_PORT-the usual port}"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.txt", "pyproject.toml", ".venv/bin/python", ".venv/bin/slipway", ".venv/ready"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(SLIPWAY)
        (tmp_path / name).chmod(0o700)
    return tmp_path


@pytest.mark.parametrize(
    ("settings", "typed", "port"),
    [
        ({}, [], "the usual port"),
        ({"SLIPWAY_PORT": "8701"}, [], "8701"),
        ({}, ["PORT=8001"], "8001"),
        ({"PORT": "8001"}, [], "8001"),
        ({"PORT": "8001", "SLIPWAY_PORT": "8701"}, [], "8701"),
        ({"SLIPWAY_PORT": "8701"}, ["PORT=8001"], "8001"),
    ],
    ids=["none", "the setting", "behind make", "before make", "the setting and another program's", "both"],
)
def test_make_run_takes_the_port_that_was_asked_for(
    checkout: Path, settings: dict[str, str], typed: list[str], port: str
) -> None:
    inherited = {name: value for name, value in os.environ.items() if name not in ("PORT", "SLIPWAY_PORT", "MAKEFLAGS")}
    ended = subprocess.run(
        ["make", "--no-print-directory", "run", *typed],
        cwd=checkout,
        env=inherited | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout == f"serve on {port}\n"
