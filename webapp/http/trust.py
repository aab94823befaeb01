"""Which certificates are trusted: read once, since reading those of a system takes longer than the rest of a call."""

import os
from ssl import SSLContext
from threading import Lock

import requests
from urllib3.util.ssl_ import create_urllib3_context


class NoCertificates(requests.RequestException):
    """The certificates that say whom to trust can't be read, so nothing is sent."""


class Trust:
    """The certificates of a file or a folder, for all connections that trust them.

    `verify` is its path, or True for those that come with `requests`. They are read when they are needed first, and
    again once they have changed.
    """

    def __init__(self, verify: bool | str) -> None:
        self._path = verify if isinstance(verify, str) else requests.utils.DEFAULT_CA_BUNDLE_PATH
        self._reading = Lock()
        self._read: tuple[object, SSLContext] | None = None

    def context(self) -> SSLContext:
        """What checks the certificates of others against them. Raises `NoCertificates`."""
        with self._reading:
            try:
                found = os.stat(self._path)
                state = (found.st_mtime_ns, found.st_size, found.st_ino)
                if self._read is None or self._read[0] != state:
                    self._read = state, self._load()
            except OSError as error:
                raise NoCertificates(error) from error
            return self._read[1]

    def _load(self) -> SSLContext:
        context = create_urllib3_context()
        if os.path.isdir(self._path):
            context.load_verify_locations(capath=self._path)
        else:
            context.load_verify_locations(cafile=self._path)
        return context
