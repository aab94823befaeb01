"""The settings: read once from the environment, checked at the start, never changed afterwards."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from webapp.registry.hosts import Allowed

NAMES = (
    "BUDDY_TOKEN",
    "BUDDY_API_ENDPOINT",
    "BUDDY_CA_FILE",
    "SLIPWAY_HOST",
    "SLIPWAY_PORT",
    "SLIPWAY_URL",
    "SLIPWAY_PROXY_HOPS",
    "SLIPWAY_DATABASE_URL",
    "SLIPWAY_SECRET_KEY",
    "SLIPWAY_KEEP_DAYS",
    "SLIPWAY_PROCESSES",
    "SLIPWAY_METRICS_TOKEN",
    "SLIPWAY_SIGN_IN",
    "SLIPWAY_OIDC_ISSUER",
    "SLIPWAY_OIDC_CLIENT_ID",
    "SLIPWAY_OIDC_CLIENT_SECRET",
    "SLIPWAY_OIDC_ROLE_CLAIM",
    "SLIPWAY_OIDC_ADMINISTRATORS",
    "SLIPWAY_OIDC_EDITORS",
    "SLIPWAY_OIDC_CONTRIBUTORS",
    "SLIPWAY_OIDC_VIEWERS",
    "SLIPWAY_REGISTRIES",
    "SLIPWAY_REGISTRY_CA_FILE",
)
SIGN_INS = frozenset({"password", "oidc"})
SHORTEST_KEY = 16
MOST_PROCESSES = 32
# Each account that enters through the provider names it.
LONGEST_ISSUER = 255
WELL_KNOWN = Allowed.parse()
# The ports that browsers leave out.
USUAL_PORTS = {"http": 80, "https": 443}


class SettingsError(ValueError):
    """A setting is wrong; the message is one sentence that says what is allowed."""


@dataclass(frozen=True)
class Oidc:
    """An OpenID provider, and whom it lets in: who has one of these values in `role_claim` has the role."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role_claim: str = "groups"
    administrators: frozenset[str] = frozenset()
    editors: frozenset[str] = frozenset()
    contributors: frozenset[str] = frozenset()
    viewers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Settings:
    """All settings of one Slipway. Without `secret_keys` and `database_url` they are made at the start."""

    buddy_token: str | None = field(default=None, repr=False)
    buddy_api_endpoint: str = "https://api.buddy.works"
    buddy_ca_file: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    url: str = "http://127.0.0.1:8000"
    proxy_hops: int = 0
    database_url: str | None = field(default=None, repr=False)
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    keep_days: int = 365
    processes: int = 1
    metrics_token: str | None = field(default=None, repr=False)
    sign_in: frozenset[str] = frozenset()
    oidc: Oidc | None = None
    registries: Allowed = WELL_KNOWN
    registry_ca_file: str | None = None

    @property
    def sandbox(self) -> bool:
        """Whether Slipway runs on its sandbox: there is no token for the real Buddy, and nobody signs in."""
        return self.buddy_token is None and not self.sign_in

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the environment. Raises `SettingsError` for a wrong value or an unknown name."""
        values = read_values(environ)
        sign_in = read_sign_in(values)
        check_hops(values, sign_in)
        host = read_host(values, sign_in)
        port = read_number(values, "SLIPWAY_PORT", 8000, 1, 65_535)
        token = read_token(values)
        return cls(
            sign_in=sign_in,
            oidc=read_oidc(values) if "oidc" in sign_in else None,
            buddy_token=token,
            buddy_api_endpoint=read_endpoint(values),
            buddy_ca_file=read_ca_file(values, "BUDDY_CA_FILE"),
            host=host,
            port=port,
            url=read_url(values, host, port),
            proxy_hops=read_number(values, "SLIPWAY_PROXY_HOPS", 0, 0, 10),
            database_url=values.get("SLIPWAY_DATABASE_URL"),
            secret_keys=read_keys(values),
            keep_days=read_number(values, "SLIPWAY_KEEP_DAYS", 365, 1, 36_500),
            metrics_token=read_metrics_token(values),
            processes=read_processes(values, sandbox=token is None and not sign_in),
            registries=read_registries(values),
            registry_ca_file=read_ca_file(values, "SLIPWAY_REGISTRY_CA_FILE"),
        )


def read_values(environ: Mapping[str, str]) -> dict[str, str]:
    """Collect the known names, from themselves or from the file that `…_FILE` names; refuse unknown ones."""
    unknown = {name for name in environ if name.startswith("SLIPWAY_")} - {*NAMES, *(f"{name}_FILE" for name in NAMES)}
    if unknown:
        raise SettingsError(f"{min(unknown)} is not a setting of Slipway; the settings are {', '.join(NAMES)}")
    values = {name: environ[name] for name in NAMES if name in environ}
    for name in NAMES:
        path = environ.get(f"{name}_FILE")
        if path is None:
            continue
        if name in values:
            raise SettingsError(f"{name} and {name}_FILE must not both be set")
        values[name] = read_file(f"{name}_FILE", path)
    return values


def read_file(name: str, path: str) -> str:
    """Read a value from a file, without the line end and without the mark that Windows may put before it."""
    try:
        return Path(path).read_text(encoding="utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{name} must be a text file that Slipway can read") from None


def read_token(values: Mapping[str, str]) -> str | None:
    """The token, which may be left out but not be empty."""
    token = values.get("BUDDY_TOKEN")
    if token is None:
        return None
    if not token.strip() or not token.isascii() or not token.isprintable() or " " in token.strip():
        raise SettingsError("BUDDY_TOKEN must be a Buddy token, or not be set at all")
    return token.strip()


def read_endpoint(values: Mapping[str, str]) -> str:
    """The address of Buddy's API: https, or http on this computer."""
    text = values.get("BUDDY_API_ENDPOINT", "https://api.buddy.works").rstrip("/")
    if not is_safe_address(text):
        raise SettingsError(
            "BUDDY_API_ENDPOINT must be an https address such as https://api.buddy.works, "
            "https://api.eu.buddy.works or https://<host>/api"
        )
    return text


def read_ca_file(values: Mapping[str, str], name: str) -> str | None:
    """The file with the certificate of a private authority."""
    path = values.get(name)
    if path is not None and not Path(path).is_file():
        raise SettingsError(f"{name} must be a file with certificates in PEM format")
    return path


def read_registries(values: Mapping[str, str]) -> Allowed:
    """Which registries may be asked whether an image is there."""
    text = values.get("SLIPWAY_REGISTRIES", "default")
    if not text.strip(" ,"):
        raise SettingsError("SLIPWAY_REGISTRIES must name somebody, or be none, or not be set for the well-known ones")
    try:
        return Allowed.parse(text)
    except ValueError as error:
        raise SettingsError(f"SLIPWAY_REGISTRIES can't be used: {error}") from None


def read_sign_in(values: Mapping[str, str]) -> frozenset[str]:
    """The ways in which people sign in; none means that nobody does."""
    ways = frozenset(part.strip() for part in values.get("SLIPWAY_SIGN_IN", "none").split(","))
    if ways == {"none"}:
        return frozenset()
    if not ways <= SIGN_INS:
        raise SettingsError("SLIPWAY_SIGN_IN must be none, password, oidc, or password,oidc")
    return ways


def read_oidc(values: Mapping[str, str]) -> Oidc:
    """The OpenID provider. Somebody must be let in, or nobody could sign in."""
    for name in ("SLIPWAY_OIDC_ISSUER", "SLIPWAY_OIDC_CLIENT_ID", "SLIPWAY_OIDC_CLIENT_SECRET"):
        if not values.get(name, "").strip():
            raise SettingsError(f"{name} must be set when SLIPWAY_SIGN_IN holds oidc")
    issuer = values["SLIPWAY_OIDC_ISSUER"]
    if not is_safe_address(issuer):
        raise SettingsError("SLIPWAY_OIDC_ISSUER must be an https address, exactly as the provider writes its issuer")
    if len(issuer) > LONGEST_ISSUER:
        raise SettingsError(f"SLIPWAY_OIDC_ISSUER must be at most {LONGEST_ISSUER} characters long")
    role_claim = values.get("SLIPWAY_OIDC_ROLE_CLAIM", "groups")
    if not role_claim.strip():
        raise SettingsError("SLIPWAY_OIDC_ROLE_CLAIM must name a claim, or not be set for groups")
    administrators, editors, contributors, viewers = (
        frozenset(filter(None, (part.strip() for part in values.get(f"SLIPWAY_OIDC_{name}", "").split(","))))
        for name in ("ADMINISTRATORS", "EDITORS", "CONTRIBUTORS", "VIEWERS")
    )
    if not administrators | editors | contributors | viewers:
        raise SettingsError(
            "One of SLIPWAY_OIDC_ADMINISTRATORS, SLIPWAY_OIDC_EDITORS, SLIPWAY_OIDC_CONTRIBUTORS and "
            "SLIPWAY_OIDC_VIEWERS must name somebody"
        )
    return Oidc(
        issuer=issuer,
        client_id=values["SLIPWAY_OIDC_CLIENT_ID"],
        client_secret=values["SLIPWAY_OIDC_CLIENT_SECRET"],
        role_claim=role_claim,
        administrators=administrators,
        editors=editors,
        contributors=contributors,
        viewers=viewers,
    )


def check_hops(values: Mapping[str, str], sign_in: frozenset[str]) -> None:
    """Through a proxy others can come, so that there must be sign-in."""
    if values.get("SLIPWAY_PROXY_HOPS", "0") != "0" and not sign_in:
        raise SettingsError("SLIPWAY_PROXY_HOPS must be 0: a Slipway behind a proxy needs sign-in")


def read_host(values: Mapping[str, str], sign_in: frozenset[str]) -> str:
    """The host to listen on: without sign-in this computer alone; elsewhere address and key must be set too."""
    host = values.get("SLIPWAY_HOST", "127.0.0.1")
    if is_loopback(host):
        return host
    # A socket would take an empty one for all.
    if not host.strip():
        raise SettingsError("SLIPWAY_HOST must be a host's name or address, or not be set for this computer alone")
    if not sign_in:
        raise SettingsError("SLIPWAY_HOST must be 127.0.0.1, ::1 or localhost: any other host needs sign-in")
    for name in ("SLIPWAY_URL", "SLIPWAY_SECRET_KEY"):
        if name not in values:
            raise SettingsError(f"{name} must be set when SLIPWAY_HOST is any other host than this computer")
    return host


def read_number(values: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """A whole number within limits."""
    text = values.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or not low <= int(text) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}")
    return int(text)


def read_metrics_token(values: Mapping[str, str]) -> str | None:
    """What a machine shows that may read figures; none means that there are none to be read."""
    token = values.get("SLIPWAY_METRICS_TOKEN")
    if token is not None and not (len(token) >= SHORTEST_KEY and token.isascii() and token.isprintable()):
        raise SettingsError(
            f"SLIPWAY_METRICS_TOKEN must be at least {SHORTEST_KEY} letters, digits and signs, or not set"
        )
    if token is not None and " " in token:
        raise SettingsError("SLIPWAY_METRICS_TOKEN must have no spaces")
    return token


def read_processes(values: Mapping[str, str], sandbox: bool) -> int:
    """How many processes serve together."""
    count = read_number(values, "SLIPWAY_PROCESSES", 1, 1, MOST_PROCESSES)
    if count > 1 and sandbox:
        raise SettingsError("SLIPWAY_PROCESSES must be 1 on the sandbox, whose simulated Buddy is in one process")
    if count > 1 and not hasattr(os, "fork"):
        raise SettingsError("SLIPWAY_PROCESSES must be 1 on this system, which can't fork processes")
    return count


def read_url(values: Mapping[str, str], host: str, port: int) -> str:
    """The address that people use: scheme and host, with a port where it is not the usual one."""
    default = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    text = values.get("SLIPWAY_URL", default).rstrip("/")
    parts = split_address(text)
    if not parts or parts[0] not in ("http", "https") or parts[2] or set(text) & set("?#@\\ "):
        raise SettingsError(
            "SLIPWAY_URL must be an http or https address without a path, such as https://desk.example.com"
        )
    if not text.isascii():
        raise SettingsError("SLIPWAY_URL must name the host as browsers send it, in the form that begins with xn--")
    address = urlsplit(text)
    shown = f"[{parts[1]}]" if ":" in parts[1] else parts[1]
    return f"{parts[0]}://{shown}" + ("" if address.port in (None, USUAL_PORTS[parts[0]]) else f":{address.port}")


def read_keys(values: Mapping[str, str]) -> tuple[str, ...]:
    """The secret keys, newest first; none means that one is made."""
    if "SLIPWAY_SECRET_KEY" not in values:
        return ()
    keys = tuple(key.strip() for key in values["SLIPWAY_SECRET_KEY"].split(","))
    if not all(is_key(key) for key in keys):
        raise SettingsError(
            f"SLIPWAY_SECRET_KEY must be one or more keys of at least {SHORTEST_KEY} characters, separated by commas"
        )
    return keys


def is_key(text: str) -> bool:
    """Whether a text can be a secret key at all. How good a one it is, `slipway check` says."""
    return len(text) >= SHORTEST_KEY and text.isprintable()


def is_safe_address(text: str) -> bool:
    """Whether a text is an https address, or an http one of this computer, with no more than a path."""
    parts = split_address(text)
    safe = parts is not None and (parts[0] == "https" or (parts[0] == "http" and is_loopback(parts[1])))
    return safe and not set(text) & set("?#@\\ ")


def split_address(text: str) -> tuple[str, str, str] | None:
    """The scheme, host and path of an address, or None when it is none."""
    try:
        parts = urlsplit(text)
        valid = bool(parts.hostname) and text.isprintable() and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname or "", parts.path) if valid else None


def is_loopback(host: str) -> bool:
    """Whether a host is this computer itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
