"""What the sandbox begins with: the contract's example, and enough around it that lists look like a team's."""

from webapp.sandbox.rules import TYPE
from webapp.sandbox.state import Integration, Json, Pipeline, Project, State, Workspace

# Above all actions and variables that are there from the beginning.
FIRST_FREE_ID = 100
FIRST_SERVICE = 501
SERVICES = 120


def starting_state() -> State:
    """Make the state of a fresh sandbox."""
    return State((team(), labs()), FIRST_FREE_ID)


def team() -> Workspace:
    """The workspace of the contract's example."""
    old_shop = Project("old-shop", "Old Shop", closed=True, pipelines=(Pipeline(31, "Deploy shop"),))
    data_jobs = Project("data-jobs", "Data Jobs", pipelines=(Pipeline(21, "Import"),))
    return Workspace(1, "buddy", "Buddy", (company_website(), mobile_api(), data_jobs, old_shop), integrations())


def company_website() -> Project:
    """The project of the contract's example."""
    upload = action(5, "Upload files to Live mirror", "FTP")
    live_mirror = Pipeline(2, "Live mirror", of_contract=True, actions=(upload,))
    build_and_test = Pipeline(
        3,
        "Build and test",
        actions=(action(6, "Build web image", "DOCKERFILE"), action(7, "Run unit tests", "BUILD"), lint()),
    )
    nightly = Pipeline(4, "Nightly", from_yaml=True, actions=(action(8, "Build from file", "BUILD"),))
    return Project("company-website", "Company Website", pipelines=(live_mirror, build_and_test, nightly))


def mobile_api() -> Project:
    """A project with build actions to take an image from."""
    release = Pipeline(
        11,
        "Release",
        actions=(
            action(12, "Build API", "DOCKERFILE"),
            action(13, "Build worker", "DOCKERFILE"),
            action(14, "Announce", "SLACK"),
        ),
    )
    nightly = Pipeline(16, "Nightly build", kept_in_git=True)
    return Project("mobile-api", "Mobile API", pipelines=(release, Pipeline(15, "Staging"), nightly))


def integrations() -> tuple[Integration, ...]:
    """One integration of each kind of registry, and one that is none."""
    return (
        Integration("5ddb7c180fb38be67bd78a88a", None, "Docker Hub of the team", "DOCKER_HUB"),
        Integration("61aa0cf1d2e84a3b9c7e5f012", "ecr_prod", "Amazon production", "AMAZON"),
        Integration("61aa0cf1d2e84a3b9c7e5f013", "google_images", "Google images", "GOOGLE_SERVICE_ACCOUNT"),
        Integration("61aa0cf1d2e84a3b9c7e5f014", "github", "GitHub", "GIT_HUB"),
        Integration("61aa0cf1d2e84a3b9c7e5f015", "team_chat", "Team chat", "SLACK"),
    )


def labs() -> Workspace:
    """A second workspace, so that there is something to choose."""
    prototype = Project("prototype", "Prototype", pipelines=(Pipeline(41, "Try out"),))
    return Workspace(2, "buddy-labs", "Buddy Labs", (prototype, services(), Project("empty", "Empty Project")))


def services() -> Project:
    """A project with more pipelines than one page shows; with the last five something stands in the way of a run."""
    plain = (Pipeline(FIRST_SERVICE + number, f"Deploy service {number + 1}") for number in range(SERVICES))
    *others, paused, pushless, disabled, wild, described = plain
    paused.paused = pushless.waiting_for_push = described.description_required = True
    disabled.disabled_reason = "It has failed too often."
    wild.refs = ("refs/heads/*",)
    return Project("services", "Services", pipelines=(*others, paused, pushless, disabled, wild, described))


def action(id: int, name: str, type: str) -> Json:
    """An action that is there from the beginning."""
    return {"id": id, "name": name, "type": type, "trigger_time": "ON_EVERY_EXECUTION"}


def lint() -> Json:
    """An action to change: it runs a container, and one of its variables is encrypted."""
    return {
        **action(9, "Check the style", TYPE),
        "docker_image_name": "library/node",
        "docker_image_tag": "22",
        "inline_commands": "npm ci\nnpm run lint",
        "mount_filesystem_disable": False,
        "volume_mappings": ["/:/app"],
        "variables": [variable(51, "CI", "true"), variable(52, "NPM_TOKEN", "!encrypted c2FuZGJveA==", True)],
    }


def variable(id: int, key: str, value: str, encrypted: bool = False) -> Json:
    """A variable of an action."""
    return {
        "id": id,
        "key": key,
        "value": value,
        "type": "VAR",
        "encrypted": encrypted,
        "settable": False,
        "description": "",
    }
