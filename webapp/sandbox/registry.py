"""A simulated registry, asked by the OCI distribution protocol, with tokens as Docker has them.

It has the images of all registries that Slipway asks by default: those of Docker Hub under their names, those of
another one under its host and their name. distribution.github.io/distribution/spec/auth/token
"""

import json
from base64 import b64encode
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, request

from webapp.sandbox.images import HUB, LOGIN, MANIFEST, PASSWORD, Image, images
from webapp.sandbox.weather import NONSENSE, WEATHER, Weather

SERVICE = "sandbox"
# Of what it was asked it remembers the last.
MOST_ASKED = 1000
LONGEST_PAGE = 1000
RETRY_SECONDS = 120
API_VERSION = {"Docker-Distribution-Api-Version": "registry/2.0"}


@dataclass(frozen=True)
class Asked:
    """What it was asked, and under which name where somebody signed in."""

    method: str
    path: str
    login: str


class Registry:
    """A registry as a WSGI app, `wsgi`, that remembers what it was asked."""

    def __init__(self) -> None:
        self._asked: deque[Asked] = deque(maxlen=MOST_ASKED)
        app = Flask(__name__, static_folder=None)
        app.url_map.merge_slashes = app.url_map.strict_slashes = False
        app.before_request(self._receive)
        app.add_url_rule("/v2/", view_func=base)
        app.add_url_rule("/token", view_func=token)
        app.add_url_rule("/v2/<path:name>/manifests/<reference>", view_func=manifest)
        app.add_url_rule("/v2/<path:name>/tags/list", view_func=list_tags)
        self.wsgi = app.wsgi_app

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What it was asked, oldest first."""
        return tuple(self._asked)

    def _receive(self) -> Response | None:
        login = request.authorization.username if request.authorization else None
        self._asked.append(Asked(request.method, request.path, login or ""))
        match request.environ.get(WEATHER):
            case Weather.RATE_LIMITED:
                return refusal(429, "TOOMANYREQUESTS", {"Retry-After": str(RETRY_SECONDS)})
            case Weather.NONSENSE:
                return Response(NONSENSE, content_type="text/html")
        return None


def base() -> Response:
    """Say that this is a registry."""
    return reply({})


def token() -> Response:
    """Give out a token to read one repository; who has a name and password that are wrong gets none."""
    login = ""
    if "Authorization" in request.headers:
        given = request.authorization
        if given is None or (given.username, given.password) != (LOGIN, PASSWORD):
            return refusal(401, "UNAUTHORIZED")
        login = LOGIN
    return reply({"token": written(login, request.args.get("scope", "")), "expires_in": 300})


def manifest(name: str, reference: str) -> Response:
    """What a tag or digest names."""
    return for_reader(name, lambda image: manifest_of(image, reference))


def manifest_of(image: Image, reference: str) -> Response:
    """The same of an image that is there and may be read."""
    tag = image.find(reference)
    if tag is None:
        return refusal(404, "MANIFEST_UNKNOWN")
    found = reply_with(image.manifest(tag), MANIFEST)
    found.headers["Docker-Content-Digest"] = image.digest(tag)
    return found


def list_tags(name: str) -> Response:
    """The tags of an image, a page of them: `n` at most, those after `last`."""
    return for_reader(name, tags_of)


def tags_of(image: Image) -> Response:
    """The same of an image that is there and may be read."""
    count = min(max(request.args.get("n", LONGEST_PAGE, type=int), 1), LONGEST_PAGE)
    left = [tag for tag in sorted(image.builds) if tag > request.args.get("last", "")]
    page = left[:count]
    found = reply({"name": image.name, "tags": page})
    if len(left) > count:
        found.headers["Link"] = f'<{request.path}?n={count}&last={page[-1]}>; rel="next"'
    return found


def for_reader(name: str, answer: Callable[[Image], Response]) -> Response:
    """Answer whoever may read an image. Docker Hub tells nobody which of the others are there."""
    path = name if "." in name.partition("/")[0] else f"{HUB}/{name}"
    scope = f"repository:{name}:pull"
    given = request.authorization
    reader = given.token if given and given.type == "bearer" else None
    if reader not in (written("", scope), written(LOGIN, scope)):
        return challenge(scope)
    image = images().get(path)
    if image is None:
        return challenge(scope) if path.startswith(f"{HUB}/") else refusal(404, "NAME_UNKNOWN")
    return challenge(scope) if image.private and reader != written(LOGIN, scope) else answer(image)


def challenge(scope: str) -> Response:
    """Ask for a token."""
    realm = f'Bearer realm="http://{request.host}/token",service="{SERVICE}",scope="{scope}"'
    return refusal(401, "UNAUTHORIZED", {"WWW-Authenticate": realm})


def written(login: str, scope: str) -> str:
    """A token. It is no secret, since it opens nothing but the sandbox."""
    return b64encode(f"{login} {scope}".encode()).decode()


def refusal(status: int, code: str, headers: dict[str, str] | None = None) -> Response:
    """A refusal in the shape that the protocol has for it."""
    answer = reply({"errors": [{"code": code, "message": code.replace("_", " ").lower(), "detail": None}]}, status)
    answer.headers.update(headers or {})
    return answer


def reply(body: object, status: int = 200) -> Response:
    """An answer in JSON."""
    return reply_with(json.dumps(body).encode(), "application/json", status)


def reply_with(body: bytes, kind: str, status: int = 200) -> Response:
    """An answer of some type."""
    return Response(body, status, {**API_VERSION, "Content-Type": kind})
