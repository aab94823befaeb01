"""The sends of a submission whose outcome is not known: each is looked for apart, whatever became of the others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from webapp.buddy.snapshot import Snapshot
from webapp.store.models import EPOCH, Submission
from webapp.submissions.schedule import CLOSE
from webapp.submissions.states import OPEN

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Send:
    """One send that no answer has proved: its `attempt` number, when it was sent, and the ids of the actions
    that the pipeline had before, which were read at `seen_at`."""

    attempt: int
    sent_at: datetime
    seen_at: datetime | None
    seen: frozenset[int]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Send":
        """Read back what `to_json` made."""
        seen_at = data["seen_at"]
        return cls(
            data["attempt"],
            EPOCH + data["sent_at"] * MILLISECOND,
            None if seen_at is None else EPOCH + seen_at * MILLISECOND,
            frozenset(data["seen"]),
        )

    def to_json(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {
            "attempt": self.attempt,
            "sent_at": (self.sent_at - EPOCH) // MILLISECOND,
            "seen_at": None if self.seen_at is None else (self.seen_at - EPOCH) // MILLISECOND,
            "seen": sorted(self.seen),
        }

    @property
    def close(self) -> bool:
        """Whether the pipeline was read so shortly before that nobody can have added one by hand in between."""
        return self.seen_at is not None and self.sent_at - self.seen_at <= CLOSE

    def with_seen(self, ids: Collection[int]) -> "Send":
        """The same, with these actions among those that were there before."""
        return replace(self, seen=self.seen | set(ids))


def earlier(row: Submission) -> tuple[Send, ...]:
    """The sends before the last one that no answer has proved, oldest first."""
    return tuple(Send.from_json(data) for data in row.earlier or ())


def unproven(row: Submission) -> tuple[Send, ...]:
    """All sends of a row that no answer has proved, oldest first."""
    if row.state not in OPEN or row.proved or row.sent_at is None:
        return earlier(row)
    seen = frozenset(Snapshot.from_json(row.snapshot).action_ids or ())
    return (*earlier(row), Send(row.attempts, row.sent_at, row.seen_at, seen))


def newest(row: Submission, sends: Sequence[Send]) -> datetime:
    """When the last of these sends was made."""
    return sends[-1].sent_at if sends else row.sent_at or row.created_at


def kept(sends: Sequence[Send]) -> list[dict[str, Any]]:
    """Give sends as the journal keeps them."""
    return [send.to_json() for send in sends]


def is_open(row: Submission) -> bool:
    """Whether something of a row is not known yet."""
    return row.state in OPEN or bool(row.earlier)
