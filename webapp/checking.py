"""What of the settings is unsafe, in words for whoever runs Slipway."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from webapp.settings import Settings, is_loopback
from webapp.storage import KEY_FILE

SECRET = ("BUDDY_TOKEN", "SLIPWAY_SECRET_KEY")
OTHERS = 0o077

NO_SIGN_IN = (
    "Nobody has to sign in to use the desk: let only this computer reach it (unset SLIPWAY_URL) until it asks who "
    "somebody is."
)
NO_TLS = (
    "What people send and see can be read on its way: put a proxy with TLS in front, and set SLIPWAY_URL to its https "
    "address."
)
NO_HOPS = (
    "The address is https, which only a proxy can serve, and SLIPWAY_PROXY_HOPS says that there is none: set it to the "
    "number of proxies, or all people have one address in the record."
)
PAST_THE_PROXY = (
    "Slipway listens on {}, where people can reach it past the proxy and claim any address: set SLIPWAY_HOST to "
    "127.0.0.1, or let nobody but the proxy connect to it."
)
DEFAULT_DATABASE = (
    "The database is in the data folder of whoever starts Slipway, where another account would begin an empty one: set "
    "SLIPWAY_DATABASE_URL."
)
IN_ENVIRONMENT = "{0} stands in the environment, which other programs see: put it in a file and set {0}_FILE."
KEY_BESIDE_DATABASE = (
    "The secret key lies beside the database, so that one stolen folder is enough to open it: put a key in a file "
    "elsewhere and set SLIPWAY_SECRET_KEY_FILE."
)
ROOT = "Slipway runs as root: give it an account of its own that may do nothing else."


def problems(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    """Give one sentence for each thing that is unsafe: what it is and what to do. Nothing is changed."""
    yield from readable_files(settings, environ)
    if not is_loopback(urlsplit(settings.url).hostname or ""):
        yield from for_others(settings, environ)


def for_others(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    """What is unsafe once other people than this computer's own use Slipway."""
    secure = settings.url.startswith("https:")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    checks = [
        (not settings.sign_in, NO_SIGN_IN),
        (not secure, NO_TLS),
        (secure and not settings.proxy_hops, NO_HOPS),
        (settings.proxy_hops and not is_loopback(settings.host), PAST_THE_PROXY.format(settings.host)),
        (settings.database_url is None, DEFAULT_DATABASE),
        *((name in environ, IN_ENVIRONMENT.format(name)) for name in SECRET),
        (not settings.secret_keys, KEY_BESIDE_DATABASE),
        (is_root, ROOT),
    ]
    yield from (sentence for unsafe, sentence in checks if unsafe)


def readable_files(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    """The files with secrets or submissions that other accounts of this computer can read."""
    if os.name == "nt":
        # Windows has no such bits: a file takes its rights from its folder.
        return
    named = [Path(environ[f"{name}_FILE"]) for name in SECRET if f"{name}_FILE" in environ]
    database = sqlite_file(settings)
    own = [database.with_name(KEY_FILE), database] if database else []
    for path in [*named, *own]:
        if path.is_file() and path.stat().st_mode & OTHERS:
            yield f"Other accounts of this computer can read {path}: run chmod 600 {path}."


def sqlite_file(settings: Settings) -> Path | None:
    """The database's file, where it is one that stays."""
    if settings.database_url is None:
        return None if settings.sandbox else user_data_path("slipway", appauthor=False) / "slipway.db"
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        return None
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
