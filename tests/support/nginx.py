"""nginx as the guide has it, but for ports, files and how many Slipways stand behind it."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from support.server import free_port
from support.tls import make_certificate
from support.waiting import PATIENCE, until

GUIDE = Path(__file__).parents[2] / "docs/operating.md"
# The guide's name, which nobody but these tests leads here.
HOST = "desk.example.com"
URL = f"https://{HOST}"
# What Debian's own file has around that of the guide, with nothing outside of the folder.
AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused;
    scgi_temp_path {folder}/unused;
    include {folder}/slipway.conf;
}}
"""


class Nginx:
    """One nginx, with its files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.http, self.https = free_port(), free_port()
        self._running: subprocess.Popen[bytes] | None = None
        make_certificate(folder, HOST)

    @property
    def certificate(self) -> Path:
        """The certificate, which nobody has signed but itself."""
        return self.folder / "certificate.pem"

    @property
    def rules(self) -> str:
        """How Chromium finds it by the guide's name."""
        return f"MAP {HOST}:80 127.0.0.1:{self.http},MAP {HOST}:443 127.0.0.1:{self.https}"

    def start(self, servers: Sequence[str]) -> None:
        """Let it pass on requests to these Slipways, each named by host and port."""
        self._configure(servers)
        command = ["nginx", "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"]
        self._running = subprocess.Popen(command)
        until(lambda: listens(self.https))

    def reload(self, servers: Sequence[str]) -> None:
        """Let it pass on requests to these from now on, when those that it has passed on are answered."""
        assert self._running is not None
        before = self._workers()
        self._configure(servers)
        self._running.send_signal(signal.SIGHUP)
        until(lambda: self._workers().isdisjoint(before))

    def stop(self) -> None:
        """End it."""
        assert self._running is not None
        self._running.terminate()
        self._running.wait(PATIENCE)

    def _configure(self, servers: Sequence[str]) -> None:
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(AROUND.format(user=user, folder=self.folder))
        (self.folder / "slipway.conf").write_text(configuration(self, servers))

    def _workers(self) -> set[str]:
        assert self._running is not None
        number = self._running.pid
        return set(Path(f"/proc/{number}/task/{number}/children").read_text().split())


def of_the_guide() -> str:
    """The guide's configuration."""
    (found,) = re.findall(r"```\n(upstream slipway \{\n.*?)```", GUIDE.read_text(), re.S)
    return str(found)


def configuration(nginx: Nginx, servers: Sequence[str]) -> str:
    """The guide's configuration for these ports and files, with a line as its own for each of the servers."""
    text = of_the_guide()
    (line,) = re.findall(r"^ *server 127\.0\.0\.1:8000 .*\n", text, re.M)
    lines = "".join(line.replace("127.0.0.1:8000", server) for server in servers)
    places = {
        line: lines,
        "listen 443 ssl;": f"listen 127.0.0.1:{nginx.https} ssl;",
        "listen [::]:443 ssl;": "",
        "listen 80;": f"listen 127.0.0.1:{nginx.http};",
        "listen [::]:80;": "",
        f"/etc/ssl/certs/{HOST}.pem": str(nginx.certificate),
        f"/etc/ssl/private/{HOST}.key": str(nginx.folder / "key.pem"),
        "/var/log/nginx/error.log": str(nginx.folder / "error.log"),
    }
    for written, here in places.items():
        assert text.count(written) == 1, written
        text = text.replace(written, here)
    return text


@contextmanager
def proxying(folder: Path, servers: Sequence[str]) -> Iterator[Nginx]:
    """Start nginx before Slipways, each named by host and port, and end it."""
    folder.mkdir()
    nginx = Nginx(folder)
    nginx.start(servers)
    try:
        yield nginx
    finally:
        nginx.stop()


def listens(port: int) -> bool:
    """Whether somebody takes connections at a port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
