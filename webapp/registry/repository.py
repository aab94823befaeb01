"""One repository of a registry, asked by the OCI distribution protocol (github.com/opencontainers/distribution-spec).

A manifest is asked for by HEAD alone: Docker Hub counts a GET as a pull.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from webapp.docker.references import LONGEST_TAG, TAG
from webapp.http.errors import BadAnswer
from webapp.http.reading import parse
from webapp.http.waits import retry_after
from webapp.registry.asking import LARGEST_ANSWER, Asking, Reply, followed
from webapp.registry.challenges import LONGEST_HEADER, Realm, read_challenge
from webapp.registry.findings import NO_MORE, Denied, NotSeen
from webapp.registry.images import Credentials, Place

MANIFESTS = ", ".join((
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
))  # fmt: skip
DIGEST = re.compile(r"sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})", re.ASCII)
# Of one page of tags, and of all of them: ten thousand of the longest.
LARGEST_LIST = 1536 * 1024
MOST_TAGS = 10_000
MOST_PAGES = 50
PAGE = 1000
NEXT = re.compile(r'<([^<>]{1,4000})>\s*;\s*rel="?next"?', re.ASCII | re.IGNORECASE)
TOKEN = re.compile(r"[!-~]{1,20000}", re.ASCII)
# In seconds, whatever a registry asks for.
LONGEST_PAUSE = 3600
DENYING = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})

NO_TOKEN = "Not checked: the registry gave no token to ask with."
WEB_PAGE = "Not checked: the registry answers with a web page. Look at its address."
DIGESTLESS = "Not checked: the registry doesn't say which image it has there."
UNREADABLE = "Not checked: the registry gave an answer that Slipway can't read."
PRIVATE = (
    "The image is private or not there: without a name and password the registry doesn't tell which. "
    "Look at the spelling of its name, too."
)
UNASKED = "The registry refuses to show this image, and does not ask for the name and password."
NOT_TAKEN = (
    "The registry doesn't take this name and password, or they may not read this image, which may also not be there."
)


@dataclass(frozen=True)
class Page:
    """Some tags of a list, how many bytes they took, and whether these are the last.

    `following` is the target of those that follow, where there are any that may be asked for.
    """

    names: list[str]
    size: int
    last: bool
    following: str = ""


class Repository:
    """One repository of a registry while one question is asked. All methods raise `NotSeen`."""

    def __init__(self, asking: Asking, place: Place, credentials: Credentials | None) -> None:
        self.place = place
        self.heads = 0
        # Whether it has shown that it is a registry at all, and not some other server that knows no such page.
        self.proved = False
        # Whether the name and password were sent, and the realm that they were held back from.
        self.signed = False
        self._withheld = ""
        self._asking = asking
        self._credentials = credentials
        self._authorization: str | None = None

    def manifest(self, reference: str) -> str:
        """The digest of what a tag or digest names; empty when there is no such thing."""
        target = f"/v2/{self.place.repository}/manifests/{reference}"
        reply = self._ask("HEAD", target, {"Accept": MANIFESTS})
        if reply.status == HTTPStatus.NOT_FOUND:
            return ""
        self._check(reply)
        digest = reply.headers.get("Docker-Content-Digest", "")
        if not DIGEST.fullmatch(digest) or (":" in reference and reference != digest):
            raise NotSeen(WEB_PAGE if is_page(reply) else DIGESTLESS)
        return digest

    def tags(self) -> tuple[tuple[str, ...], bool] | None:
        """Its tags and whether these are all, or None when there is no such repository.

        Pages that came before one that can't be read count.
        """
        names: dict[str, None] = {}
        target, left = f"/v2/{self.place.repository}/tags/list?n={PAGE}", LARGEST_LIST
        for _ in range(MOST_PAGES):
            try:
                page = self._page(target, left)
            except NotSeen:
                if not names:
                    raise
                break
            if page is None:
                return None
            names |= dict.fromkeys(page.names)
            left -= page.size
            if page.last and len(names) <= MOST_TAGS:
                return tuple(names), True
            if not page.following or len(names) > MOST_TAGS:
                break
            target = page.following
        return tuple(names)[:MOST_TAGS], False

    def _page(self, target: str, most: int) -> Page | None:
        """Read a page of tags of so many bytes at most; None when there is no such repository."""
        reply = self._ask("GET", target, {"Accept": "application/json"}, most)
        if reply.status == HTTPStatus.NOT_FOUND:
            self.proved |= "errors" in json_in(reply)
            return None
        self._check(reply)
        names, size = tags_in(reply), len(reply.body or b"")
        self.proved = True
        link = NEXT.search(reply.headers.get("Link", "")[:LONGEST_HEADER])
        if link is None:
            return Page(names, size, last=True)
        try:
            host, following = followed(self.place.host, target, link[1])
        except NotSeen:
            return Page(names, size, last=False)
        return Page(names, size, last=False, following=following if host == self.place.host else "")

    def _ask(self, method: str, target: str, headers: Mapping[str, str], most: int = LARGEST_ANSWER) -> Reply:
        """Ask, and sign in once where the registry wants that."""
        reply = self._send(method, target, headers, most)
        if reply.status == HTTPStatus.UNAUTHORIZED and self._authorization is None:
            self._authorization = self._sign_in(reply.headers.get("WWW-Authenticate", ""))
            self.proved = True
            reply = self._send(method, target, headers, most)
        return reply

    def _send(self, method: str, target: str, headers: Mapping[str, str], most: int) -> Reply:
        self.heads += method == "HEAD"
        signed = {"Authorization": self._authorization} if self._authorization else {}
        reply = self._asking.ask(method, self.place.host, target, {**headers, **signed}, most)
        self.proved |= reply.headers.get("Docker-Distribution-Api-Version", "").startswith("registry/")
        return reply

    def _sign_in(self, challenge: str) -> str:
        """What signs the requests from here on, as the registry wants it."""
        asked = read_challenge(challenge, self.place.repository)
        if isinstance(asked, Realm):
            return f"Bearer {self._token(asked)}"
        if self._credentials is None:
            raise self._denied()
        self.signed = True
        return self._credentials.basic

    def _token(self, realm: Realm) -> str:
        if realm.host.scheme != "https" and realm.host != self.place.host:
            raise NotSeen("Not checked: the registry sends for a token without encryption.")
        headers = {}
        if self._credentials and realm.may_know(self.place.host):
            headers, self.signed = {"Authorization": self._credentials.basic}, True
        elif self._credentials:
            self._withheld = realm.host.name
        reply = self._asking.ask("GET", realm.host, realm.target, headers)
        self._check(reply)
        data = json_in(reply)
        token = data.get("token") or data.get("access_token")
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            raise NotSeen(NO_TOKEN)
        return token

    def _check(self, reply: Reply) -> None:
        """Raise what an answer says that is not 200."""
        if reply.status in DENYING:
            raise self._denied()
        if reply.status == HTTPStatus.OK:
            return
        asked = retry_after(reply.headers)
        wait = None if asked is None else min(asked, LONGEST_PAUSE)
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise NotSeen(NO_MORE, wait)
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NotSeen("Not checked: the registry has a problem of its own.", wait)
        raise NotSeen(UNREADABLE)

    def _denied(self) -> NotSeen:
        """What a refusal means: registries don't tell a private image from one that is not there."""
        if self._withheld:
            return NotSeen(
                f"Not checked: the registry wants the name and password at {self._withheld}, which is not known to be "
                "its own."
            )
        if self.signed:
            return Denied(NOT_TAKEN)
        return Denied(UNASKED if self._credentials else PRIVATE)


def is_page(reply: Reply) -> bool:
    """Whether an answer is a web page, as somebody in between or another server gives it."""
    return reply.headers.get("Content-Type", "").lower().startswith("text/html")


def tags_in(reply: Reply) -> list[str]:
    """The tags of one page of a list. Raises `NotSeen`."""
    names = json_in(reply).get("tags", "")
    if names is None:
        return []
    texts = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    if names != [] and not texts:
        raise NotSeen(WEB_PAGE if is_page(reply) else UNREADABLE)
    return [name for name in texts if len(name) <= LONGEST_TAG and TAG.fullmatch(name)]


def json_in(reply: Reply) -> Mapping[str, Any]:
    """The object in the body of an answer; an empty one where there is none."""
    try:
        data = parse(reply.body)
    except BadAnswer:
        return {}
    return data if isinstance(data, Mapping) else {}
