"""Which of the addresses in Buddy's answers may become links."""

from urllib.parse import urlsplit

LONGEST_LINK = 2000
CLOUD = "buddy.works"


def safe_link(url: object, endpoint: str) -> str | None:
    """Give `url` back if it is safe as a link, else None.

    It is when it is https on Buddy's own domain, or on exactly the scheme, host and port of `endpoint`.
    """
    if not isinstance(url, str) or len(url) > LONGEST_LINK or not url.isascii() or not url.isprintable():
        return None
    if any(char in url for char in " \\\"'<>`") or "@" in url.partition("//")[2].partition("/")[0]:
        return None
    try:
        parts, own = urlsplit(url), urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme == "https" and port in (None, 443) and (host == CLOUD or host.endswith(f".{CLOUD}")):
        return url
    return url if host and (parts.scheme, host, port) == (own.scheme, own.hostname, own.port) else None
