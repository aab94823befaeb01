"""The key that Slipway makes for itself: whole or not there at all, and one for all who start at once."""

import os
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from webapp.settings import Settings, SettingsError
from webapp.storage import open_storage

START = "import sys; from webapp.storage import *; keys_beside(address_in(f'sqlite:///{sys.argv[1]}/slipway.db'))"
# What fits on the disk: less than a key.
LEFT = 10
STARTERS = 8


def keys(folder: Path) -> tuple[str, ...]:
    """The keys of a Slipway whose database is in the folder."""
    with open_storage(Settings(database_url=f"sqlite:///{folder}/slipway.db")) as storage:
        return storage.secret_keys


def test_a_full_disk_leaves_no_key_and_the_next_start_makes_one(tmp_path: Path) -> None:
    failed = subprocess.run(
        [sys.executable, "-B", "-c", START, str(tmp_path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (LEFT, LEFT)),
        capture_output=True,
        check=False,
    )
    assert (failed.returncode, b"File too large" in failed.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []
    (key,) = keys(tmp_path)
    assert (len(key), keys(tmp_path)) == (64, (key,))


def test_all_who_start_at_once_have_the_same_key(tmp_path: Path) -> None:
    begin = Barrier(STARTERS)

    def start(folder: Path) -> tuple[str, ...]:
        begin.wait(60)
        return keys(folder)

    with ThreadPoolExecutor(STARTERS) as starters:
        for number in range(100):
            folder = tmp_path / str(number)
            folder.mkdir()
            (key,) = set(starters.map(start, [folder] * STARTERS))
            assert [path.name for path in folder.iterdir()] == ["secret-key"]
            assert (folder / "secret-key").read_text() == key[0]


# What a key's file may hold and be none.
NO_KEYS = {
    "nothing": b"",
    "a line end": b"\n",
    "a part of a key": b"k" * 15,
    "blanks": b" " * 64,
    "zero bytes": bytes(64),
    "no text": b"\xff" * 64,
}


@pytest.mark.parametrize("held", NO_KEYS.values(), ids=NO_KEYS)
def test_a_file_that_holds_no_key_refuses_the_start_in_a_sentence(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "secret-key"
    path.write_bytes(held)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "BUDDY_"))}
    ended = subprocess.run(
        [sys.executable, "-m", "webapp", "serve"],
        env=inherited | {"BUDDY_TOKEN": "token", "SLIPWAY_DATABASE_URL": f"sqlite:///{tmp_path}/slipway.db"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (
        1,
        f"Slipway did not start: {path} must hold a secret key of at least 16 characters: put the one back that was "
        "in it, or, if nothing was ever kept with it, remove the file, and a new one is made\n",
    )
    assert path.read_bytes() == held


@pytest.mark.parametrize("held", NO_KEYS.values(), ids=NO_KEYS)
def test_a_setting_from_a_file_that_holds_no_key_refuses_the_start_too(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(held)
    with pytest.raises(SettingsError, match="^SLIPWAY_SECRET_KEY"):
        Settings.from_environ({"SLIPWAY_SECRET_KEY_FILE": str(path)})
