"""The operator's chores, as commands."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, update
from support import faults
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.clock import Clock
from support.rigs import Rig, open_rig
from support.teams import open_team

from webapp.store.models import Submission

OLD, NEW = "the old key of the tests", "the new key of the tests"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A Slipway whose send got no answer."""
    buddy = StubBuddy(faults.read_then_close)
    rig = open_rig(tmp_path, buddy, Clock())
    rig.send()
    rig.parts.close()
    yield rig
    buddy.close()


def command(rig: Rig, *words: str | Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SLIPWAY_", "BUDDY_"))}
    own = {
        "BUDDY_TOKEN": "token-of-the-tests",
        "BUDDY_API_ENDPOINT": rig.buddy.url,
        "SLIPWAY_DATABASE_URL": rig.parts.settings.database_url or "",
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "webapp", *map(str, words)],
        env=inherited | own | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def make_due(rig: Rig, url: str = "") -> None:
    engine = create_engine(url or rig.parts.settings.database_url or "")
    with engine.begin() as connection:
        connection.execute(update(Submission).values(next_look=datetime.now(UTC) - timedelta(seconds=1)))
    engine.dispose()


def test_reconcile_looks_for_what_is_due_and_says_what_it_found(rig: Rig) -> None:
    make_due(rig)
    ended = command(rig, "reconcile")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "Run tests: Added, found by looking.\nLooked for 1.\n"
    assert command(rig, "reconcile").stdout == "Nothing is due.\n"


def test_reconcile_says_what_is_there_while_another_attempt_of_it_is_looked_for(rig: Rig) -> None:
    earlier = [{"attempt": 1, "sent_at": int(rig.clock().timestamp() * 1000), "seen_at": None, "seen": [1]}]
    engine = create_engine(rig.parts.settings.database_url or "")
    with engine.begin() as connection:
        connection.execute(update(Submission).values(state="created", action_id=1, attempts=2, earlier=earlier))
    engine.dispose()
    make_due(rig)
    ended = command(rig, "reconcile")
    assert (ended.returncode, ended.stdout) == (0, "Run tests: Added.\nLooked for 1.\n"), ended.stderr


def test_reconcile_says_why_it_could_not_look(rig: Rig) -> None:
    make_due(rig)
    rig.buddy.readable = False
    ended = command(rig, "reconcile")
    assert ended.stdout.startswith("Run tests: Not known yet. Buddy has a problem of its own.")


def test_keys_are_rotated_and_a_wrong_one_is_refused_in_one_sentence(rig: Rig) -> None:
    key = Path(rig.parts.settings.database_url.removeprefix("sqlite:///")).with_name("secret-key").read_text()
    wrong = command(rig, "serve", SLIPWAY_SECRET_KEY=NEW)
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (1, "", 1)
    assert wrong.stderr.startswith("Slipway did not start: SLIPWAY_SECRET_KEY")
    rotated = command(rig, "rotate-keys", SLIPWAY_SECRET_KEY=f"{NEW},{key}")
    assert (rotated.returncode, rotated.stderr) == (0, "")
    assert rotated.stdout.startswith("0 secrets are sealed with the first key now.")
    assert command(rig, "reconcile", SLIPWAY_SECRET_KEY=NEW).returncode == 0
    refused = command(rig, "rotate-keys", SLIPWAY_SECRET_KEY=key)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith("No key was changed: ")


@pytest.mark.parametrize(
    ("typed", "words"), [({}, "1 secret is"), ({"variables__0__key": "A"}, "2 secrets are")], ids=["one", "two"]
)
def test_how_many_secrets_are_sealed_anew_is_said_in_plain_words(
    rig: Rig, tmp_path: Path, typed: dict[str, str], words: str
) -> None:
    running = open_rig(tmp_path, rig.buddy, Clock())
    variable = {"variables__0__value": "canary", "variables__0__encrypted": "true"} if typed else {}
    running.send(image_source="credentials", login="me", password="canary", **typed, **variable)
    running.parts.close()
    assert command(rig, "rotate-keys").stdout.startswith(f"{words} sealed with the first key now.")


@pytest.fixture
def elsewhere(rig: Rig, tmp_path: Path) -> dict[str, str]:
    """The settings of a Slipway in another folder, with a copy of the key."""
    (tmp_path / "elsewhere").mkdir()
    key = tmp_path / "secret-key"
    return {
        "SLIPWAY_DATABASE_URL": f"sqlite:///{tmp_path}/elsewhere/slipway.db",
        "SLIPWAY_SECRET_KEY_FILE": str(key),
    }


def test_a_backup_of_a_running_slipway_is_restored_elsewhere_and_the_search_goes_on_there(
    rig: Rig, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    file = tmp_path / "backup.db"
    running = open_rig(tmp_path, rig.buddy, Clock())
    backed_up = command(rig, "backup", file)
    running.parts.close()
    assert (backed_up.returncode, backed_up.stderr) == (0, "")
    assert backed_up.stdout == (
        f"{file} has everything but the secret key (submissions and drafts: 1).\n"
        f"Keep {tmp_path}/secret-key in another place.\n"
    )
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("backup")] == ["backup.db"]
    restored = command(rig, "restore", file, **elsewhere)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert restored.stdout == (
        f"{tmp_path}/elsewhere/slipway.db is as it was in {file}. Everybody has to sign in again.\n"
    )
    make_due(rig, elsewhere["SLIPWAY_DATABASE_URL"])
    looked = command(rig, "reconcile", **elsewhere)
    assert looked.stdout.startswith("Run tests: Added, found by looking.")
    assert rig.buddy.writes == 1


def test_who_was_disabled_after_the_backup_is_not_signed_in_by_its_restore(rig: Rig, tmp_path: Path) -> None:
    def start() -> Rig:
        return open_team(tmp_path, upstream, Clock())

    upstream, file = StubBuddy(answer=AS_DOCUMENTED), tmp_path / "backup.db"
    team = start()
    ada = team.hired("ada")
    team.parts.close()
    assert command(rig, "backup", file).returncode == 0
    assert command(rig, "restore", file, "--force").returncode == 0
    again = start()
    ada.client.application = again.app
    assert ada.get("/submissions").heading == "Sign in"
    assert again.deeds[-1] == ("Slipway", "restored a backup", None)
    again.parts.close()
    upstream.close()


def test_a_database_that_is_there_is_not_restored_over_but_kept(rig: Rig, tmp_path: Path) -> None:
    file, database = tmp_path / "backup.db", tmp_path / "slipway.db"
    command(rig, "backup", file)
    refused = command(rig, "restore", file)
    assert refused.returncode == 1
    assert refused.stderr == (
        f"Nothing was restored: there is a database at {database} already: with --force it is kept beside the new one\n"
    )
    running = open_rig(tmp_path, rig.buddy, Clock())
    in_use = command(rig, "restore", file, "--force")
    running.parts.close()
    assert (in_use.returncode, in_use.stderr) == (
        1,
        "Nothing was restored: Slipway is running on this database: stop it first\n",
    )
    forced = command(rig, "restore", file, "--force")
    assert forced.returncode == 0
    (kept,) = tmp_path.glob("slipway.db.*Z")
    assert f"The database that was there is {kept} now." in forced.stdout
    for path in (kept, database):
        engine = create_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            assert connection.scalar(select(func.count()).select_from(Submission)) == 1
        engine.dispose()


def test_when_there_is_no_room_to_restore_the_database_stays_as_it_was(rig: Rig, tmp_path: Path) -> None:
    command(rig, "backup", tmp_path / "backup.db")
    before = sorted(path.name for path in tmp_path.iterdir())
    with no_file_larger_than(40_000):
        ended = command(rig, "restore", tmp_path / "backup.db", "--force")
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert ended.stderr.startswith(f"Nothing was restored: {tmp_path}/backup.db can't be copied: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    make_due(rig)
    assert "Looked for 1." in command(rig, "reconcile").stdout


def test_a_damaged_database_is_kept_and_a_backup_takes_its_place(rig: Rig, tmp_path: Path) -> None:
    file, database = tmp_path / "backup.db", tmp_path / "slipway.db"
    command(rig, "backup", file)
    damaged = database.read_bytes()[:100] + b"damaged" * 1000
    database.write_bytes(damaged)
    restored = command(rig, "restore", file, "--force")
    assert (restored.returncode, restored.stderr) == (0, "")
    (kept,) = tmp_path.glob("slipway.db.*Z")
    assert kept.read_bytes() == damaged
    assert f"The database that was there is {kept} now." in restored.stdout
    make_due(rig)
    assert "Looked for 1." in command(rig, "reconcile").stdout


NOT_COPIED = {
    "a damaged one": (b"damaged" * 1000, "can't be copied: file is not a database"),
    "an empty one": (b"", "holds nothing of Slipway's"),
}


@pytest.mark.parametrize(("content", "message"), NOT_COPIED.values(), ids=NOT_COPIED)
def test_what_is_no_database_of_slipways_is_not_backed_up(
    rig: Rig, tmp_path: Path, content: bytes, message: str
) -> None:
    database = tmp_path / "slipway.db"
    database.write_bytes(content)
    ended = command(rig, "backup", tmp_path / "backup.db")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"No backup was made: {database} {message}\n"
    assert not list(tmp_path.glob("backup.db*"))


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let no file that the commands write grow beyond so many bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_backup_is_not_written_over_another(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "backup.db").write_text("precious")
    ended = command(rig, "backup", tmp_path / "backup.db")
    assert (ended.returncode, "is there already" in ended.stderr) == (1, True)
    assert (tmp_path / "backup.db").read_text() == "precious"


NO_BACKUPS = {
    "a text": (b"not a database", "is no backup of Slipway's"),
    "nothing": (None, "there is no file"),
    "an empty file": (b"", "is no backup of Slipway's"),
}


@pytest.mark.parametrize(("content", "message"), NO_BACKUPS.values(), ids=NO_BACKUPS)
def test_what_is_no_backup_is_refused_and_nothing_changes(
    rig: Rig, tmp_path: Path, elsewhere: dict[str, str], content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "backup.db").write_bytes(content)
    ended = command(rig, "restore", tmp_path / "backup.db", **elsewhere)
    assert (ended.returncode, message in ended.stderr, ended.stderr.count("\n")) == (1, True, 1)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_backup_is_restored_only_with_its_own_key(rig: Rig, tmp_path: Path, elsewhere: dict[str, str]) -> None:
    command(rig, "backup", tmp_path / "backup.db")
    (tmp_path / "secret-key").write_text(NEW)
    ended = command(rig, "restore", tmp_path / "backup.db", **elsewhere)
    assert (ended.returncode, "is not the key that this database was written with" in ended.stderr) == (1, True)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_after_a_rollback_a_newer_database_is_refused_in_words_and_not_touched(rig: Rig, tmp_path: Path) -> None:
    command(rig, "backup", tmp_path / "backup.db")
    for name in ("slipway.db", "backup.db"):
        engine = create_engine(f"sqlite:///{tmp_path}/{name}")
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        engine.dispose()
    for words in (["serve"], ["reconcile"], ["restore", tmp_path / "backup.db", "--force"]):
        ended = command(rig, *words)
        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
        assert "was written by a newer version of Slipway (its tables are 9999)" in ended.stderr
    assert not list(tmp_path.glob("slipway.db.*Z"))


def test_who_runs_slipway_is_given_a_link_for_an_administrator_and_where_there_are_none_is_told_so(rig: Rig) -> None:
    made = command(rig, "administrator-link", SLIPWAY_SIGN_IN="password")
    assert (made.returncode, made.stderr) == (0, "")
    words = "This link works once, for three days, for a new administrator: http://127.0.0.1:8000/invitations/"
    assert made.stdout.startswith(words)
    nobody = command(rig, "administrator-link", "ada", SLIPWAY_SIGN_IN="password")
    assert (nobody.returncode, nobody.stderr.count("\n")) == (1, 1)
    assert nobody.stderr.startswith("No link was made: ada is no administrator who may sign in with a password.")
    off = command(rig, "administrator-link")
    assert (off.returncode, off.stderr.count("\n")) == (1, 1)
    assert off.stderr.startswith("No link was made: nobody signs in with a password here (SLIPWAY_SIGN_IN)")


def test_check_says_what_is_unsafe_and_fails_or_that_nothing_is(rig: Rig) -> None:
    safe = command(rig, "check")
    assert (safe.returncode, safe.stdout) == (0, "Nothing unsafe was found in the settings.\n")
    unsafe = command(rig, "check", SLIPWAY_URL="http://desk.example.com")
    assert (unsafe.returncode, unsafe.stderr) == (1, "")
    assert "set SLIPWAY_URL to its https address." in unsafe.stdout
    wrong = command(rig, "check", SLIPWAY_PORT="x")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("The settings can't be used: SLIPWAY_PORT must be a whole number")


def test_migrate_makes_the_tables_and_ends_or_says_why_not(rig: Rig, tmp_path: Path) -> None:
    fresh = {"SLIPWAY_DATABASE_URL": f"sqlite:///{tmp_path}/fresh.db"}
    for _ in range(2):
        ended = command(rig, "migrate", **fresh)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "The tables are up to date.\n", "")
    engine = create_engine(fresh["SLIPWAY_DATABASE_URL"])
    with engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(Submission)) == 0
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    refused = command(rig, "migrate", **fresh)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert refused.stderr.startswith("The tables were not brought up to date: the database was written by a newer")
