"""The gate in front of everything, the sandbox included: who may ask, from where, and what every answer must carry."""

import ipaddress
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from webapp.logs import REQUEST

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "screen-wake-lock",
        "usb",
        "xr-spatial-tracking",
    )
)
SECURITY_HEADERS: Headers = [
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("Permissions-Policy", PERMISSIONS_POLICY),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
]
TRANSPORT_SECURITY = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
FORWARDED_FOR = "HTTP_X_FORWARDED_FOR"
# What machines ask each process by itself, at whatever address it has there: these tell nothing of people or places.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# In characters. Slipway's own paths are short, a query may fill in a whole form, and the longest of the headers are the
# cookies of this host. `webapp.server` takes no more than 64 KiB of all of them.
LONGEST_PATH = 2000
LONGEST_QUERY = 65_536
LONGEST_HEADER = 32_000

REFUSAL = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title} – Slipway</title></head>
<body><main><h1>{title}</h1><p>{advice}</p><p>Request {request}</p></main></body>
</html>
"""


Problem = tuple[str, str, str]
OTHER_ADDRESS: Problem = (
    "400 Bad Request",
    "This is not Slipway's address",
    "Open the address that Slipway printed when it started.",
)
THROUGH_A_PROXY: Problem = (
    "400 Bad Request",
    "This request came through a proxy",
    "Slipway without sign-in serves this computer alone. Open its own address, without a proxy.",
)
PAST_THE_PROXIES: Problem = (
    "400 Bad Request",
    "This request did not come through all of Slipway's proxies",
    "Open Slipway's own address. Each of as many proxies as SLIPWAY_PROXY_HOPS says must add the address of its client "
    "to X-Forwarded-For.",
)
TOO_LONG: Problem = (
    "414 URI Too Long",
    "This address is too long",
    "Nothing was sent to Buddy. Check the address, or open Slipway itself and start there.",
)
TOO_MUCH: Problem = (
    "431 Request Header Fields Too Large",
    "Your browser sends too much beside this request",
    "Nothing was sent to Buddy. Delete the cookies of this address in your browser and try again.",
)
NOT_SERVED: Problem = ("405 Method Not Allowed", "This method is not served", "Open the page in a browser.")
OTHER_SITE: Problem = (
    "403 Forbidden",
    "This request came from another site",
    "Nothing was sent to Buddy. Open Slipway itself and try again there.",
)


class Gate:
    """WSGI middleware that lets only requests for Slipway's own `url` through and adds the security headers.

    `hops` is how many reverse proxies stand in front. Each adds one entry to X-Forwarded-For: the last `hops` of them
    are believed, and nothing else that a request says of proxies. Without proxies a request that does is refused.
    """

    def __init__(self, app: "WSGIApplication", url: str, hops: int = 0) -> None:
        self._app = app
        self._hops = hops
        address = urlsplit(url)
        self._scheme = address.scheme
        self._own_host = address.netloc.lower()
        self._headers = [*SECURITY_HEADERS, TRANSPORT_SECURITY] if address.scheme == "https" else SECURITY_HEADERS

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        start = self._with_headers(start_response)
        too_long = excess(environ)
        told = {name: environ.pop(name) for name in list(environ) if is_of_proxies(name)}
        peer = environ.get("REMOTE_ADDR", "")
        if self._hops and told:
            environ["REMOTE_ADDR"] = client_of(told.get(FORWARDED_FOR, ""), self._hops) or peer
        environ["wsgi.url_scheme"] = self._scheme
        problem = too_long or self._problem(environ, told, peer)
        if problem is None:
            return self._app(environ, start)
        status, title, advice = problem
        page = REFUSAL.format(title=title, advice=advice, request=environ[REQUEST]).encode()
        start(status, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))])
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [page]

    def _problem(self, environ: "WSGIEnvironment", told: dict[str, str], peer: str) -> Problem | None:
        """Tell why a request is refused. `told` is what it says of proxies, `peer` who has connected."""
        directly = is_loopback_host(peer) and not told
        host = environ.get("HTTP_HOST", "").lower()
        method = environ["REQUEST_METHOD"]
        probed = environ.get("PATH_INFO") in PROBES and not environ.get("SCRIPT_NAME")
        hops = 0 if probed else self._hops
        checks = (
            (probed or host == self._own_host or (directly and is_loopback_host(host)), OTHER_ADDRESS),
            (probed or hops or not told, THROUGH_A_PROXY),
            (not hops or directly or client_of(told.get(FORWARDED_FOR, ""), hops), PAST_THE_PROXIES),
            (method in METHODS, NOT_SERVED),
            (method not in WRITING or not is_cross_site(environ), OTHER_SITE),
        )
        return next((problem for passed, problem in checks if not passed), None)

    def _with_headers(self, start_response: "StartResponse") -> "StartResponse":
        def start(status: str, headers: Headers, *rest: object) -> Callable[[bytes], object]:
            names = {name.lower() for name, _ in headers}
            more = [] if "cache-control" in names else [("Cache-Control", "no-store")]
            return start_response(status, [*headers, *more, *self._headers], *rest)  # type: ignore[arg-type]

        return start


def excess(environ: "WSGIEnvironment") -> Problem | None:
    """Tell why a request is refused before anything in it is read: a part of it is longer than any needs to be."""
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    if len(path) > LONGEST_PATH or len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY:
        return TOO_LONG
    headers = (value for name, value in environ.items() if name.startswith("HTTP_") or name == "CONTENT_TYPE")
    return TOO_MUCH if any(len(value) > LONGEST_HEADER for value in headers) else None


def is_of_proxies(name: str) -> bool:
    """Whether a name in the WSGI environment is a header that proxies add."""
    return name == "HTTP_FORWARDED" or name.startswith("HTTP_X_FORWARDED")


def client_of(entries: str, hops: int) -> str | None:
    """The client's address, which the outermost of so many proxies has added; None when there is none."""
    added = [entry.strip() for entry in entries.split(",")][-hops:]
    # A zone can be of any length, and says something on the proxy's own computer alone (RFC 4007, 11).
    address = added[0].partition("%")[0]
    try:
        return str(ipaddress.ip_address(address)) if len(added) == hops else None
    except ValueError:
        return None


def is_loopback_host(host: str) -> bool:
    """Whether a Host header names this computer, with any port, and says nothing else."""
    try:
        address = urlsplit(f"//{host}")
        name = address.hostname or ""
        if address.netloc != host or "@" in host or address.port == 0:
            return False
        return name == "localhost" or bool(ipaddress.ip_address(name).is_loopback)
    except ValueError:
        return False


def is_cross_site(environ: "WSGIEnvironment") -> bool:
    """Whether a browser says that a request comes from another site (Fetch Metadata, else Origin)."""
    site: str | None = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site not in ("same-origin", "none")
    origin: str | None = environ.get("HTTP_ORIGIN")
    host: str = environ.get("HTTP_HOST", "")
    try:
        return origin is not None and urlsplit(origin).netloc.lower() != host.lower()
    except ValueError:
        return True
