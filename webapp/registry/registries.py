"""Checking images for people: how often and how many at once; each question is asked once, its answer kept a minute."""

from typing import TypeVar

from webapp.docker.references import ImageReference
from webapp.http.slots import Slots
from webapp.registry.asking import SECONDS
from webapp.registry.client import Client
from webapp.registry.findings import Finding, NotSeen, Pins, Tags, finding_of
from webapp.registry.hosts import Allowed, Host
from webapp.registry.images import HUB, Credentials
from webapp.registry.lookups import Resolve, look_up

Result = TypeVar("Result", Finding, Tags, Pins)


class Registries:
    """Asks registries for people. Nothing that it gives back, keeps or raises has a name and password in it.

    `slots` are those of all that asks other servers, so that it never takes the last thread. The rest is as for
    `Client`.
    """

    def __init__(
        self,
        allowed: Allowed,
        ca_file: str | None = None,
        hub: Host = HUB,
        slots: Slots | None = None,
        seconds: float = SECONDS,
        resolve: Resolve = look_up,
        stand_in: Host | None = None,
    ) -> None:
        self._client = Client(allowed, ca_file, hub, seconds, resolve, stand_in)
        self._slots = slots or Slots()

    def check(
        self, image: ImageReference, credentials: Credentials | None = None, person: str | None = None
    ) -> Finding:
        """Ask whether an image is there, and may be read with a name and password where these are given.

        `image.registry` is as people type it for Buddy: empty for Docker Hub, else a host with a port and path where
        needed. `person` is the id of whoever asks. Takes five seconds at most, and raises nothing for what registries
        do: what could not be found out is a finding, too.
        """
        try:
            return self._client.check(self._client.place(image), credentials)
        except NotSeen as error:
            return finding_of(error)

    def tags(self, image: ImageReference, credentials: Credentials | None = None, person: str | None = None) -> Tags:
        """Ask which tags an image has, at most 10,000. All else is as in `check`."""
        try:
            return self._client.tags(self._client.place(image), credentials)
        except NotSeen as error:
            return Tags((), error.sentence, wait=error.wait)

    def pins(self, image: ImageReference, credentials: Credentials | None = None, person: str | None = None) -> Pins:
        """Ask which of the newest versions are the same image as its tag (`latest`, as a rule) at this moment, by at
        most five requests for manifests. All else is as in `check`."""
        try:
            return self._client.pins(self._client.place(image), credentials)
        except NotSeen as error:
            return Pins((), error.sentence, wait=error.wait)

    def close(self) -> None:
        """End what runs beside."""
        self._client.close()
