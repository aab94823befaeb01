"""The gate in front of everything, the sandbox included: who may ask, from where, and what every answer must carry."""

import ipaddress
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

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
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

REFUSAL = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title} – Slipway</title></head>
<body><main><h1>{title}</h1><p>{advice}</p></main></body>
</html>
"""


class Guard:
    """WSGI middleware that lets only this computer's own requests through and adds the security headers."""

    def __init__(self, app: "WSGIApplication", url: str) -> None:
        self._app = app
        address = urlsplit(url)
        self._own_host = address.netloc.lower()
        self._headers = [*SECURITY_HEADERS, TRANSPORT_SECURITY] if address.scheme == "https" else SECURITY_HEADERS

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        start = self._with_headers(start_response)
        problem = self._problem(environ)
        if problem is None:
            return self._app(environ, start)
        status, title, advice = problem
        page = REFUSAL.format(title=title, advice=advice).encode()
        start(status, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))])
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [page]

    def _problem(self, environ: "WSGIEnvironment") -> tuple[str, str, str] | None:
        """Tell why a request is refused: status, title, advice."""
        if not self._host_is_ours(environ.get("HTTP_HOST", "")):
            return (
                "400 Bad Request",
                "This is not Slipway's address",
                "Open the address that Slipway printed when it started.",
            )
        if any(name == "HTTP_FORWARDED" or name.startswith("HTTP_X_FORWARDED") for name in environ):
            advice = "Slipway without sign-in serves this computer alone. Open its own address, without a proxy."
            return "400 Bad Request", "This request came through a proxy", advice
        method = environ["REQUEST_METHOD"]
        if method not in METHODS:
            return "405 Method Not Allowed", "This method is not served", "Open the page in a browser."
        if method in WRITING and is_cross_site(environ):
            advice = "Nothing was sent to Buddy. Open Slipway itself and try again there."
            return "403 Forbidden", "This request came from another site", advice
        return None

    def _host_is_ours(self, host: str) -> bool:
        return host.lower() == self._own_host or is_loopback_host(host)

    def _with_headers(self, start_response: "StartResponse") -> "StartResponse":
        def start(status: str, headers: Headers, *rest: object) -> Callable[[bytes], object]:
            names = {name.lower() for name, _ in headers}
            more = [] if "cache-control" in names else [("Cache-Control", "no-store")]
            return start_response(status, [*headers, *more, *self._headers], *rest)  # type: ignore[arg-type]

        return start


def is_loopback_host(host: str) -> bool:
    """Whether a Host header names this computer, with any port."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
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
    return origin is not None and urlsplit(origin).netloc.lower() != host.lower()
