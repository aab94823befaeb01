"""Who may be asked: the hosts that `SLIPWAY_REGISTRIES` names, and where their names lead."""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from webapp.registry.addresses import is_public

# The well-known public registries, and where they send for tokens and from there on.
WELL_KNOWN = (
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "auth.docker.io",
    "ghcr.io",
    "quay.io",
    "registry.gitlab.com",
    "gitlab.com",
    "gcr.io",
    "*.gcr.io",
    "*.pkg.dev",
    "public.ecr.aws",
    "mcr.microsoft.com",
    "registry.k8s.io",
    "docker.elastic.co",
    "docker-auth.elastic.co",
)
PORTS = {"https": 443, "http": 80}
LONGEST_HOST = 253
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.ASCII)
ENTRY = re.compile(
    r"(?:(https?)://)?(\*\.)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?", re.ASCII
)
# An address of a host, written out. A resolver is asked once, and gives all of them.
Resolve = Callable[[str, int], Sequence[str]]


class NotAllowed(Exception):
    """A host may not be asked. The message says why, for whoever may know it."""


class NoSuchHost(Exception):
    """No address is known for the name of a host."""


@dataclass(frozen=True)
class Host:
    """What is asked: scheme, name in small letters, port."""

    scheme: str
    name: str
    port: int


@dataclass(frozen=True)
class Named:
    """One host of the setting, or with `below` all hosts under it."""

    host: Host
    below: bool = False

    def covers(self, host: Host) -> bool:
        """Whether this is what is asked."""
        if (host.scheme, host.port) != (self.host.scheme, self.host.port):
            return False
        return host.name.endswith(f".{self.host.name}") if self.below else host.name == self.host.name


@dataclass(frozen=True)
class Allowed:
    """Who may be asked. `named` hosts may be private; the `known` ones, and with `anybody` all, must be public."""

    named: tuple[Named, ...] = ()
    known: tuple[Named, ...] = ()
    anybody: bool = False

    @classmethod
    def parse(cls, text: str) -> "Allowed":
        """Read the setting. Raises `ValueError` with what must be changed."""
        words = [word.strip().lower() for word in text.split(",") if word.strip()] or ["default"]
        if "none" in words and len(words) > 1:
            raise ValueError("none stands alone: with it nobody is asked")
        own = [entry(word) for word in words if word not in {"none", "default", "*"}]
        return cls(
            tuple(each for each in own if not each.below),
            (*(each for each in own if each.below), *(map(entry, WELL_KNOWN) if "default" in words else ())),
            "*" in words,
        )

    def names(self, host: Host) -> bool:
        """Whether the setting names a host itself."""
        return any(each.covers(host) for each in self.named)

    def host(self, name: str, port: int | None) -> Host:
        """Who is meant by the registry of an image: plain http only where the setting names it so."""
        plain = Host("http", name, PORTS["http"] if port is None else port)
        return plain if self.names(plain) else Host("https", name, PORTS["https"] if port is None else port)

    def addresses(self, host: Host, resolve: Resolve, proxied: bool = False) -> Sequence[str]:
        """Where a host may be asked: its addresses, looked up once. Raises `NotAllowed` or `NoSuchHost`.

        Connect to one of them, never to the name: it may lead elsewhere a moment later. A proxy looks names up by
        itself, so through one only hosts that are named are asked, and no address is given.
        """
        if not HOST.fullmatch(host.name) or len(host.name) > LONGEST_HOST:
            raise NotAllowed("This is not the name of a host.")
        named = self.names(host)
        known = any(each.covers(host) for each in self.known)
        anybody = self.anybody and not proxied and host.scheme == "https" and host.port == PORTS["https"]
        if not named and not known and not anybody:
            raise NotAllowed("This registry is not one of those that may be asked.")
        if proxied:
            return ()
        found = resolve(host.name.strip("[]"), host.port)
        if not found:
            raise NoSuchHost
        if not named and not all(map(is_public, found)):
            raise NotAllowed("This registry has a private address, and is not named itself.")
        return found


def entry(word: str) -> Named:
    """Read one host of the setting. Raises `ValueError`."""
    match = ENTRY.fullmatch(word)
    if not match or len(match[3]) > LONGEST_HOST or not 1 <= int(match[4] or 1) <= 65_535:
        raise ValueError(f"{word[:100]} is no host: write one such as registry.company.example or http://10.0.0.5:5000")
    scheme = match[1] or "https"
    return Named(Host(scheme, match[3], int(match[4] or PORTS[scheme])), below=bool(match[2]))


def look_up(name: str, port: int) -> Sequence[str]:
    """Ask the system for all addresses of a host; none when it has none."""
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
