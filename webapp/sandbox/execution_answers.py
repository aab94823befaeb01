"""What the sandbox answers about runs: executions, their actions and their logs, in Buddy's shapes.

The shapes are those of Buddy's OpenAPI document; pages of a log are in the shape of a newer page of its documentation.
"""

from datetime import UTC, datetime
from typing import Any

from webapp.sandbox.addresses import Addresses
from webapp.sandbox.answers import REVISION, action_summary, creator, pipeline_summary
from webapp.sandbox.changes import sealed
from webapp.sandbox.runs import RunNow, StepNow
from webapp.sandbox.state import Json, Spot


def execution_summary(spot: Spot, now: RunNow, addresses: Addresses) -> Json:
    """A run as lists show it."""
    body = now.run.body
    named = {name: body[name]["name"] for name in ("branch", "tag", "pull_request") if body.get(name)}
    kept: Json = {name: body[name] for name in ("comment", "priority", "refresh", "clear_cache") if name in body}
    where = addresses.project_page(spot.workspace.domain, spot.project.name)
    default = spot.project.branches[0]
    return {
        "url": addresses.api(f"{addresses.pipeline_path(spot)}/executions/{now.run.id}"),
        "html_url": addresses.execution_page(spot, now.run),
        "id": now.run.id,
        **times(now.begun, now.ended),
        "triggered_on": "CLICK",
        "refresh": False,
        "clear_cache": False,
        "priority": "NORMAL",
        "comment": "",
        **kept,
        "status": now.status,
        **{name: named_revision(name, text, where, default) for name, text in (named or {"branch": default}).items()},
        "to_revision": commit((body.get("to_revision") or {}).get("revision", "HEAD"), where),
        "creator": {**creator(addresses), "email": "sandbox@example.com"},
    }


def execution_detail(spot: Spot, now: RunNow, addresses: Addresses) -> Json:
    """A run with its pipeline and its actions."""
    return {
        **execution_summary(spot, now, addresses),
        "logs_removed": now.logs_removed,
        "pipeline": pipeline_summary(spot, addresses),
        "action_executions": [action_execution(spot, now, step, addresses) for step in now.steps],
    }


def action_execution(spot: Spot, now: RunNow, item: StepNow, addresses: Addresses) -> Json:
    """An action in a run."""
    path = f"{addresses.pipeline_path(spot)}/executions/{now.run.id}/action_executions/{item.step.id}"
    failed = item.step.script.error_message if item.status == "FAILED" else ""
    return {
        "url": addresses.api(path),
        "html_url": f"{addresses.execution_page(spot, now.run)}/?actionExecutionId={item.step.id}",
        "action_execution_id": item.step.id,
        "action": action_summary(spot, item.step.action, addresses),
        "status": item.status,
        "progress": item.progress,
        **times(item.begun, item.ended if item.begun else None),
        **({"error_message": failed} if failed else {}),
        "passed_variables": [passed(variable) for variable in now.run.body.get("variables") or []],
        "outputted_variables": [],
    }


def action_execution_detail(spot: Spot, now: RunNow, item: StepNow, addresses: Addresses) -> Json:
    """An action in a run with its whole log."""
    whole = action_execution(spot, now, item, addresses)
    return {**whole, "log": lines(now, item), "log_url": f"{whole['html_url']}&download=log"}


def older_detail(spot: Spot, now: RunNow, item: StepNow, addresses: Addresses) -> Json:
    """The same as it was answered when actions of a run had no ids of their own."""
    whole = action_execution_detail(spot, now, item, addresses)
    names = ("status", "progress", "action", "start_date", "finish_date", "log")
    return {name: whole[name] for name in names if name in whole}


def log_page(spot: Spot, now: RunNow, item: StepNow, offset: int, limit: int, addresses: Addresses) -> Json:
    """Lines of an action's log (Buddy: "Get action execution logs")."""
    whole = action_execution(spot, now, item, addresses)
    total = 0 if now.logs_removed else len(item.log)
    page = [] if now.logs_removed else item.log.page(offset, limit)
    return {
        "url": f"{whole['url']}/logs",
        "html_url": whole["html_url"],
        "offset": offset,
        "element_count": len(page),
        "total_element_count": total,
        "logs": page,
    }


def lines(now: RunNow, item: StepNow) -> list[str]:
    """All lines that an action has printed, as far as they are still kept."""
    return [] if now.logs_removed else item.log.page(0, len(item.log))


def passed(variable: Json) -> Json:
    """A variable that was set for the run."""
    return {
        "key": variable["key"],
        "value": sealed(variable["value"]) if variable.get("encrypted") else variable["value"],
    }


def named_revision(kind: str, name: str, where: str, default: str) -> Json:
    """A branch, which may be the `default` one, a tag or a pull request."""
    view: dict[str, Any] = {"url": where, "html_url": where, "name": name}
    if kind == "pull_request":
        return view
    return {
        **view,
        **({"default": name == default} if kind == "branch" else {}),
        "commit": commit("HEAD", where),
    }


def commit(revision: str, where: str) -> Json:
    """A commit; of the newest one there is only one."""
    hash = REVISION if revision == "HEAD" else revision
    author = {"name": "Sam Sandbox", "email": "sam@example.com", "html_url": where}
    return {
        "url": where,
        "html_url": where,
        "revision": hash,
        "short_revision": hash[:8],
        "message": "Mend the sum\n\nSigned-off-by: Sam Sandbox <sam@example.com>",
        "commit_date": "2016-02-29T11:23:12Z",
        "author": author,
        "committer": author,
    }


def times(begun: datetime | None, ended: datetime | None) -> Json:
    """When something began and ended, as far as it has."""
    named = {"start_date": begun, "finish_date": ended}
    return {name: written(moment) for name, moment in named.items() if moment}


def written(moment: datetime) -> str:
    """A time as Buddy writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
