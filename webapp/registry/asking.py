"""All requests of one question: each host is judged, asked at the addresses that were judged, and all end together."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urljoin, urlsplit

import requests

from webapp.http.connections import WatchedAdapter, watched_pools
from webapp.http.deadlines import Deadline
from webapp.http.failures import NotSent, classify_failure
from webapp.http.transport import environment, in_time, read_body
from webapp.http.trust import Trust
from webapp.registry.findings import NOT_REACHED, TOO_SLOW, NotReached, NotSeen
from webapp.registry.hosts import Allowed, Host, NotAllowed
from webapp.registry.lookups import LookUps

# For all that one question takes.
SECONDS = 5.0
SHORTEST_TIME = 0.01
LARGEST_ANSWER = 64 * 1024
REDIRECTS = 3
REDIRECTING = frozenset({301, 302, 303, 307, 308})
LONGEST_LOCATION = 4000
# A body that has to be unpacked first would be larger than it looks.
PLAIN = {"Accept-Encoding": "identity"}
TOO_LARGE = "Not checked: the registry gave an answer that is too large."
BROKEN = "Not checked: the connection to the registry broke before its answer came."


class Broken(NotReached):
    """The connection broke."""


@dataclass(frozen=True)
class Reply:
    """What came back: the status, the headers, and the body, or None where it was cut or too large."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


class Asking:
    """One question: its requests go to hosts that may be asked, and end together. Not for two threads at once."""

    def __init__(self, allowed: Allowed, look_ups: LookUps, trust: Trust, deadline: Deadline, stack: ExitStack) -> None:
        self._allowed = allowed
        self._look_ups = look_ups
        self._trust = trust
        self._deadline = deadline
        self._stack = stack
        self._adapters: dict[Host, WatchedAdapter] = {}
        # How many more bytes may come of the answer that is read.
        self._room = 0

    def ask(
        self, method: str, host: Host, target: str, headers: Mapping[str, str], most: int = LARGEST_ANSWER
    ) -> Reply:
        """Ask for a target, which begins with a slash, and follow where it leads. Raises `NotSeen`.

        What signs in never goes to another host than the first, nor to that one after another was asked.
        """
        sent, first = dict(headers), host
        for _ in range(REDIRECTS + 1):
            reply = self._send(method, host, target, sent, most)
            location = reply.headers.get("Location", "")
            if reply.status not in REDIRECTING or not location:
                return reply
            host, target = followed(host, target, location)
            if host.scheme != "https" and host != first:
                raise NotSeen("Not checked: the registry leads to an address without encryption.")
            if host != first:
                sent.pop("Authorization", None)
        raise NotSeen("Not checked: the registry leads from one address to the next.")

    def _send(self, method: str, host: Host, target: str, headers: Mapping[str, str], most: int) -> Reply:
        """Ask, and once more where the connection broke: nothing that is asked here changes anything."""
        try:
            return self._send_once(method, host, target, headers, most)
        except Broken:
            return self._send_once(method, host, target, headers, most)

    def _send_once(self, method: str, host: Host, target: str, headers: Mapping[str, str], most: int) -> Reply:
        try:
            reply = self._exchange(method, host, target, headers, most)
        except requests.RequestException as error:
            raise self._failure(error, host) from None
        # Headers that were cut look like whole ones to Python.
        if self._deadline.over:
            raise self._not_reached(TOO_SLOW)
        return reply

    def _failure(self, error: requests.RequestException, host: Host) -> NotReached:
        failure = classify_failure(error, host.name)
        if self._deadline.over or isinstance(error, requests.ReadTimeout):
            return self._not_reached(TOO_SLOW)
        if isinstance(failure, NotSent):
            return self._not_reached(f"Not checked: {failure.reason[:1].lower()}{failure.reason[1:]}")
        return Broken(self._shown_reason(BROKEN))

    def _exchange(self, method: str, host: Host, target: str, headers: Mapping[str, str], most: int) -> Reply:
        url = f"{host.url}{target}"
        around = environment(url)
        adapter = self._adapter(host, bool(requests.utils.select_proxy(url, around["proxies"])))
        asked = requests.Request(method, url, {**requests.utils.default_headers(), **PLAIN, **headers}).prepare()
        self._room = most
        left = max(self._deadline.end - monotonic(), SHORTEST_TIME)
        with in_time(self._deadline), adapter.send(asked, stream=True, timeout=left, **around) as response:
            try:
                return Reply(response.status_code, response.headers, read_body(response, most))
            except (requests.exceptions.ContentDecodingError, ValueError):
                return Reply(response.status_code, response.headers, None)

    def _adapter(self, host: Host, proxied: bool) -> WatchedAdapter:
        """What connects to a host: to the addresses that were judged when it was asked first, and no other."""
        if host not in self._adapters:
            pools = watched_pools(self._deadline.watch, self._addresses(host, proxied), self._take)
            adapter = WatchedAdapter(1, pools, self._trust)
            self._adapters[host] = self._stack.enter_context(closing(adapter))
        return self._adapters[host]

    def _take(self, count: int) -> None:
        """Take some bytes of an answer, headers included. Raises `NotSeen` when it is too large."""
        self._room -= count
        if self._room < 0:
            raise NotSeen(TOO_LARGE)

    def _addresses(self, host: Host, proxied: bool) -> Sequence[str]:
        """Where a host may be asked; none through a proxy, which looks the name up by itself. Raises `NotReached`."""
        try:
            self._allowed.check(host, proxied)
            if proxied:
                return ()
            found = self._look_ups.find(host.name, host.port, self._deadline.end - monotonic())
            self._allowed.check_addresses(host, found)
        except TimeoutError:
            raise self._not_reached(TOO_SLOW) from None
        except NotAllowed as error:
            raise self._not_reached(f"Not checked: {error}") from None
        if not found:
            raise self._not_reached(f"Not checked: there is no host {host.name}.")
        return found

    def _not_reached(self, sentence: str) -> NotReached:
        return NotReached(self._shown_reason(sentence))

    def _shown_reason(self, sentence: str) -> str:
        """Where any public host may be asked, whoever asks is not told why one can't be reached: else the answers would
        be a map of the network."""
        return NOT_REACHED if self._allowed.anybody else sentence


def followed(host: Host, target: str, location: str) -> tuple[Host, str]:
    """Where a redirect leads. Raises `NotSeen`."""
    try:
        whole = urljoin(f"{host.url}{target}", location[:LONGEST_LOCATION])
        parts = urlsplit(whole)
        return Host.in_url(whole), f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    except ValueError:
        raise NotSeen("Not checked: the registry leads to an address that can't be asked.") from None
