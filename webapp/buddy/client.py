"""The client of Buddy's REST API, one method an endpoint."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests

from webapp.buddy.actions import ActionSummary, RunDockerContainer
from webapp.buddy.errors import BadAnswer, NoAnswer, RateLimited, Refused, ServerTrouble, Unreachable, refusal
from webapp.buddy.outcomes import NotSent, Outcome, classify_answer, classify_failure
from webapp.buddy.places import Integration, Pipeline, Place, Project, Workspace, check_part
from webapp.buddy.reading import items, mapping
from webapp.buddy.transport import Answer, Timings, Transport

Item = TypeVar("Item")

PAGE_LENGTH = 100
MOST_PAGES = 50
TRIES = 3
LONGEST_PAUSE = 3.0
FIRST_PAUSE = 0.2
PASSING = frozenset({429, 502, 503, 504})


class Client:
    """Asks Buddy. Reads may be tried again and raise `BuddyError`; a write is sent exactly once."""

    def __init__(self, endpoint: str, token: str, ca_file: str | None = None, timings: Timings | None = None) -> None:
        self._timings = timings or Timings()
        self._transport = Transport(endpoint, token, ca_file, self._timings)
        self._host = urlsplit(endpoint).netloc

    def workspaces(self) -> Iterator[Workspace]:
        """List the workspaces that the token can see (Buddy: "List workspaces"; scope WORKSPACE)."""
        return map(Workspace.from_json, items(self._read("/workspaces"), "workspaces"))

    def projects(self, workspace: str) -> Iterator[Project]:
        """List a workspace's projects (Buddy: "List projects"; scope WORKSPACE). Raises `ValueError` for a bad name."""
        return self._pages(f"/workspaces/{check_part(workspace)}/projects", "projects", Project.from_json)

    def project(self, workspace: str, project: str) -> Project:
        """Read one project (Buddy: "Get project"; scope WORKSPACE). Raises `ValueError` for a bad name."""
        path = f"/workspaces/{check_part(workspace)}/projects/{check_part(project)}"
        return Project.from_json(mapping(self._read(path)))

    def pipelines(self, workspace: str, project: str) -> Iterator[Pipeline]:
        """List a project's pipelines (Buddy: "List pipelines"; scope EXECUTION_INFO). Raises `ValueError`."""
        path = f"/workspaces/{check_part(workspace)}/projects/{check_part(project)}/pipelines"
        return self._pages(path, "pipelines", Pipeline.from_json)

    def pipeline(self, place: Place) -> Pipeline:
        """Read one pipeline with its actions and project (Buddy: "Get pipeline"; scope EXECUTION_INFO)."""
        return Pipeline.from_json(mapping(self._read(place.path)))

    def actions(self, place: Place) -> Iterator[ActionSummary]:
        """List a pipeline's actions (Buddy: "List actions"; scope EXECUTION_INFO)."""
        return self._pages(f"{place.path}/actions", "actions", ActionSummary.from_json)

    def integrations(self, workspace: str) -> Iterator[Integration]:
        """List a workspace's integrations (Buddy: "List integrations"; scope INTEGRATION_INFO). Raises `ValueError`."""
        path = f"/workspaces/{check_part(workspace)}/integrations"
        return map(Integration.from_json, items(self._read(path), "integrations"))

    def add_action(self, place: Place, request: RunDockerContainer) -> Outcome:
        """Add an action (Buddy: "Run Docker container"; scope EXECUTION_MANAGE). Sends once and never raises."""
        try:
            return classify_answer(self._transport.write("POST", f"{place.path}/actions", request.payload()))
        except requests.RequestException as error:
            return classify_failure(error, self._host)

    def close(self) -> None:
        """Close the connections that were kept."""
        self._transport.close()

    def _pages(self, path: str, name: str, read: Callable[[Mapping[str, Any]], Item]) -> Iterator[Item]:
        """Read page after page until an empty one; a list that is not paged answers the same page again."""
        before: list[Mapping[str, Any]] = []
        for page in range(1, MOST_PAGES + 1):
            found = items(self._read(path, {"page": page, "per_page": PAGE_LENGTH}), name)
            if not found or found == before:
                return
            yield from map(read, found)
            if len(found) > PAGE_LENGTH:
                return
            before = found
        raise BadAnswer(f"more than {MOST_PAGES * PAGE_LENGTH} {name}")

    def _read(self, path: str, query: Mapping[str, int] | None = None) -> Any:
        """Read, up to three times within the time for a read. Raises `BuddyError`."""
        end = monotonic() + self._timings.read
        for attempt in range(1, TRIES + 1):
            try:
                return self._read_once(path, query or {}, end - monotonic())
            except (Unreachable, NoAnswer, ServerTrouble, RateLimited) as error:
                pause = pause_before_retry(error, attempt)
                if pause is None or attempt == TRIES or monotonic() + pause >= end:
                    raise
            sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _read_once(self, path: str, query: Mapping[str, int], seconds: float) -> Any:
        try:
            answer = self._transport.get(path, query, seconds)
        except requests.RequestException as error:
            failure = classify_failure(error, self._host)
            if isinstance(failure, NotSent):
                raise Unreachable(failure.reason) from None
            raise NoAnswer(broken=not isinstance(error, requests.Timeout)) from None
        return content(answer)


def content(answer: Answer) -> Any:
    """Parse the answer to a read. Raises `Refused`, `BadAnswer`."""
    if answer.status != 200:
        if 200 <= answer.status < 400:
            raise BadAnswer(f"status {answer.status}")
        raise refusal(answer.status, answer.headers, answer.body)
    if answer.body is None:
        raise BadAnswer("the answer was cut or is too large")
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise BadAnswer("the answer is no JSON") from None
    if isinstance(data, Mapping) and data.get("errors"):
        raise refusal(400, answer.headers, answer.body)
    return data


def pause_before_retry(error: Unreachable | NoAnswer | Refused, attempt: int) -> float | None:
    """How many seconds to wait before a read is tried again; None when trying again makes no sense."""
    if isinstance(error, NoAnswer) and not error.broken:
        return None
    if isinstance(error, Refused):
        if error.status not in PASSING:
            return None
        if error.wait is not None:
            return error.wait if error.wait <= LONGEST_PAUSE else None
    return FIRST_PAUSE * attempt * random.uniform(0.5, 1.5)
