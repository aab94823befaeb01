"""Checking images for people: how often and how many at once; each question is asked once, its answer kept a minute."""

import hmac
import secrets
from collections.abc import Callable, Collection, Hashable
from concurrent.futures import Future
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from webapp.docker.references import ImageReference
from webapp.http.slots import Busy, Slots
from webapp.http.waits import at_least_one
from webapp.registry.asking import SECONDS
from webapp.registry.client import Client
from webapp.registry.findings import NO_MORE, Finding, NotSeen, Pins, Tags, finding_of
from webapp.registry.hosts import Allowed, Host
from webapp.registry.images import Credentials, Place
from webapp.registry.limits import BUSY, WAIT, Limits
from webapp.registry.lookups import Resolve, look_up
from webapp.registry.memory import Memory

Result = TypeVar("Result", Finding, Tags, Pins)


class Registries:
    """Asks registries for people. Nothing that it gives back, keeps or raises has a name and password in it.

    `slots` are those of all that asks other servers, so that it never takes the last thread. `clock` tells the seconds.
    The rest is as for `Client`. With several processes each counts and keeps by itself.
    """

    def __init__(
        self,
        allowed: Allowed,
        ca_file: str | None = None,
        slots: Slots | None = None,
        seconds: float = SECONDS,
        resolve: Resolve = look_up,
        stand_in: Host | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._client = Client(allowed, ca_file, seconds, resolve, stand_in)
        self._slots = slots or Slots()
        self._clock = clock
        self._limits = Limits(clock)
        self._key = secrets.token_bytes(32)
        # For what is below.
        self._changing = Lock()
        self._answers: Memory[Future[Any]] = Memory(clock)
        self._pauses: Memory[float] = Memory(clock)

    def check(
        self, image: ImageReference, credentials: Credentials | None = None, person: str | None = None
    ) -> Finding:
        """Ask whether an image is there, and may be read with a name and password where these are given.

        `image.registry` is as people type it for Buddy: empty for Docker Hub, else a host with a port and path where
        needed. `person` is the id of whoever asks. Takes five seconds at most, and raises nothing for what registries
        do: what could not be found out is a finding, too.
        """
        try:
            return self._ask(self._client.check, image, credentials, person)
        except NotSeen as error:
            return finding_of(error)

    def tags(self, image: ImageReference, credentials: Credentials | None = None, person: str | None = None) -> Tags:
        """Ask which tags an image has, at most 10,000. All else is as in `check`."""
        try:
            return self._ask(self._client.tags, image, credentials, person)
        except NotSeen as error:
            return Tags((), error.sentence, wait=error.wait)

    def pins(self, image: ImageReference, credentials: Credentials | None = None, person: str | None = None) -> Pins:
        """Ask which of the newest versions are the same image as its tag (`latest`, as a rule) at this moment, by at
        most five requests for manifests. All else is as in `check`."""
        try:
            return self._ask(self._client.pins, image, credentials, person)
        except NotSeen as error:
            return Pins((), error.sentence, wait=error.wait)

    def end_pauses(self) -> None:
        """Ask again also those registries that wanted a pause."""
        with self._changing:
            self._pauses.clear()

    def close(self) -> None:
        """End what runs beside."""
        self._client.close()

    def _ask(
        self,
        question: Callable[[Place, Credentials | None], Result],
        image: ImageReference,
        credentials: Credentials | None,
        person: str | None,
    ) -> Result:
        """Give what is known of a question, wait for who is asking it at this moment, or ask it. Raises `NotSeen`."""
        place = self._client.place(image)
        registry = (place.registry, self._mark(credentials))
        key = (question, place, registry)
        # Whoever has a name and password is known by them only from the second request on.
        holding = {registry, (place.registry, self._mark(None))}
        try:
            # Who waits for another one's question holds a thread, too.
            with self._slots.hold():
                answer, known = self._begin(key, holding, person)
                if not known:
                    try:
                        answer.set_result(question(place, credentials))
                    except BaseException as error:
                        answer.set_exception(error)
                    self._end(key, registry, person, answer)
                found: Result = answer.result()
                return found
        except Busy:
            raise NotSeen(BUSY, WAIT) from None

    def _mark(self, credentials: Credentials | None) -> bytes:
        """What tells a name and password from others, and can't be turned back into them."""
        said = "" if credentials is None else credentials.basic
        return hmac.digest(self._key, said.encode(), "sha256")

    def _begin(self, key: Hashable, holding: Collection[Hashable], person: str | None) -> "tuple[Future[Any], bool]":
        """Find the answer to a question, which may still be on its way; else it is this thread that has to ask."""
        with self._changing:
            answer = self._answers.find(key)
            if answer is not None:
                return answer, True
            until = max((found for each in holding if (found := self._pauses.find(each))), default=None)
            if until is not None:
                raise NotSeen(NO_MORE, at_least_one(until - self._clock()))
            self._limits.begin(person)
            answer = Future()
            self._answers.keep(key, answer)
            return answer, False

    def _end(self, key: Hashable, registry: Hashable, person: str | None, answer: "Future[Any]") -> None:
        """Keep an answer that tells something, and the pause that a registry asks for."""
        found: Finding | Tags | Pins | None = None if answer.exception() else answer.result()
        with self._changing:
            self._limits.end(person)
            if found is None or not found.known:
                self._answers.drop(key)
            else:
                self._answers.keep(key, answer, size=len(found.names) if isinstance(found, Tags) else 0)
            if found is not None and found.wait is not None:
                self._pauses.keep(registry, self._clock() + found.wait, found.wait)
