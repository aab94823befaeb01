"""What of the settings is unsafe, in words for whoever runs Slipway."""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from webapp.settings import Oidc, Settings, SettingsError, is_loopback
from webapp.storage import KEY_FILE, read_key

SECRET = ("BUDDY_TOKEN", "SLIPWAY_SECRET_KEY", "SLIPWAY_OIDC_CLIENT_SECRET", "SLIPWAY_METRICS_TOKEN")
DATABASE = "SLIPWAY_DATABASE_URL"
# What accounts other than the owner's may do with a file, and what of that is writing.
OTHERS = 0o077
WRITING = 0o022
# Where a key has to be guessed, as a power of ten: some days of work for one computer. A phrase of words has more.
FEWEST_GUESSES = 15
# As much as the estimate is made for.
LOOKED_AT = 72
ANYBODY = "*"
# What people write about themselves (OpenID Connect Core, 5.1), and where some providers keep what is theirs to write.
OWN_CLAIMS = frozenset(
    (
        *("name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "username"),
        *("profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "address"),
        *("display_name", "user_metadata", "unsafe_metadata"),
    )
)

NO_SIGN_IN = (
    "Nobody has to sign in to use the desk: let only this computer reach it (unset SLIPWAY_URL) until people have to "
    "sign in."
)
NO_TLS = (
    "What people send and see can be read on the way: put a proxy with TLS in front, and set SLIPWAY_URL to its https "
    "address."
)
NO_HOPS = (
    "The address is https, which only a proxy can serve, and SLIPWAY_PROXY_HOPS says that there is none: set it to the "
    "number of proxies, or everybody has the same address in the record."
)
PAST_THE_PROXY = (
    "Slipway listens on {}, where people can reach it past the proxy and claim any address: set SLIPWAY_HOST to "
    "127.0.0.1, or let nobody but the proxy connect to it."
)
DEFAULT_DATABASE = (
    "The database is in the data folder of whoever starts Slipway, where another account would begin an empty one: set "
    "SLIPWAY_DATABASE_URL."
)
RELATIVE_DATABASE = (
    "The database's path begins where Slipway is started, so that a command that is run elsewhere would begin an empty "
    "one: write the whole path into SLIPWAY_DATABASE_URL, as in sqlite:////var/lib/slipway/slipway.db."
)
IN_ENVIRONMENT = "{0} is in the environment, which other programs see: put it in a file and set {0}_FILE."
KEY_BESIDE_DATABASE = (
    "The secret key lies beside the database, so that one stolen folder is enough to open it: put a key in a file "
    "elsewhere and set SLIPWAY_SECRET_KEY_FILE."
)
GUESSED = (
    "{} can be guessed: use one that python3 -c 'import secrets; print(secrets.token_urlsafe(48))' prints, and "
    "replace this one as docs/operating.md says under “Replacing the secret key”."
)
ANYBODY_ADMINISTERS = (
    "Anybody whom the OpenID provider knows is an administrator: name who is to be one in SLIPWAY_OIDC_ADMINISTRATORS, "
    "instead of *."
)
OWN_CLAIM = (
    "People can write {} themselves at many providers, and with it their role: set SLIPWAY_OIDC_ROLE_CLAIM to a claim "
    "that only those who look after the provider can change, such as groups."
)
PLAIN_REGISTRY = (
    "Names and passwords for {} can be read on the way: let it be asked over https, and take http:// out of "
    "SLIPWAY_REGISTRIES."
)
READABLE = "Other accounts of this computer can read {0}: run chmod 600 {0}."
WRITABLE = "Other accounts of this computer can put files of theirs into {0}: run chmod go-w {0}."
ROOT = "Slipway runs as root: give it an account of its own that may do nothing else."


def problems(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    """Give one sentence for each thing that is unsafe: what it is and what to do. Nothing is changed."""
    yield from open_files(settings, environ)
    yield from weak_keys(settings)
    if settings.oidc is not None:
        yield from wide_roles(settings.oidc)
    for host in settings.registries.plain:
        if not is_loopback(host.name.strip("[]")):
            yield PLAIN_REGISTRY.format(host.url)
    if not is_loopback(urlsplit(settings.url).hostname or ""):
        yield from for_others(settings, environ)


def for_others(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    """What is unsafe once other people than this computer's own use Slipway."""
    secure = settings.url.startswith("https:")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    database = sqlite_file(settings)
    checks = [
        (not settings.sign_in, NO_SIGN_IN),
        (not secure, NO_TLS),
        (secure and not settings.proxy_hops, NO_HOPS),
        (settings.proxy_hops and not is_loopback(settings.host), PAST_THE_PROXY.format(settings.host)),
        (settings.database_url is None, DEFAULT_DATABASE),
        (database is not None and not database.is_absolute(), RELATIVE_DATABASE),
        *((name in environ, IN_ENVIRONMENT.format(name)) for name in secrets_of(settings)),
        (not settings.secret_keys, KEY_BESIDE_DATABASE),
        (is_root, ROOT),
    ]
    yield from (sentence for unsafe, sentence in checks if unsafe)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The names of the settings that nobody else may know."""
    url = database_address(settings)
    return (*SECRET, DATABASE) if url is not None and url.password else SECRET


def weak_keys(settings: Settings) -> Iterator[str]:
    """The secret keys that can be guessed, such as one character again and again."""
    if any(is_weak(key) for key in settings.secret_keys):
        yield GUESSED.format("A key in SLIPWAY_SECRET_KEY")
    database = sqlite_file(settings)
    beside = database.with_name(KEY_FILE) if database and not settings.secret_keys else None
    if beside is None or not beside.is_file():
        return
    try:
        if is_weak(read_key(beside)):
            yield GUESSED.format(f"The key in {beside}")
    except (SettingsError, OSError) as error:
        yield f"{error}."


def is_weak(key: str) -> bool:
    """Whether a key can be guessed."""
    # Loaded for `slipway check` alone: its lists of words take 16 MB.
    from zxcvbn import zxcvbn

    return float(zxcvbn(key[:LOOKED_AT])["guesses_log10"]) < FEWEST_GUESSES


def wide_roles(oidc: Oidc) -> Iterator[str]:
    """What gives people of the provider more than was meant."""
    if ANYBODY in oidc.administrators:
        yield ANYBODY_ADMINISTERS
    if oidc.role_claim.split(".")[0].lower() in OWN_CLAIMS:
        yield OWN_CLAIM.format(oidc.role_claim)


def open_files(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    """The files with secrets or submissions that other accounts of this computer can read or replace."""
    if os.name == "nt":
        # Windows has no such bits: a file takes its rights from its folder.
        return
    names = [f"{name}_FILE" for name in secrets_of(settings)]
    named = [Path(environ[name]) for name in names if name in environ]
    database = sqlite_file(settings)
    own = [database.with_name(KEY_FILE), database] if database else []
    for path in [*named, *own]:
        if path.is_file() and path.stat().st_mode & OTHERS:
            yield READABLE.format(path)
    for folder in dict.fromkeys(folder for path in [*named, *own] for folder in open_folders(path)):
        yield WRITABLE.format(folder)


def open_folders(path: Path) -> Iterator[Path]:
    """The folders, of those that a file lies in, in which other accounts can replace what is there."""
    own = path.absolute().parent
    for folder in (own, *own.parents):
        if folder.is_dir():
            mode = folder.stat().st_mode
            # With the sticky bit only the owner of a folder replaces it.
            kept = folder != own and mode & stat.S_ISVTX
            if mode & WRITING and not kept:
                yield folder


def sqlite_file(settings: Settings) -> Path | None:
    """The database's file, where it is one that stays."""
    if settings.database_url is None:
        return None if settings.sandbox else user_data_path("slipway", appauthor=False) / "slipway.db"
    url = database_address(settings)
    return Path(url.database) if url and url.get_backend_name() == "sqlite" and url.database else None


def database_address(settings: Settings) -> URL | None:
    """Where the database is, in parts; None where that is not set or can't be read."""
    try:
        return make_url(settings.database_url) if settings.database_url else None
    except ArgumentError:
        return None
