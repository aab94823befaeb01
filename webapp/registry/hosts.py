"""Who may be asked: the hosts that `SLIPWAY_REGISTRIES` names, and where their names may lead."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from webapp.registry.addresses import is_public

# The well-known public registries, and where they send for tokens and from there on.
WELL_KNOWN = (
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
    "registry.access.redhat.com",
    "registry.redhat.io",
    "nvcr.io",
    "cgr.dev",
)
PORTS = {"https": 443, "http": 80}
LONGEST_HOST = 253
HIGHEST_PORT = 65_535
MOST_HOSTS = 200
NAME = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]"
TYPED = re.compile(rf"({NAME})(?::([0-9]{{1,5}}))?", re.ASCII)
ENTRY = re.compile(rf"(?:(https?)://)?(\*\.)?({NAME})(?::([0-9]{{1,5}}))?", re.ASCII)


class BadHost(ValueError):
    """What should name a host does not."""


class NotAllowed(Exception):
    """A host may not be asked. The message says why."""


@dataclass(frozen=True)
class Host:
    """What is asked: scheme, name in small letters (an IPv6 address in brackets), port."""

    scheme: str
    name: str
    port: int = 443

    @classmethod
    def of(cls, scheme: str, name: str, port: str | None) -> "Host":
        """Make one of its parts. Raises `BadHost`."""
        number = int(port) if port else PORTS[scheme]
        if len(name) > LONGEST_HOST or not 1 <= number <= HIGHEST_PORT:
            raise BadHost(name)
        return cls(scheme, name, number)

    @classmethod
    def in_url(cls, url: str) -> "Host":
        """Read who is asked by a whole address, which must be http or https and name nobody. Raises `BadHost`."""
        try:
            parts = urlsplit(url)
        except ValueError:
            raise BadHost(url) from None
        match = TYPED.fullmatch(parts.netloc.lower())
        if parts.scheme not in PORTS or match is None:
            raise BadHost(url)
        return cls.of(parts.scheme, match[1], match[2])

    @property
    def url(self) -> str:
        """The beginning of its addresses."""
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.name}{port}"

    @property
    def usual(self) -> bool:
        """Whether it is asked with encryption, at the port that is meant for that."""
        return (self.scheme, self.port) == ("https", PORTS["https"])


@dataclass(frozen=True)
class Entry:
    """One host of the setting, or with `below` all hosts under it."""

    host: Host
    below: bool = False

    @classmethod
    def parse(cls, word: str) -> "Entry":
        """Read one host of the setting. Raises `ValueError` with what must be changed."""
        match = ENTRY.fullmatch(word)
        try:
            if match:
                return cls(Host.of(match[1] or "https", match[3], match[4]), below=bool(match[2]))
        except BadHost:
            pass
        raise ValueError(f"{word[:100]} is no host: write registry.company.example, or http://10.0.0.5:5000")

    def covers(self, host: Host) -> bool:
        """Whether this is what is asked."""
        if (host.scheme, host.port) != (self.host.scheme, self.host.port):
            return False
        return host.name.endswith(f".{self.host.name}") if self.below else host.name == self.host.name


@dataclass(frozen=True)
class Allowed:
    """Who may be asked. `named` hosts may be private; the `known` ones, and with `anybody` all, must be public."""

    named: tuple[Entry, ...] = ()
    known: tuple[Entry, ...] = ()
    anybody: bool = False

    @classmethod
    def parse(cls, text: str = "") -> "Allowed":
        """Read the setting. Raises `ValueError` with what must be changed."""
        words = [word.strip().lower() for word in text.split(",") if word.strip()] or ["default"]
        if len(words) > MOST_HOSTS:
            raise ValueError(f"at most {MOST_HOSTS} hosts can be named")
        if "none" in words and len(words) > 1:
            raise ValueError("none stands alone: with it nobody is asked")
        own = [Entry.parse(word) for word in words if word not in {"none", "default", "*"}]
        known = tuple(map(Entry.parse, WELL_KNOWN)) if "default" in words or "*" in words else ()
        return cls(
            named=tuple(each for each in own if not each.below),
            known=(*(each for each in own if each.below), *known),
            anybody="*" in words,
        )

    @property
    def nobody(self) -> bool:
        """Whether the check is switched off."""
        return not (self.named or self.known or self.anybody)

    @property
    def plain(self) -> tuple[Host, ...]:
        """The hosts that are asked without encryption."""
        return tuple(each.host for each in (*self.named, *self.known) if each.host.scheme == "http")

    def names(self, host: Host) -> bool:
        """Whether the setting names a host itself."""
        return any(each.covers(host) for each in self.named)

    def typed(self, address: str) -> Host:
        """Who is meant by a host that somebody typed, perhaps with a port. Raises `BadHost`.

        Without encryption it is asked only where the setting names it so.
        """
        match = TYPED.fullmatch(address.lower())
        if match is None:
            raise BadHost(address)
        plain = Host.of("http", match[1], match[2])
        return plain if self.names(plain) else Host.of("https", match[1], match[2])

    def check(self, host: Host, proxied: bool = False) -> None:
        """Raise `NotAllowed` unless a host may be asked, as far as its name tells.

        A proxy looks names up by itself, so that through one only hosts are asked that are named or well known.
        """
        known = any(each.covers(host) for each in (*self.named, *self.known))
        if not known and not (self.anybody and host.usual and not proxied):
            raise NotAllowed(f"{host.url.removeprefix('https://')} is not one of the registries that Slipway asks.")

    def check_addresses(self, host: Host, addresses: Sequence[str]) -> None:
        """Raise `NotAllowed` unless a host may be asked at all of its addresses. Whoever asks connects to one of these
        and not to the name, which may lead elsewhere a moment later."""
        if not self.names(host) and not all(map(is_public, addresses)):
            raise NotAllowed(f"{host.name} is not on the public internet, and SLIPWAY_REGISTRIES doesn't name it.")
