"""A PostgreSQL of the tests' own; run as a program, it starts one, runs a command with it, and ends it.

It is used where it is installed, and gets installed as root on Debian. It runs as a user that is not root, in a folder
that is thrown away, and never waits for the disk: what the operating system has is enough after a kill.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep
from urllib.parse import urlsplit

import psycopg

from support import debian
from support.databases import SERVER
from support.server import free_port

# Where the server has its files, for whoever is run with it.
FOLDER = "TESTS_POSTGRESQL_FOLDER"
HELP = "These tests need PostgreSQL 13 or newer: install it."
PASSWORD = "canary-of-the-database"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "300",
    "shared_buffers": "64MB",
    "max_wal_size": "4GB",
    "log_min_messages": "fatal",
}
PATIENCE = 60
# An option that its programs have since PostgreSQL 15.
ICU = b"--icu-locale"


class Server:
    """One server, whose files are in a folder. Whoever knows the folder can kill it and start it anew."""

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        self.port = port
        self.folder = folder
        self._settings = SETTINGS | settings
        self._programs = programs()
        self._lock = folder / "data" / "postmaster.pid"
        self._started: list[subprocess.Popen[bytes]] = []

    @classmethod
    def there(cls) -> "Server":
        """The one that this program is run with."""
        return cls(Path(os.environ[FOLDER]), urlsplit(os.environ[SERVER]).port or 0)

    @property
    def url(self) -> str:
        """Where it is; the name of a database goes behind it."""
        return f"postgresql://tests:{PASSWORD}@127.0.0.1:{self.port}/"

    def make(self) -> None:
        """Make its files."""
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        options = ["--username=tests", f"--pwfile={secret}", "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8"]
        options += ["--locale=C.UTF-8", f"--pgdata={self.folder / 'data'}"]
        if ICU in subprocess.run([self._programs / "initdb", "--help"], check=True, capture_output=True).stdout:
            # Most servers put texts into an order for people, "a" before "B", which Python does not.
            options += ["--locale-provider=icu", "--icu-locale=en-US"]
        subprocess.run([self._programs / "initdb", *options], check=True, capture_output=True, **unprivileged())

    def follow(self, other: "Server") -> None:
        """Make its files from those of another server, which it follows."""
        where = f"{other.url}postgres"
        options = [f"--pgdata={self.folder / 'data'}", "--write-recovery-conf", "--checkpoint=fast", "--no-sync"]
        command = [self._programs / "pg_basebackup", *options, f"--dbname={where}"]
        subprocess.run(command, check=True, capture_output=True, **unprivileged())

    def take_over(self) -> None:
        """Follow no longer."""
        with psycopg.connect(f"{self.url}postgres") as connection:
            connection.execute("SELECT pg_promote()")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        command = [self._programs / "postgres", "-D", self.folder / "data", "-p", str(self.port), *settings]
        end, running = monotonic() + PATIENCE, None
        with (self.folder / "log").open("ab") as log:
            while not self._answers():
                assert monotonic() < end, (self.folder / "log").read_text()
                if running is None or running.poll() is not None:
                    # Of one that was killed something may still hold its memory.
                    running = subprocess.Popen(
                        command, stdout=log, stderr=log, start_new_session=True, **unprivileged()
                    )
                    self._started.append(running)
                sleep(0.02)

    def _answers(self) -> bool:
        try:
            psycopg.connect(f"{self.url}postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """End it as a power cut would, with all that it has started, and start it anew."""
        server = self._process()
        for process in (server, *children(server)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._lock.unlink()
        self.start()

    def stop(self) -> None:
        """End it without waiting for who is connected."""
        os.kill(self._process(), signal.SIGINT)
        end = monotonic() + PATIENCE
        while self._lock.exists():
            assert monotonic() < end, "it does not end"
            sleep(0.02)
        for each in self._started:
            each.wait(PATIENCE)

    def _process(self) -> int:
        return int(self._lock.read_text().splitlines()[0])


def children(parent: int) -> list[int]:
    """The processes that a process has started, as Linux tells."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def unprivileged() -> dict[str, object]:
    """How to start a program as somebody who is not root, where root runs the tests."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """Start a server, with these of its settings as they are given, and end it."""
    with a_folder() as folder:
        server = Server(folder, free_port(), **settings)
        server.make()
        with started(server):
            yield server


@contextmanager
def following(other: Server) -> Iterator[Server]:
    """Start a server that has followed another one and taken over, and end it."""
    with a_folder() as folder:
        server = Server(folder, free_port())
        server.follow(other)
        with started(server):
            server.take_over()
            yield server


@contextmanager
def a_folder() -> Iterator[Path]:
    """Make a folder for a server, and throw it away."""
    # Where others may look into it, as they may not into the folders of tests.
    folder = Path(mkdtemp(prefix="slipway-postgresql-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(server: Server) -> Iterator[None]:
    """Start a server that has its files, and end it."""
    server.start()
    try:
        yield
    finally:
        server.stop()


def programs() -> Path:
    """The folder with PostgreSQL's programs, the newest. Exits when there are none."""
    return find() or install()


def find() -> Path | None:
    """The folder with PostgreSQL's programs: Debian's, or the one on the path."""
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    named = shutil.which("postgres")
    newest = sorted(installed, key=lambda path: int(path.parent.name))[-1:]
    return newest[0] if newest else Path(named).parent if named else None


def install() -> Path:
    """Install PostgreSQL, as root on Debian. Exits when that does not work."""
    debian.get("postgresql")
    return find() or sys.exit(HELP)


if __name__ == "__main__":
    # So that it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with running() as server:
        known = {SERVER: server.url, FOLDER: str(server.folder)}
        ended = subprocess.run(sys.argv[1:], env=os.environ | known, check=False)
    sys.exit(ended.returncode)
