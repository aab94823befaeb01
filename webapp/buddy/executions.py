"""Runs of a pipeline, which Buddy calls executions: what starts one, how far it is, and what its actions print."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

from webapp.buddy.places import check_part
from webapp.buddy.secrecy import REDACTED
from webapp.http.entries import Entries, raw_entries, read_entry
from webapp.http.reading import integer, mapping, moment, optional_text

# Buddy cuts lines there (Buddy: changelog of May 2025); older ones may not.
LONGEST_LINE = 2000
# The most that Buddy gives at once (Buddy: "Get action execution logs").
MOST_LINES = 1000
# No log has as many lines: who says so has miscounted.
MOST_COUNTED = 10**9
LONGEST_WORD = 40
NEWEST = "HEAD"
BEGINNING = datetime.min.replace(tzinfo=UTC)
COMPLETE = 100
# Buddy's are 24 characters long.
LONGEST_ADDRESS = 64


class Status(StrEnum):
    """How far a run is, and each of its actions (Buddy: OpenAPI, `ExecutionView.status`)."""

    INITIAL = "INITIAL"
    ENQUEUED = "ENQUEUED"
    INPROGRESS = "INPROGRESS"
    TERMINATING = "TERMINATING"
    WAITING_FOR_APPLY = "WAITING_FOR_APPLY"
    WAITING_FOR_VARIABLES = "WAITING_FOR_VARIABLES"
    WAITING_FOR_SETTABLE_VARIABLES = "WAITING_FOR_SETTABLE_VARIABLES"
    WAITING_FOR_VT_SESSION = "WAITING_FOR_VT_SESSION"
    SUCCESSFUL = "SUCCESSFUL"
    FAILED = "FAILED"
    TERMINATED = "TERMINATED"
    SKIPPED = "SKIPPED"
    NOT_EXECUTED = "NOT_EXECUTED"


# What changes no more. A word that is not known is none of these: Buddy may have new ones.
FINAL: frozenset[str] = frozenset(
    {Status.SUCCESSFUL, Status.FAILED, Status.TERMINATED, Status.SKIPPED, Status.NOT_EXECUTED}
)
# What goes on only once a person has done something in Buddy.
WAITING: frozenset[str] = frozenset(
    {
        Status.WAITING_FOR_APPLY,
        Status.WAITING_FOR_VARIABLES,
        Status.WAITING_FOR_SETTABLE_VARIABLES,
        Status.WAITING_FOR_VT_SESSION,
    }
)

# What is kept of an execution. All else is left out, whatever it is: the values of variables, and commits with their
# authors, messages and e-mail addresses.
NAMED: Mapping[str, Any] = {"name": {}}
COMMIT: Mapping[str, Any] = dict.fromkeys(("revision", "short_revision", "html_url"), {})
TIMES: Mapping[str, Any] = dict.fromkeys(("start_date", "finish_date"), {})
KEPT: Mapping[str, Any] = {
    **dict.fromkeys(("url", "html_url", "id", "status"), {}),
    **TIMES,
    **dict.fromkeys(("triggered_on", "priority", "refresh", "clear_cache", "comment", "delay_until"), {}),
    **dict.fromkeys(("environment", "logs_removed"), {}),
    **dict.fromkeys(("branch", "tag", "pull_request"), NAMED),
    **dict.fromkeys(("from_revision", "to_revision"), COMMIT),
    "action_executions": {
        **dict.fromkeys(("action_execution_id", "html_url", "status", "progress", "error_message"), {}),
        **TIMES,
        "action": dict.fromkeys(("id", "name", "type", "trigger_time", "disabled"), {}),
    },
}


@dataclass(frozen=True)
class RunVariable:
    """A variable for one run alone. Its value is a secret, whether Buddy encrypts it or not."""

    key: str
    value: str = field(repr=False)
    encrypted: bool = False

    def payload(self) -> dict[str, Any]:
        """The variable on the wire."""
        return {"key": self.key, "value": self.value, "encrypted": self.encrypted}


@dataclass(frozen=True)
class Revision:
    """What of the repository is run: the newest commit, or that of the branch or the tag called `name`."""

    kind: Literal["newest", "branch", "tag"]
    name: str = ""

    def payload(self) -> dict[str, Any]:
        """The one of Buddy's three fields that says it."""
        return {"to_revision": {"revision": NEWEST}} if self.kind == "newest" else {self.kind: {"name": self.name}}


@dataclass(frozen=True)
class RunRequest:
    """One run, as it is asked for: of the `actions` with these ids alone, or, without any, of the whole pipeline."""

    actions: tuple[int, ...]
    revision: Revision
    comment: str
    variables: tuple[RunVariable, ...] = ()

    def payload(self) -> dict[str, Any]:
        """The body of the POST, exactly as it goes on the wire."""
        return {
            **({"actions_to_run": list(self.actions)} if self.actions else {}),
            **self.revision.payload(),
            "comment": self.comment,
            **({"variables": [variable.payload() for variable in self.variables]} if self.variables else {}),
        }

    def redacted(self) -> dict[str, Any]:
        """The same with the value of each variable replaced: what may be stored and shown."""
        hidden = [{**variable.payload(), "value": REDACTED} for variable in self.variables]
        return {**self.payload(), **({"variables": hidden} if hidden else {})}

    def secrets(self) -> tuple[str, ...]:
        """The values of its variables, to be looked for in what comes back."""
        return tuple(variable.value for variable in self.variables if variable.value)


@dataclass(frozen=True)
class ActionExecution:
    """An action in a run. `progress` is in percent; `id` is empty where Buddy tells none that fits into an address."""

    id: str
    action_id: int
    name: str
    type: str
    status: str
    progress: int | None
    started_at: datetime | None
    finished_at: datetime | None
    error_message: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ActionExecution":
        """Read an item of a run; only the id of its action must be there. Raises `BadAnswer`."""
        action = mapping(data.get("action"))
        return cls(
            id=address_of(data),
            action_id=integer(action, "id"),
            name=optional_text(action, "name") or "",
            type=optional_text(action, "type") or "",
            status=word(data, "status"),
            progress=percent(data, "progress"),
            started_at=moment(data, "start_date"),
            finished_at=moment(data, "finish_date"),
            error_message=(optional_text(data, "error_message") or "")[:LONGEST_LINE],
        )


@dataclass(frozen=True)
class Execution:
    """A run, its actions in Buddy's order: lists give none of them.

    `status` is one of `Status`, or another word of Buddy's. `raw` is what may be kept and shown of the answer.
    """

    id: int
    status: str
    html_url: str | None
    comment: str
    started_at: datetime | None
    finished_at: datetime | None
    logs_removed: bool
    actions: tuple[ActionExecution, ...]
    raw: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Execution":
        """Read a run, or the `raw` of one; only its `id` must be there. Raises `BadAnswer`."""
        listed = data.get("action_executions")
        items = listed if isinstance(listed, list) else ()
        return cls(
            id=integer(data, "id"),
            status=word(data, "status"),
            html_url=optional_text(data, "html_url"),
            comment=optional_text(data, "comment") or "",
            started_at=moment(data, "start_date"),
            finished_at=moment(data, "finish_date"),
            logs_removed=data.get("logs_removed") is True,
            actions=tuple(Entries(read_entry(item, ActionExecution.from_json) for item in items)),
            raw=picked(data, KEPT),
        )

    def of_action(self, id: int) -> ActionExecution | None:
        """What became of the action with this id: of several, as after a retry, what began last; None without any."""
        found = [item for item in self.actions if item.action_id == id]
        return sorted(found, key=lambda item: item.started_at or BEGINNING)[-1] if found else None


@dataclass(frozen=True)
class LogPage:
    """Lines of a log, the first of them at `offset`, counted from 0; `total` is how many there are, if Buddy says so.

    Each line is cut to 2,000 characters. Nothing of what Buddy counts has to be true.
    """

    offset: int
    lines: tuple[str, ...] = field(repr=False)
    total: int | None

    @classmethod
    def reader(cls, offset: int, most: int) -> "Callable[[Mapping[str, Any]], LogPage]":
        """Give what reads an answer to having asked for so many lines from `offset` on. It raises `BadAnswer`."""

        def read(data: Mapping[str, Any]) -> LogPage:
            said = counted(data, "offset")
            return cls(
                offset=offset if said is None else said,
                lines=lines_in(data, "logs")[:most],
                total=counted(data, "total_element_count"),
            )

        return read

    @classmethod
    def whole(cls, data: Mapping[str, Any]) -> "LogPage":
        """Read a log that Buddy gives in one piece, with the action. Raises `BadAnswer`."""
        lines = lines_in(data, "log")
        return cls(offset=0, lines=lines, total=len(lines))


def lines_in(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The lines of a list; what is no text is an empty one, so that each keeps its number. Raises `BadAnswer`."""
    return tuple(item[:LONGEST_LINE] if isinstance(item, str) else "" for item in raw_entries(data, name))


def counted(data: Mapping[str, Any], name: str) -> int | None:
    """Read a number of lines; None for what is none, and for more than any log has."""
    value = data.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_COUNTED else None


def percent(data: Mapping[str, Any], name: str) -> int | None:
    """Read a share of 100; None for what is none."""
    value = data.get(name)
    return (
        int(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= COMPLETE
        else None
    )


def word(data: Mapping[str, Any], name: str) -> str:
    """Read a word of Buddy's, such as a status; nothing where there is none."""
    return (optional_text(data, name) or "")[:LONGEST_WORD]


def address_of(data: Mapping[str, Any]) -> str:
    """Read what an action is addressed by in a run; nothing where it is not safe in a path."""
    try:
        found = check_part(optional_text(data, "action_execution_id") or "")
    except ValueError:
        return ""
    return found if len(found) <= LONGEST_ADDRESS else ""


def picked(data: Any, shape: Mapping[str, Any]) -> Any:
    """What `shape` names of an object, or of each object of a list; any other value as it is."""
    if isinstance(data, list):
        return [picked(item, shape) for item in data]
    if isinstance(data, Mapping):
        return {name: picked(data[name], inner) for name, inner in shape.items() if name in data}
    return data
