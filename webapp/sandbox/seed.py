"""What the sandbox begins with: the contract's example, and enough around it that lists look like a team's."""

from webapp.sandbox.state import Integration, Json, Pipeline, Project, State, Workspace

FIRST_FREE_ID = 100


def starting_state() -> State:
    """Make the state of a fresh sandbox."""
    return State([team(), labs()], FIRST_FREE_ID)


def team() -> Workspace:
    """The workspace of the contract's example."""
    return Workspace(
        1,
        "buddy",
        "Buddy",
        [
            Project(
                "company-website",
                "Company Website",
                pipelines=[
                    Pipeline(2, "Live mirror", actions=[action(5, "Upload files to Live mirror", "FTP")]),
                    Pipeline(
                        3,
                        "Build and test",
                        actions=[action(6, "Build web image", "DOCKERFILE"), action(7, "Run unit tests", "BUILD")],
                    ),
                    Pipeline(4, "Nightly", from_yaml=True, actions=[action(8, "Build from file", "BUILD")]),
                ],
            ),
            Project(
                "mobile-api",
                "Mobile API",
                pipelines=[
                    Pipeline(
                        11,
                        "Release",
                        actions=[
                            action(12, "Build API", "DOCKERFILE"),
                            action(13, "Build worker", "DOCKERFILE"),
                            action(14, "Announce", "SLACK"),
                        ],
                    ),
                    Pipeline(15, "Staging"),
                ],
            ),
            Project("data-jobs", "Data Jobs", pipelines=[Pipeline(21, "Import")]),
            Project("old-shop", "Old Shop", closed=True, pipelines=[Pipeline(31, "Deploy shop")]),
        ],
        [
            Integration("5ddb7c180fb38be67bd78a88a", None, "Docker Hub of the team", "DOCKER_HUB"),
            Integration("61aa0cf1d2e84a3b9c7e5f012", "ecr_prod", "Amazon production", "AMAZON"),
            Integration("61aa0cf1d2e84a3b9c7e5f013", "google_images", "Google images", "GOOGLE_SERVICE_ACCOUNT"),
            Integration("61aa0cf1d2e84a3b9c7e5f014", "github", "GitHub", "GIT_HUB"),
            Integration("61aa0cf1d2e84a3b9c7e5f015", "team_chat", "Team chat", "SLACK"),
        ],
    )


def labs() -> Workspace:
    """A second workspace, so that there is something to choose."""
    return Workspace(
        2,
        "buddy-labs",
        "Buddy Labs",
        [Project("prototype", "Prototype", pipelines=[Pipeline(41, "Try out")]), Project("empty", "Empty Project")],
    )


def action(id: int, name: str, type: str) -> Json:
    """An action that is there from the beginning."""
    return {"id": id, "name": name, "type": type, "trigger_time": "ON_EVERY_EXECUTION"}
