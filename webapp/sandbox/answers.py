"""What the sandbox answers: Buddy's objects in Buddy's shapes. Lists are summaries, a single object is whole.

The shapes are those of Buddy's OpenAPI document, and the contract's where that shows another one. A field that has no
value is left out, as in the contract's example.
"""

from webapp.sandbox.addresses import Addresses
from webapp.sandbox.state import Integration, Json, Project, Spot, Workspace
from webapp.sandbox.tokens import Token

REVISION = "506a3963507943d6908154f4bc9646e829128a08"
CREATED = "2016-02-29T11:23:12Z"
# Sent with an action and left out of the answer to it, as in the contract's example.
ONLY_IN_DETAIL = frozenset({"integration", "variables"})
# Asked for in a request and in no answer; an `image_location` tells of the second.
NEVER = frozenset({"password", "use_image_from_action"})
# What a list tells of an action, besides its head.
IN_LISTS = (
    "disabled",
    "ignore_errors",
    "integration",
    "retry_count",
    "retry_interval",
    "run_next",
    "run_only_on_first_failure",
    "timeout",
    "trigger_conditions",
    "variables",
)
DEFAULTS: Json = {
    "trigger_conditions": [],
    "run_next": "WAIT_ON_SUCCESS",
    "run_only_on_first_failure": False,
    "variables": [],
    "disabled": False,
    "ignore_errors": False,
    "retry_count": 0,
    "retry_interval": 0,
    "loop": [],
}


def token_view(token: Token, addresses: Addresses) -> Json:
    """The token that asks, without its text."""
    return {
        "url": addresses.api("/user/token"),
        "html_url": addresses.index,
        "id": token.id,
        "name": token.name,
        "scopes": list(token.scopes),
        "ip_restrictions": [],
        "workspace_restrictions": [],
    }


def workspace_summary(item: Workspace, addresses: Addresses) -> Json:
    """A workspace as lists show it."""
    return {
        "url": addresses.api(f"/workspaces/{item.domain}"),
        "html_url": addresses.workspace_page(item.domain),
        "id": item.id,
        "name": item.name,
        "domain": item.domain,
    }


def workspace_detail(item: Workspace, addresses: Addresses) -> Json:
    """A workspace."""
    return {**workspace_summary(item, addresses), "owner_id": 1, "frozen": False, "create_date": CREATED}


def project_summary(workspace: Workspace, item: Project, addresses: Addresses) -> Json:
    """A project as lists show it."""
    return {
        "url": addresses.api(f"/workspaces/{workspace.domain}/projects/{item.name}"),
        "html_url": addresses.project_page(workspace.domain, item.name),
        "name": item.name,
        "display_name": item.display_name,
        "status": "CLOSED" if item.closed else "ACTIVE",
        "access": "PRIVATE",
        "create_date": CREATED,
    }


def project_detail(workspace: Workspace, item: Project, addresses: Addresses) -> Json:
    """A project."""
    return {
        **project_summary(workspace, item, addresses),
        "created_by": creator(addresses),
        "default_branch": item.branches[0],
        "fetch_submodules": False,
        "allow_pull_requests": False,
        "without_repository": False,
    }


def creator(addresses: Addresses) -> Json:
    """The only member."""
    return {
        "url": addresses.api("/user"),
        "html_url": addresses.index,
        "id": 1,
        "name": "Sandbox",
        "admin": True,
        "workspace_owner": True,
    }


def pipeline_summary(spot: Spot, addresses: Addresses) -> Json:
    """A pipeline as lists show it."""
    return {
        **pipeline_head(spot, addresses),
        "identifier": spot.pipeline.name.lower().replace(" ", "_"),
        "definition_source": "REMOTE" if spot.pipeline.from_yaml else "LOCAL",
        **git_config(spot),
        "disabled": bool(spot.pipeline.disabled_reason),
        **({"disabled_reason": spot.pipeline.disabled_reason} if spot.pipeline.disabled_reason else {}),
        "paused": spot.pipeline.paused,
        "waiting_for_push": spot.pipeline.waiting_for_push,
        "description_required": spot.pipeline.description_required,
        "create_date": CREATED,
    }


def git_config(spot: Spot) -> Json:
    """Where a pipeline is kept in git."""
    if not spot.pipeline.kept_in_git:
        return {"git_config_ref": "NONE"}
    where = {"project": spot.project.name, "branch": "main", "path": ".buddy/nightly.yml"}
    return {"git_config_ref": "FIXED", "git_config": where}


def pipeline_detail(spot: Spot, addresses: Addresses) -> Json:
    """A pipeline with its project, its creator and its actions."""
    return {
        **pipeline_summary(spot, addresses),
        "project": project_summary(spot.workspace, spot.project, addresses),
        "creator": creator(addresses),
        "actions": [action_summary(spot, action, addresses) for action in spot.pipeline.actions],
        "permissions": {"others": "READ_WRITE", "users": [], "groups": []},
        "trigger_conditions": [],
    }


def embedded_pipeline(spot: Spot, addresses: Addresses) -> Json:
    """A pipeline inside an action's answer; only the contract tells what starts it."""
    return {**pipeline_head(spot, addresses), **({"on": "CLICK"} if spot.pipeline.of_contract else {})}


def pipeline_head(spot: Spot, addresses: Addresses) -> Json:
    """What every form of a pipeline has."""
    return {
        "url": addresses.api(addresses.pipeline_path(spot)),
        "html_url": addresses.pipeline_page(spot),
        "id": spot.pipeline.id,
        "name": spot.pipeline.name,
        "refs": list(spot.pipeline.refs),
        "last_execution_status": next((run.status for run in spot.runs), "SUCCESSFUL"),
        "last_execution_revision": REVISION,
    }


def action_head(spot: Spot, action: Json, addresses: Addresses) -> Json:
    """What every form of an action begins with."""
    return {
        "url": addresses.api(f"{addresses.pipeline_path(spot)}/actions/{action['id']}"),
        "html_url": addresses.action_page(spot, action["id"]),
        "id": action["id"],
        "name": action["name"],
        "type": action["type"],
        "trigger_time": action.get("trigger_time", "ON_EVERY_EXECUTION"),
        "last_execution_status": last_status(spot, action["id"]),
    }


def last_status(spot: Spot, id: int) -> str:
    """What became of an action in the last run that had it."""
    steps = (run.step_of_action(id) for run in spot.runs)
    return next((step.status for step in steps if step), "INITIAL")


def action_summary(spot: Spot, action: Json, addresses: Addresses) -> Json:
    """An action as lists show it, and its pipeline."""
    whole = {**DEFAULTS, **settings(spot.workspace, action)}
    return {**action_head(spot, action, addresses), **{name: whole[name] for name in IN_LISTS if name in whole}}


def action_answer(spot: Spot, action: Json, addresses: Addresses) -> Json:
    """The answer to adding or changing an action."""
    kept = {name: value for name, value in settings(spot.workspace, action).items() if name not in ONLY_IN_DETAIL}
    return {**action_head(spot, action, addresses), **kept, "pipeline": embedded_pipeline(spot, addresses)}


def action_detail(spot: Spot, action: Json, addresses: Addresses) -> Json:
    """An action with everything but its password. Values of encrypted variables are unreadable already."""
    return {
        **action_head(spot, action, addresses),
        **DEFAULTS,
        **settings(spot.workspace, action),
        "pipeline": embedded_pipeline(spot, addresses),
    }


def settings(workspace: Workspace, action: Json) -> Json:
    """What is answered of an action's settings."""
    kept = {name: value for name, value in action.items() if name not in NEVER}
    if "integration" in kept:
        kept["integration"] = integration_reference(workspace, kept["integration"])
    if action.get("use_image_from_action"):
        kept["image_location"] = "ACTION"
    return kept


def integration_reference(workspace: Workspace, sent: Json) -> Json:
    """An integration inside an action's answer: its identifier, or its hash id where it has none."""
    item = workspace.integration(sent.get("identifier") or sent.get("hash_id"))
    return {"identifier": item.identifier or item.hash_id} if item else sent


def integration_detail(workspace: Workspace, item: Integration, addresses: Addresses) -> Json:
    """An integration."""
    return {
        "url": addresses.api(f"/workspaces/{workspace.domain}/integrations/{item.hash_id}"),
        "html_url": addresses.integration_page(workspace.domain, item.hash_id),
        "hash_id": item.hash_id,
        **({"identifier": item.identifier} if item.identifier else {}),
        "name": item.name,
        "type": item.type,
        "auth_type": "DEFAULT",
        "scope": "WORKSPACE",
        "all_pipelines_allowed": True,
        "allowed_pipelines": [],
        "permissions": {"admins": "MANAGE", "others": "USE_ONLY", "users": [], "groups": []},
    }
