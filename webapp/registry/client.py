"""Asks a registry whether an image is there, and says no more than what was seen.

By the OCI distribution specification (github.com/opencontainers/distribution-spec) and Docker's token authentication
(distribution.github.io/distribution/spec/auth/token). A manifest is asked for by HEAD alone: Docker Hub counts a GET
as a pull.
"""

import json
import re
import socket
from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from threading import local
from urllib.parse import urlencode, urljoin, urlsplit

import requests

from webapp.docker.references import ImageReference
from webapp.docker.variables import used_names
from webapp.http.connections import WatchedAdapter, watched_pools
from webapp.http.deadlines import Watchdog
from webapp.http.transport import environment, in_time, read_body
from webapp.registry.hosts import PORTS, Allowed, Host, NoSuchHost, NotAllowed, Resolve, look_up

SECONDS = 5.0
REDIRECTS = 3
HUB = "registry-1.docker.io"
MANIFESTS = ", ".join((
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
))  # fmt: skip
DIGEST = re.compile(r"sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})", re.ASCII)
PARAMETER = re.compile(r'([a-z]{1,20})="([^"\\]{0,1000})"', re.ASCII | re.IGNORECASE)
LONGEST_HEADER = 4000
# Whose tokens are given out by another host than the registry itself.
REALMS = {HUB: "auth.docker.io", "registry.gitlab.com": "gitlab.com", "docker.elastic.co": "docker-auth.elastic.co"}


class Seen(Enum):
    """What came of asking."""

    THERE = "there"
    NOT_THERE = "not there"
    REFUSED = "refused"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Finding:
    """What was seen, in a sentence for people, and the digest of an image that is there."""

    seen: Seen
    sentence: str
    digest: str = ""


@dataclass(frozen=True)
class Credentials:
    """A name and a password, for the host that was typed and the realm that it may trust."""

    name: str
    password: str

    @property
    def basic(self) -> str:
        """What signs in with them (RFC 7617, in UTF-8)."""
        return f"Basic {b64encode(f'{self.name}:{self.password}'.encode()).decode()}"

    def __repr__(self) -> str:
        """Show nothing of them, wherever it ends up."""
        return "Credentials(…)"


class NotSeen(Exception):
    """Nothing was seen of an image. The message says why."""


class Client:
    """Asks registries, within so many seconds for all that one question takes."""

    def __init__(
        self, allowed: Allowed, ca_file: str | None = None, seconds: float = SECONDS, resolve: Resolve = look_up
    ) -> None:
        self._allowed = allowed
        self._ca_file = ca_file
        self._seconds = seconds
        self._resolve = resolve
        self._watchdog = Watchdog()
        self._call = local()

    def close(self) -> None:
        """End the thread that holds the time limits."""
        self._watchdog.close()

    def check(self, image: ImageReference, credentials: Credentials | None = None) -> Finding:
        """Ask whether an image is there. Never raises for what a registry does."""
        try:
            with self._watchdog.limit(self._seconds) as self._call.deadline, in_time(self._call.deadline):
                return self._check(image, credentials)
        except NotAllowed as error:
            return Finding(Seen.NOT_CHECKED, str(error))
        except NotSeen as error:
            return Finding(Seen.NOT_CHECKED, str(error))
        except requests.Timeout:
            return Finding(Seen.NOT_CHECKED, "Not checked: the registry took too long.")
        except (requests.RequestException, NoSuchHost, ValueError):
            return Finding(Seen.NOT_CHECKED, "Not checked: the registry could not be reached.")

    def _check(self, image: ImageReference, credentials: Credentials | None) -> Finding:
        if used_names(image.format()):
            raise NotSeen("Not checked: a variable stands in the name of the image.")
        host, name = self._place(image)
        url = f"{address(host)}/v2/{name}/manifests/{image.digest or image.tag or 'latest'}"
        status, headers, _ = self._ask("HEAD", url, {"Accept": MANIFESTS})
        granted = False
        if status == HTTPStatus.UNAUTHORIZED:
            authorization = self._authorization(host, name, headers.get("WWW-Authenticate", ""), credentials)
            if authorization is None:
                return refused(credentials)
            granted = True
            status, headers, _ = self._ask("HEAD", url, {"Accept": MANIFESTS, "Authorization": authorization})
        return finding(status, headers, credentials if granted else None)

    def _place(self, image: ImageReference) -> tuple[Host, str]:
        if not image.registry:
            return Host("https", HUB, PORTS["https"]), image.name if "/" in image.name else f"library/{image.name}"
        parts = urlsplit(f"//{image.registry.lower()}")
        name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        return self._allowed.host(name, parts.port), image.name

    def _authorization(self, host: Host, name: str, challenge: str, credentials: Credentials | None) -> str | None:
        scheme, _, rest = challenge[:LONGEST_HEADER].partition(" ")
        basic = credentials.basic if credentials else None
        if scheme.lower() == "basic":
            return basic if host.scheme == "https" or self._allowed.names(host) else None
        told = {key.lower(): value for key, value in PARAMETER.findall(rest)}
        if scheme.lower() != "bearer" or "realm" not in told:
            raise NotSeen("Not checked: the registry asks for a kind of sign-in that is not known here.")
        realm = host_in(told["realm"])
        trusted = realm == host or realm == Host("https", REALMS.get(host.name, ""), PORTS["https"])
        if realm != host and realm.scheme != "https":
            raise NotSeen("Not checked: the registry sends for a token without encryption.")
        scope = told.get("scope", f"repository:{name}:pull")
        query = urlencode({"service": told.get("service", ""), "scope": scope})
        headers = {"Authorization": basic} if basic and trusted else {}
        status, _, body = self._ask("GET", f"{told['realm'].partition('?')[0]}?{query}", headers)
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return None
        if status != HTTPStatus.OK or body is None:
            raise NotSeen("Not checked: the registry gave no token.")
        data = json.loads(body)
        token = (data.get("token") or data.get("access_token")) if isinstance(data, dict) else None
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]{1,20000}", token):
            raise NotSeen("Not checked: the registry gave no token.")
        return f"Bearer {token}"

    def _ask(self, method: str, url: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes | None]:
        """Ask, following redirects, each of which is judged anew; what signs in stays with the host that it is for."""
        sent, first = dict(headers), host_in(url)
        for _ in range(REDIRECTS + 1):
            host = host_in(url)
            if host != first:
                sent.pop("Authorization", None)
            status, answered, body = self._once(method, url, host, sent)
            if status not in {301, 302, 303, 307, 308} or "Location" not in answered:
                return status, answered, body
            url = urljoin(url, answered["Location"][:LONGEST_HEADER])
            if first.scheme == "https" and host_in(url).scheme != "https":
                raise NotSeen("Not checked: the registry leads to an address without encryption.")
        raise NotSeen("Not checked: the registry leads from one address to the next.")

    def _once(
        self, method: str, url: str, host: Host, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes | None]:
        around = environment(url, self._ca_file)
        proxied = bool(requests.utils.select_proxy(url, around["proxies"]))
        found = self._allowed.addresses(host, self._resolve, proxied)
        asked = requests.Request(method, url, {"Accept-Encoding": "identity", **headers}, auth=lambda each: each)
        with (
            closing(WatchedAdapter(1, watched_pools(self._connected, found))) as adapter,
            adapter.send(asked.prepare(), stream=True, timeout=self._seconds, **around) as response,
        ):
            return response.status_code, response.headers, read_body(response)

    def _connected(self, connected: socket.socket) -> None:
        self._call.deadline.watch(connected)


def address(host: Host) -> str:
    """The beginning of the addresses of a host."""
    return (
        f"{host.scheme}://{host.name}:{host.port}"
        if host.port != PORTS[host.scheme]
        else f"{host.scheme}://{host.name}"
    )


def host_in(url: str) -> Host:
    """Who is asked by an address. Raises `NotSeen` for one that no registry has."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        raise NotSeen("Not checked: the registry leads to an address that can't be asked.")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Host(parts.scheme, name, PORTS[parts.scheme] if parts.port is None else parts.port)


def refused(credentials: Credentials | None) -> Finding:
    """What a refusal means: registries don't tell a private image from one that is not there."""
    if credentials:
        return Finding(
            Seen.REFUSED, "The registry did not take this name and password, or they may not read this image."
        )
    return Finding(
        Seen.REFUSED, "The image is private or not there: without a name and password the registry doesn't say."
    )


def finding(status: int, headers: Mapping[str, str], credentials: Credentials | None) -> Finding:
    """What the answer about a manifest proves."""
    digest = headers.get("Docker-Content-Digest", "")
    if status == HTTPStatus.OK and DIGEST.fullmatch(digest):
        return Finding(Seen.THERE, f"The image is there: {digest[:19]}", digest)
    if status == HTTPStatus.NOT_FOUND:
        return Finding(Seen.NOT_THERE, "The registry has no such image.")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return refused(credentials)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Finding(Seen.NOT_CHECKED, "Not checked: the registry takes no more questions for now.")
    return Finding(Seen.NOT_CHECKED, "Not checked: the registry's answer can't be read.")
