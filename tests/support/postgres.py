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
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep

import psycopg

from support.databases import SERVER
from support.server import free_port

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


class Server:
    """One server, which can be killed and comes back."""

    def __init__(self, programs: Path, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self._settings = SETTINGS | settings
        self._programs = programs
        self._folder = folder
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is; the name of a database goes behind it."""
        return f"postgresql://tests:{PASSWORD}@127.0.0.1:{self.port}/"

    def make(self) -> None:
        """Make its files."""
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        options = ["--username=tests", f"--pwfile={secret}", "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8"]
        options += ["--locale=C.UTF-8", f"--pgdata={self._folder / 'data'}"]
        subprocess.run([self._programs / "initdb", *options], check=True, capture_output=True, **unprivileged())

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        command = [self._programs / "postgres", "-D", self._folder / "data", "-p", str(self.port), *settings]
        with (self._folder / "log").open("ab") as log:
            self._running = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **unprivileged())
        end = monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(f"{self.url}postgres", connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                assert self._running.poll() is None, (self._folder / "log").read_text()
                assert monotonic() < end, "it does not answer"
                sleep(0.02)

    def kill(self) -> None:
        """End it as a power cut would, with all that it has started."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it without waiting for who is connected."""
        self._end(signal.SIGINT)

    def _end(self, sign: signal.Signals) -> None:
        assert self._running is not None
        if sign == signal.SIGKILL:
            os.killpg(self._running.pid, sign)
        else:
            self._running.send_signal(sign)
        self._running.wait(PATIENCE)


def unprivileged() -> dict[str, object]:
    """How to start a program as somebody who is not root, where root runs the tests."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """Start a server, with these of its settings as they are given, and end it."""
    # Where others may look into it, as they may not into the folders of tests.
    folder = Path(mkdtemp(prefix="slipway-postgresql-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = Server(programs(), folder, **settings)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


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
    if shutil.which("apt-get") and os.geteuid() == 0:
        for arguments in (("update",), ("install", "--yes", "--no-install-recommends", "postgresql")):
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", *arguments], check=False, env=environment, stdout=subprocess.DEVNULL)
    return find() or sys.exit(HELP)


if __name__ == "__main__":
    # So that it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with running() as server:
        ended = subprocess.run(sys.argv[1:], env=os.environ | {SERVER: server.url}, check=False)
    sys.exit(ended.returncode)
