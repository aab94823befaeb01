"""Which databases Slipway takes, and that what opens one is told nowhere."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.server import free_port

from webapp.store.engines import UnusableAddress, address_of

CANARY = "canary-of-the-database"
WITHOUT_DRIVER = "import sys; sys.modules['psycopg'] = None; from webapp.cli import main; main(['{}'])"


@pytest.mark.parametrize("driver", ["postgresql", "postgresql+psycopg"])
def test_postgresql_is_used_by_psycopg(driver: str) -> None:
    url = address_of(f"{driver}://slipway:secret@db.example.com/slipway")
    assert (url.drivername, url.password) == ("postgresql+psycopg", "secret")


QUESTION_MARK = "behind it stands nothing but timeout=<seconds>"
NO_FILE = "must name a file, as sqlite:////var/lib/slipway.db does"
# An address → the end of the sentence that refuses it.
REFUSED = {
    f"mysql://slipway:{CANARY}@127.0.0.1/slipway": "Slipway can use no other database",
    f"mariadb+pymysql://slipway:{CANARY}@127.0.0.1/slipway": "Slipway can use no other database",
    f"postgresql+psycopg2://slipway:{CANARY}@127.0.0.1/slipway": "Slipway can use no other database",
    f"postgres://slipway:{CANARY}@127.0.0.1/slipway": "Slipway can use no other database",
    f"sqlite+aiosqlite:///{CANARY}.db": "Slipway can use no other database",
    f"postgresql://slipway:{CANARY}@127.0.0.1:port/slipway": "or postgresql://slipway@db.example.com/slipway",
    f"postgresql://slipway:{CANARY}@127.0.0.1/slipway?sslmode=verify-full&sslrootcert=system": (
        "name a file, on Debian sslrootcert=/etc/ssl/certs/ca-certificates.crt"
    ),
    **{
        f"sqlite:///{CANARY}.db?timeout={seconds}": "no number of seconds from 0 to 600"
        for seconds in ("soon", "nan", "inf", "-1", "601", "1&timeout=2")
    },
    "sqlite://": NO_FILE,
    "sqlite:///:memory:": NO_FILE,
    f"sqlite:///file:{CANARY}.db?uri=true": NO_FILE,
    f"sqlite:///{CANARY}.db?mode=ro&uri=true": NO_FILE,
    f"sqlite:////folder?/{CANARY}.db": QUESTION_MARK,
    f"sqlite:////folder?&/{CANARY}.db?timeout=1": QUESTION_MARK,
    f"sqlite:///{CANARY}.db?mode=ro": QUESTION_MARK,
    f"sqlite:///{CANARY}.db?timeout=1&cached_statements=many": QUESTION_MARK,
    f"postgresql://slipway:pass@{CANARY}@127.0.0.1/slipway": "part of a name or of the password",
    f"postgresql://slipway:pass@{CANARY}/word@127.0.0.1/slipway": "part of a name or of the password",
    f"postgresql://slipway:pass@{CANARY}?word@127.0.0.1/slipway": "part of a name or of the password",
    CANARY: "or postgresql://slipway@db.example.com/slipway",
    "": "or postgresql://slipway@db.example.com/slipway",
}


@pytest.mark.parametrize("address", REFUSED)
def test_any_other_address_is_refused_in_one_sentence(address: str) -> None:
    with pytest.raises(UnusableAddress, match=f"{REFUSED[address]}$") as refused:
        address_of(address)
    assert CANARY not in str(refused.value)


def started(program: list[str], address: str, folder: Path) -> str:
    """What a command says that can't use its database."""
    environment = {"SLIPWAY_DATABASE_URL": address, "SLIPWAY_SECRET_KEY": "the key of these tests"}
    command = [sys.executable, *program]
    ended = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert CANARY not in ended.stderr
    return ended.stderr


@pytest.mark.parametrize(
    ("command", "failure"), [("serve", "Slipway did not start"), ("rotate-keys", "No key was changed")]
)
def test_another_database_is_refused_at_the_start(command: str, failure: str, tmp_path: Path) -> None:
    told = started(["-m", "webapp", command], f"mysql://slipway:{CANARY}@127.0.0.1/slipway", tmp_path)
    assert told == (
        f"{failure}: SLIPWAY_DATABASE_URL must begin with sqlite:/// or postgresql://: Slipway can use no other "
        "database\n"
    )


def test_without_its_driver_postgresql_is_refused_at_the_start(tmp_path: Path) -> None:
    told = started(["-c", WITHOUT_DRIVER.format("serve")], f"postgresql://slipway:{CANARY}@127.0.0.1/slipway", tmp_path)
    assert told == (
        "Slipway did not start: SLIPWAY_DATABASE_URL names a PostgreSQL, whose driver is not installed: install "
        "slipway[postgresql], or in a checkout what requirements-postgresql.txt names\n"
    )


def test_a_postgresql_that_can_not_be_reached_is_told_of_without_what_opens_it(tmp_path: Path) -> None:
    port = free_port()
    told = started(["-m", "webapp"], f"postgresql://slipway:{CANARY}@127.0.0.1:{port}/slipway", tmp_path)
    assert told.startswith("Slipway did not start: the database can't be used: connection failed: ")
    assert f'"127.0.0.1", port {port}' in told
    assert told.count("\n") == 1


def test_a_postgresql_whose_host_can_be_none_is_told_of_in_one_sentence(tmp_path: Path) -> None:
    told = started(["-m", "webapp"], f"postgresql://slipway:{CANARY}@desk..invalid/slipway", tmp_path)
    assert told == (
        "Slipway did not start: the database can't be used: connection failed: desk..invalid can't be a host's name\n"
    )
