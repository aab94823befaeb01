"""The client of Buddy's REST API, one method an endpoint.

Each names the vendor's page and the scopes that a token needs for it; `scopes.py` has their newer names. Reads may be
tried again; they raise `BuddyError`, or `Busy` when too many wait for Buddy already, lists while they are gone
through. A name that is not safe in a path raises `ValueError`. An entry of a list that can't be read is passed over
and counted. A write is sent exactly once and never raises: its outcome says what came of it.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

from webapp.buddy.actions import Action, ActionSummary
from webapp.buddy.container import Container
from webapp.buddy.executions import MOST_LINES, Execution, LogPage, RunRequest
from webapp.buddy.outcomes import (
    ChangeOutcome,
    DeletionOutcome,
    Outcome,
    RunOutcome,
    StopOutcome,
    classify_addition,
    classify_change,
    classify_deletion,
    classify_run,
    classify_stop,
)
from webapp.buddy.places import Integration, Pipeline, Place, Project, Workspace, check_part
from webapp.buddy.secrecy import has_unreadable
from webapp.buddy.tokens import Token
from webapp.http.entries import Entries
from webapp.http.errors import NotFound, NotWhole
from webapp.http.failures import NotSent
from webapp.http.rate_limit import RateLimit
from webapp.http.read_executor import ReadExecutor
from webapp.http.reads import Reader
from webapp.http.slots import Slots
from webapp.http.transport import Answer, CallObserver, Timings, TokenSource, Transport
from webapp.http.writes import Writer


class Client:
    """Asks Buddy at `endpoint`, which may have a path, in the name of a token, or of what gives the present one.

    `executor` reads beside the thread that asks. `pace` is kept before each read, `rate_limit` is told of each answer,
    and `observer` of each call.
    """

    def __init__(
        self,
        endpoint: str,
        token: str | TokenSource,
        ca_file: str | None = None,
        timings: Timings | None = None,
        slots: Slots | None = None,
        pace: Callable[[], object] | None = None,
        rate_limit: RateLimit | None = None,
        observer: CallObserver = lambda *_: None,
    ) -> None:
        self.timings = timings = timings or Timings()
        source = token if callable(token) else lambda: token
        host = urlsplit(endpoint).netloc
        self._transport = Transport(
            endpoint, source, ca_file, timings, slots or Slots(), rate_limit or RateLimit(), observer
        )
        self.executor = ReadExecutor(self._transport.slots)
        self._reader = Reader(self._transport, timings, host, self.executor, pace)
        self._writer = Writer(self._transport, host)

    def token(self) -> Token:
        """Tell about the token that asks (Buddy: "Get current token"; scope TOKEN_INFO). Raises `BuddyError`."""
        return self._reader.one("/user/token", Token.from_json)

    def workspaces(self) -> Entries[Workspace]:
        """List the workspaces that the token can see (Buddy: "List workspaces"; scope WORKSPACE)."""
        return self._reader.short("/workspaces", "workspaces", Workspace.from_json)

    def projects(self, workspace: str, expected: int = 0, most: int | None = None) -> Entries[Project]:
        """List a workspace's projects (Buddy: "List projects"; scope WORKSPACE). Raises `ValueError`.

        About so many are `expected`; the first `most`, or all of them (None), are gone through at most.
        """
        path = f"/workspaces/{check_part(workspace)}/projects"
        return self._reader.pages(path, "projects", Project.from_json, expected=expected, most=most)

    def project(self, workspace: str, project: str) -> Project:
        """Read one project (Buddy: "Get project"; scope WORKSPACE). Raises `BuddyError`, `ValueError`."""
        path = f"/workspaces/{check_part(workspace)}/projects/{check_part(project)}"
        return self._reader.one(path, Project.from_json)

    def pipelines(self, workspace: str, project: str, expected: int = 0, most: int | None = None) -> Entries[Pipeline]:
        """List a project's pipelines (Buddy: "List pipelines"; scope EXECUTION_INFO). Raises `ValueError`.

        About so many are `expected`; the first `most`, or all of them (None), are gone through at most.
        """
        path = f"/workspaces/{check_part(workspace)}/projects/{check_part(project)}/pipelines"
        return self._reader.pages(path, "pipelines", Pipeline.from_json, expected=expected, most=most)

    def pipeline(self, place: Place) -> Pipeline:
        """Read one pipeline with its actions and project (Buddy: "Get pipeline"; scope EXECUTION_INFO)."""
        return self._reader.one(place.path, Pipeline.from_json)

    def actions(self, place: Place) -> Entries[ActionSummary]:
        """List a pipeline's actions, to look at (Buddy: "List actions", which is not paged; scope EXECUTION_INFO)."""
        return self._reader.short(f"{place.path}/actions", "actions", ActionSummary.from_json)

    def all_actions(self, place: Place) -> Entries[ActionSummary]:
        """List them to the very last, for what must not miss one: Buddy is asked on until it has nothing new."""
        return self._reader.pages(f"{place.path}/actions", "actions", ActionSummary.from_json, to_the_last=True)

    def action(self, place: Place, id: int) -> Action:
        """Read one action in full (Buddy: "Get action"; scope EXECUTION_INFO). Raises `BuddyError`."""
        return self._reader.one(place.action_path(id), Action.from_json)

    def integrations(self, workspace: str) -> Entries[Integration]:
        """List a workspace's integrations (Buddy: "List integrations"; scope INTEGRATION_INFO). Raises `ValueError`."""
        path = f"/workspaces/{check_part(workspace)}/integrations"
        return self._reader.short(path, "integrations", Integration.from_json)

    def add_action(self, place: Place, request: Container) -> Outcome:
        """Add an action (Buddy: "Run Docker container"; scope EXECUTION_MANAGE)."""
        answer = self._writer.send("POST", f"{place.path}/actions", request.payload())
        return classify_addition(answer) if isinstance(answer, Answer) else answer

    def edit_action(self, place: Place, id: int, changes: Mapping[str, Any]) -> ChangeOutcome:
        """Change what is given of an action (Buddy: "Edit action"; scope EXECUTION_MANAGE).

        Buddy wants the unchanged `type`, the `name` and the image's name and tag among `changes`, and of `variables`
        all or none. What only stands for a secret, as in an action that was read, is never sent.
        """
        if has_unreadable(changes):
            return NotSent("The change holds a secret that only Buddy can read.")
        answer = self._writer.send("PATCH", place.action_path(id), changes)
        return classify_change(answer, id) if isinstance(answer, Answer) else answer

    def delete_action(self, place: Place, id: int) -> DeletionOutcome:
        """Delete an action (Buddy: "Delete action"; scope EXECUTION_MANAGE)."""
        answer = self._writer.send("DELETE", place.action_path(id), None)
        return classify_deletion(answer) if isinstance(answer, Answer) else answer

    def executions(self, place: Place, most: int = 100) -> Entries[Execution]:
        """List a pipeline's newest runs, `most` of them, newest first (Buddy: "List executions"; EXECUTION_INFO)."""
        return self._reader.pages(f"{place.path}/executions", "executions", Execution.from_json, at_most=most)

    def execution(self, place: Place, id: int) -> Execution:
        """Read one run with its actions (Buddy: "Get execution"; scope EXECUTION_INFO). Raises `BuddyError`."""
        return self._reader.one(execution_path(place, id), Execution.from_json)

    def log(self, place: Place, execution: int, action_execution: str, offset: int, limit: int = MOST_LINES) -> LogPage:
        """Read lines of an action's log from `offset` on, `limit` at most (Buddy: "Get action execution logs").

        Fewer are asked for where so many are larger than an answer may be. A Buddy of before April 2026 has no such
        page (`NotFound`): see `whole_log`. Scope EXECUTION_INFO. Raises `BuddyError`, `ValueError`.
        """
        path = f"{action_path(place, execution, action_execution)}/logs"
        for most in (limit, max(limit // 10, 1)):
            try:
                return self._reader.one(path, LogPage.reader(offset, most), {"offset": offset, "limit": most})
            except NotWhole:
                continue
        fewest = max(limit // 100, 1)
        return self._reader.one(path, LogPage.reader(offset, fewest), {"offset": offset, "limit": fewest})

    def whole_log(self, place: Place, execution: int, action_execution: str) -> LogPage:
        """Read an action's log in one piece (Buddy: "Get action execution"; EXECUTION_INFO). As `log` raises."""
        return self._reader.one(action_path(place, execution, action_execution), LogPage.whole)

    def old_log(self, place: Place, execution: int, action: int) -> LogPage:
        """Read the same where a run's actions are known by their own ids: in 2025 at `actions`, before at `action`.

        Scope EXECUTION_INFO. Raises `BuddyError`.
        """
        path = execution_path(place, execution)
        try:
            return self._reader.one(f"{path}/actions/{action:d}", LogPage.whole)
        except NotFound:
            return self._reader.one(f"{path}/action/{action:d}", LogPage.whole)

    def run(self, place: Place, request: RunRequest) -> RunOutcome:
        """Start a run (Buddy: "Run pipeline"; scope EXECUTION_RUN). What only stands for a secret is never sent."""
        body = request.payload()
        if has_unreadable(body):
            return NotSent("The run holds a secret that only Buddy can read.")
        answer = self._writer.send("POST", f"{place.path}/executions", body)
        return classify_run(answer) if isinstance(answer, Answer) else answer

    def stop(self, place: Place, id: int) -> StopOutcome:
        """Ask Buddy to stop a run (Buddy: "Cancel execution"; scope EXECUTION_RUN)."""
        answer = self._writer.send("PATCH", execution_path(place, id), {"operation": "CANCEL"})
        return classify_stop(answer, id) if isinstance(answer, Answer) else answer

    def slot(self, writing: bool = False) -> AbstractContextManager[None]:
        """Hold one slot for all that this thread asks meanwhile. Raises `Busy`, before anything is asked.

        What writes something down before it asks takes its slot first, so that it never has to take that back.
        """
        return self._transport.slots.hold(writing)

    def without_own_slot(self) -> AbstractContextManager[None]:
        """Let this thread, which answers no page, ask without one of the slots."""
        return self._transport.slots.without_own_slot()

    def close(self) -> None:
        """End the reads beside, and close the connections that were kept."""
        self.executor.shutdown()
        self._transport.close()


def execution_path(place: Place, id: int) -> str:
    """The path of a run in the API."""
    return f"{place.path}/executions/{id:d}"


def action_path(place: Place, execution: int, action_execution: str) -> str:
    """The path of an action in a run. Raises `ValueError` for what is not safe in a path."""
    return f"{execution_path(place, execution)}/action_executions/{check_part(action_execution)}"
