"""What the sandbox answers: Buddy's objects in Buddy's shapes. Lists are summaries, a single object is whole."""

from webapp.sandbox.state import Addresses, Integration, Json, Pipeline, Project, Spot, Workspace

REVISION = "506a3963507943d6908154f4bc9646e829128a08"
CREATED = "2016-02-29T11:23:12Z"
# Sent with an action and left out of the answer to it, as in the contract's example.
ONLY_IN_DETAIL = frozenset({"integration", "variables"})
NEVER = frozenset({"password", "after_action_id"})


def workspace_view(item: Workspace, addresses: Addresses) -> Json:
    """A workspace."""
    return {
        "url": addresses.api(f"/workspaces/{item.domain}"),
        "html_url": f"{addresses.public_url}/",
        "id": item.id,
        "name": item.name,
        "domain": item.domain,
    }


def project_view(workspace: Workspace, item: Project, addresses: Addresses) -> Json:
    """A project."""
    return {
        "url": addresses.api(f"/workspaces/{workspace.domain}/projects/{item.name}"),
        "html_url": f"{addresses.public_url}/",
        "name": item.name,
        "display_name": item.display_name,
        "status": "CLOSED" if item.closed else "ACTIVE",
        "access": "PRIVATE",
        "create_date": CREATED,
    }


def pipeline_view(spot: Spot, addresses: Addresses) -> Json:
    """A pipeline as lists show it."""
    return {
        **embedded_pipeline(spot, addresses),
        "definition_source": "REMOTE" if spot.pipeline.from_yaml else "LOCAL",
        "disabled": False,
        "create_date": CREATED,
    }


def pipeline_detail(spot: Spot, addresses: Addresses) -> Json:
    """A pipeline with its project and its actions."""
    return {
        **pipeline_view(spot, addresses),
        "project": project_view(spot.workspace, spot.project, addresses),
        "actions": [action_summary(spot, action, addresses) for action in spot.pipeline.actions],
    }


def embedded_pipeline(spot: Spot, addresses: Addresses) -> Json:
    """A pipeline inside an action's answer."""
    pipeline: Pipeline = spot.pipeline
    return {
        "url": addresses.api(addresses.pipeline_path(spot)),
        "html_url": addresses.pipeline_page(spot),
        "id": pipeline.id,
        "name": pipeline.name,
        "on": "CLICK",
        "refs": ["refs/heads/master"],
        "last_execution_status": "SUCCESSFUL",
        "last_execution_revision": REVISION,
    }


def action_summary(spot: Spot, action: Json, addresses: Addresses) -> Json:
    """An action as lists show it."""
    return {
        "url": addresses.api(f"{addresses.pipeline_path(spot)}/actions/{action['id']}"),
        "html_url": addresses.action_page(spot, action["id"]),
        "id": action["id"],
        "name": action["name"],
        "type": action["type"],
        "trigger_time": action["trigger_time"],
        "last_execution_status": "INITIAL",
    }


def action_answer(spot: Spot, action: Json, addresses: Addresses) -> Json:
    """The answer to adding an action."""
    kept = {name: value for name, value in action.items() if name not in ONLY_IN_DETAIL | NEVER}
    return {**action_summary(spot, action, addresses), **kept, "pipeline": embedded_pipeline(spot, addresses)}


def action_detail(spot: Spot, action: Json, addresses: Addresses) -> Json:
    """An action with everything but its password; the values of encrypted variables are unreadable."""
    kept = {name: value for name, value in action.items() if name not in NEVER}
    if "variables" in kept:
        kept["variables"] = [variable_view(variable) for variable in kept["variables"]]
    return {**action_summary(spot, action, addresses), **kept, "pipeline": embedded_pipeline(spot, addresses)}


def variable_view(variable: Json) -> Json:
    """A variable of an action."""
    whole = {"type": "VAR", "encrypted": False, "settable": False, "description": "", **variable}
    return {**whole, "value": "!encrypted c2FuZGJveA=="} if whole["encrypted"] else whole


def integration_view(workspace: Workspace, item: Integration, addresses: Addresses) -> Json:
    """An integration."""
    return {
        "url": addresses.api(f"/workspaces/{workspace.domain}/integrations/{item.hash_id}"),
        "html_url": f"{addresses.public_url}/",
        "hash_id": item.hash_id,
        "identifier": item.identifier,
        "name": item.name,
        "type": item.type,
        "auth_type": "DEFAULT",
        "scope": "WORKSPACE",
        "project_name": None,
        "all_pipelines_allowed": True,
        "allowed_pipelines": [],
    }
