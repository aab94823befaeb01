"""A server in Buddy's place whose runs print a log, which it hands out truly or as a test says."""

import re
from collections.abc import Callable
from typing import Any

from support.buddy import NOTHING, StubBuddy
from support.running import ACTION

Json = dict[str, Any]

STEP = "5ddb7c180fb38be67bd78a88"
# The three addresses of a log, the newest first.
PAGED, WHOLE, OF_ACTION = "action_executions/[^/]+/logs", "action_executions/[^/]+", "actions?/[0-9]+"


class PrintingBuddy(StubBuddy):
    """Has printed the lines of `log`, and hands them out at these `addresses`.

    `page` makes the answer at the newest one of the offset that is asked for, and `limited` says that it is asked too
    often, and how many seconds to wait.
    """

    def __init__(self) -> None:
        self.log: list[Any] = []
        self.addresses = [PAGED, WHOLE]
        self.page: Callable[[int], Any] = self.true_page
        self.limited: int | None = None
        self.offsets: list[int] = []
        self.limit = 100
        super().__init__()

    def true_page(self, offset: int) -> Json:
        """Lines as they are."""
        lines = self.log[offset : offset + self.limit]
        return {
            "offset": offset,
            "element_count": len(lines),
            "total_element_count": len(self.log),
            "logs": lines,
        }

    def now(self, status: str, **of_action: Any) -> None:
        """Let the last run, and its action, be at a status."""
        id = self.runs[-1]["id"]
        item = {"action_execution_id": STEP, "status": status, "action": {"id": ACTION, "name": "Build API"}}
        self.go_on(id, status=status, action_executions=[{**item, "start_date": "2026-03-01T12:00:02Z", **of_action}])

    @property
    def rounds(self) -> tuple[int, int]:
        """How often runs and logs were read."""
        logs = sum("action" in path.partition("/executions/")[2] for path in self.reads)
        return sum("/executions/" in path for path in self.reads) - logs, logs

    def found(self, path: str, query: str) -> tuple[int, Any]:
        inside = path.partition("/executions/")[2].partition("/")[2]
        if "/executions/" in path and self.limited is not None:
            return 429, {"errors": [{"message": "Rate limit exceeded"}]}
        if not inside:
            return super().found(path, query)
        if not any(re.fullmatch(address, inside) for address in self.addresses):
            return NOTHING
        if not inside.endswith("/logs"):
            return 200, {"status": "INPROGRESS", "log": self.log}
        offset = int((re.findall(r"\boffset=(\d+)", query) or [0])[0])
        self.limit = int((re.findall(r"\blimit=(\d+)", query) or [100])[0])
        self.offsets.append(offset)
        return 200, self.page(offset)
