"""Which figures there are. No label has a name, an address or anything else that somebody typed."""

from collections.abc import Sequence
from dataclasses import dataclass

# In seconds: pages, then what waits for Buddy.
TIMES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


@dataclass(frozen=True)
class Family:
    """Figures of one name, told apart by labels. They count or, with `bounds` in seconds, tell how long things took."""

    name: str
    words: str
    labels: tuple[str, ...]
    bounds: tuple[float, ...] = ()


@dataclass(frozen=True)
class Gauge:
    """What is now, of which each process has its part."""

    name: str
    words: str


@dataclass(frozen=True)
class Reading:
    """One figure that is the same for all processes, such as what the database holds: each value with its label."""

    name: str
    words: str
    values: Sequence[tuple[str, float]]
    label: str = ""


REQUESTS = Family(
    "slipway_requests",
    "Requests answered, by the pattern of their address; none is what the gate refused, or the sandbox answered.",
    ("method", "route", "status"),
)
REQUEST_SECONDS = Family("slipway_request_seconds", "Time to answer a request.", ("route",), TIMES)
CALLS = Family(
    "slipway_buddy_calls",
    "Calls to Buddy's API, by what came back: 2xx and so on, 429, or none for no answer.",
    ("endpoint", "outcome"),
)
CALL_SECONDS = Family("slipway_buddy_call_seconds", "Time that Buddy took to answer.", ("endpoint",), TIMES)
SENDS = Family("slipway_sends", "What was sent to Buddy, once each, by what its answer proved.", ("kind", "outcome"))
LOOKS = Family("slipway_looks", "Looks in Buddy for what was not answered, by what they came to.", ("kind", "outcome"))
DATABASE_ERRORS = Family("slipway_database_errors", "Statements that the database failed.", ("kind",))
COUNTED = (REQUESTS, REQUEST_SECONDS, CALLS, CALL_SECONDS, SENDS, LOOKS, DATABASE_ERRORS)

PROCESSES = Gauge("slipway_processes", "Processes that serve together.")
WAITING = Gauge("slipway_requests_waiting", "Requests that wait for a thread.")
THREADS = Gauge("slipway_threads_busy", "Threads that answer a request.")
SLOTS = Gauge("slipway_buddy_slots_taken", "Requests that wait for Buddy, of 64 that may in each process.")
CONNECTIONS = Gauge("slipway_database_connections_used", "Connections to the database that are in use.")
GAUGES = (PROCESSES, WAITING, THREADS, SLOTS, CONNECTIONS)
