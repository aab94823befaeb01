"""Backups that end in the middle, that are made twice at once, or that meet what is left of another database."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

# Ends the program, as a kill does, when it is about to change the names of files for the Nth time.
KILLED = """
import os, sys
from webapp.__main__ import main
left = int(sys.argv.pop(1))
def watch(event, _):
    global left
    if event in ("os.rename", "os.link", "os.remove"):
        left -= 1
        if left == 0:
            os._exit(9)
sys.addaudithook(watch)
main()
"""
# Waits, once the file that it copies into is there, until something is on its standard input.
SLOW = """
import sys
from webapp.__main__ import main
waited = False
def watch(event, arguments):
    global waited
    if event == "sqlite3.connect" and ".part" in str(arguments[0]) and not waited:
        waited = True
        print("copies", flush=True)
        sys.stdin.readline()
sys.addaudithook(watch)
main()
"""


def run(folder: Path, *words: str | Path, program: tuple[str, ...] = ("-m", "webapp")) -> tuple[int, str]:
    """How a command ends that has its database in the folder, and what it says."""
    ended = subprocess.run(
        [sys.executable, *program, *map(str, words)],
        env=settings(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def settings(folder: Path) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SLIPWAY_", "BUDDY_"))}
    return inherited | {
        "BUDDY_TOKEN": "token-of-the-tests",
        "SLIPWAY_DATABASE_URL": f"sqlite:///{folder}/slipway.db",
        "SLIPWAY_SECRET_KEY": "the key of these tests",
    }


def sign_in(database: Path, who: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "INSERT INTO sessions (key, id, account, begun_at, seen_at, browser) VALUES (?, ?, ?, 0, 0, '')", [who] * 3
        )


def signed_in(database: Path) -> set[str]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {key for (key,) in connection.execute("SELECT key FROM sessions")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where somebody signed in, a backup was made, and somebody else signed in."""
    run(tmp_path, "migrate")
    sign_in(tmp_path / "slipway.db", "before")
    assert run(tmp_path, "backup", tmp_path / "backup.db")[0] == 0
    sign_in(tmp_path / "slipway.db", "after")
    return tmp_path


def write_and_die(database: Path, who: str) -> None:
    """What is left of a Slipway that was killed: what it has written last is not in the database's file yet."""
    program = (
        "import os, sqlite3, sys; database, who = sys.argv[1:]; "
        "connection = sqlite3.connect(database, isolation_level=None); "
        "connection.execute('PRAGMA journal_mode=WAL').fetchone(); "
        "connection.execute('INSERT INTO sessions (key, id, account, begun_at, seen_at, browser) '"
        "'VALUES (?, ?, ?, 0, 0, ?)', [who, who, who, '']); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", program, str(database), who], check=False, timeout=60)
    assert database.with_name(f"{database.name}-wal").stat().st_size


def test_a_restore_that_is_killed_leaves_what_was_there_or_the_backup_with_everybody_signed_out(folder: Path) -> None:
    database, ends = folder / "slipway.db", []
    for number in range(1, 100):
        code, _ = run(folder, number, "restore", folder / "backup.db", "--force", program=("-c", KILLED))
        ends.append(code)
        there = signed_in(database)
        assert there in ({"before", "after"}, set())
        if not there:
            (kept,) = folder.glob("slipway.db.*Z")
            assert signed_in(kept) == {"before", "after"}
        if code == 0:
            break
        if not there:
            run(folder, "restore", kept, "--force")
            sign_in(database, "before")
            sign_in(database, "after")
        for kept in folder.glob("slipway.db.*Z*"):
            kept.unlink()
    assert (ends[0], ends[-1], len(ends) > 3) == (9, 0, True)


@pytest.mark.parametrize("damaged", [False, True], ids=["gone", "damaged"])
def test_what_was_written_last_into_another_database_does_not_get_into_the_restored_one(
    folder: Path, damaged: bool
) -> None:
    database, written = folder / "slipway.db", folder / "slipway.db-wal"
    write_and_die(database, "last")
    content = written.read_bytes()
    if damaged:
        database.write_bytes(b"damaged" * 1000)
    else:
        database.rename(folder / "away.db")
        told = f"Nothing was restored: there is {written}, which holds what was written last into a database that was"
        assert run(folder, "restore", folder / "backup.db") == (
            1,
            f"{told} there: with --force it is kept beside the new one\n",
        )
        assert (database.exists(), written.read_bytes()) == (False, content)
    code, told = run(folder, "restore", folder / "backup.db", "--force")
    assert (code, signed_in(database)) == (0, set())
    (kept,) = folder.glob("slipway.db.*Z-wal")
    assert kept.read_bytes() == content
    assert f"The database that was there is {kept.with_name(kept.name.removesuffix('-wal'))} now." in told


def test_of_two_backups_to_one_place_at_once_one_is_made_and_it_is_whole(folder: Path) -> None:
    program = [sys.executable, "-c", SLOW, "backup", str(folder / "twice.db")]
    with subprocess.Popen(
        program, env=settings(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as slow:
        assert slow.stdout
        assert slow.stdout.readline() == "copies\n"
        assert run(folder, "backup", folder / "twice.db")[0] == 0
        _, told = slow.communicate("\n", timeout=60)
    assert told == (
        f"No backup was made: {folder}/twice.db is there already, and a backup is not written over: choose another "
        "name\n"
    )
    assert signed_in(folder / "twice.db") == {"before", "after"}
    assert sorted(path.name for path in folder.glob("twice*")) == ["twice.db"]


def test_a_backup_that_can_not_be_put_where_it_should_be_is_told_of_in_one_sentence(folder: Path) -> None:
    told = f"No backup was made: nothing can be written into {folder}/gone: No such file or directory\n"
    assert run(folder, "backup", folder / "gone" / "backup.db") == (1, told)


@pytest.mark.parametrize("command", ["migrate", "backup", "rotate-keys", "begin-anew"])
def test_a_command_without_the_settings_of_a_slipway_does_not_say_that_it_did_anything(
    command: str, tmp_path: Path
) -> None:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SLIPWAY_", "BUDDY_"))}
    words = [command, str(tmp_path / "backup.db")] if command == "backup" else [command]
    ended = subprocess.run(
        [sys.executable, "-m", "webapp", *words],
        env=inherited,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.endswith(
        ": on its sandbox Slipway keeps nothing: run this with the settings that it serves with\n"
    )


@pytest.mark.parametrize("command", ["rotate-keys", "begin-anew"])
def test_a_command_that_finds_no_database_makes_none_and_does_not_say_that_it_did_anything(
    command: str, tmp_path: Path
) -> None:
    code, told = run(tmp_path, command)
    assert (code, told.endswith(f": there is no database at {tmp_path}/slipway.db\n")) == (1, True)
    assert not list(tmp_path.iterdir())


def test_a_folder_may_be_called_anything(tmp_path: Path) -> None:
    home = tmp_path / "a? b#ü=%41"
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SLIPWAY_", "BUDDY_"))}
    own = {"XDG_DATA_HOME": str(home), "BUDDY_TOKEN": "token-of-the-tests"}
    for words in (["migrate"], ["backup", str(home / "b.db")], ["restore", "--force", str(home / "b.db")]):
        program = [sys.executable, "-m", "webapp", *words]
        ended = subprocess.run(program, env=inherited | own, capture_output=True, text=True, timeout=60, check=False)
        assert (ended.returncode, ended.stderr) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == [home.name]
    assert signed_in(home / "slipway" / "slipway.db") == set()
