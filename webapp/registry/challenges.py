"""What a registry asks for before it answers: a name and password, or a token from its realm.

Source: distribution.github.io/distribution/spec/auth/token
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import WWWAuthenticate

from webapp.registry.findings import NotSeen
from webapp.registry.hosts import BadHost, Host
from webapp.registry.images import HUB

LONGEST_HEADER = 4000
SCHEME = re.compile(r"(?:^|,)\s*(bearer|basic)(?=\s)", re.IGNORECASE | re.ASCII)
# Whose tokens are given out by another host than the registry itself.
REALMS = {
    HUB: Host("https", "auth.docker.io"),
    Host("https", "registry.gitlab.com"): Host("https", "gitlab.com"),
    Host("https", "docker.elastic.co"): Host("https", "docker-auth.elastic.co"),
}
UNKNOWN = "Not checked: the registry asks for a kind of sign-in that Slipway doesn't know."


@dataclass(frozen=True)
class Basic:
    """The registry takes a name and password itself."""


@dataclass(frozen=True)
class Realm:
    """Where a token is given out: the host, and what is asked for there."""

    host: Host
    target: str

    def may_know(self, registry: Host) -> bool:
        """Whether a name and password for a registry may go there: it is the same host, or the one known for it."""
        return self.host in (registry, REALMS.get(registry))


def read_challenge(header: str, repository: str) -> Basic | Realm:
    """Read `WWW-Authenticate`: how to get leave to read one repository. Raises `NotSeen`.

    Where there is a choice it is the token. What is asked for is always to read this repository and nothing else,
    whatever the registry names.
    """
    text = header[:LONGEST_HEADER]
    starts = [*SCHEME.finditer(text)]
    ends = [*(each.start() for each in starts[1:]), len(text)]
    offered = {start[1].lower(): text[start.start(1) : end] for start, end in zip(starts, ends, strict=False)}
    if "bearer" in offered:
        return realm_in(offered["bearer"], repository)
    if "basic" in offered:
        return Basic()
    raise NotSeen(UNKNOWN)


def realm_in(text: str, repository: str) -> Realm:
    """Read where a token is given out. Raises `NotSeen`."""
    told = WWWAuthenticate.from_header(text)
    address = (told.get("realm") if told else None) or ""
    try:
        host, parts = Host.in_url(address), urlsplit(address)
    except BadHost:
        raise NotSeen(UNKNOWN) from None
    service = told.get("service") if told else None
    query = urlencode({**({"service": service} if service else {}), "scope": f"repository:{repository}:pull"})
    return Realm(host, f"{parts.path or '/'}?{parts.query + '&' if parts.query else ''}{query}")
