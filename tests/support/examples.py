"""The contract's examples, as they go on the wire."""

import json
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples"
REQUEST_EXAMPLE = json.loads((EXAMPLES / "run_docker_container_request.json").read_text())
RESPONSE_EXAMPLE = json.loads((EXAMPLES / "run_docker_container_response.json").read_text())
PIPELINE = RESPONSE_EXAMPLE["pipeline"] | {
    "project": {"name": "company-website", "display_name": "Company Website", "status": "ACTIVE"},
    "actions": [{"id": 1, "name": "Build API", "type": "DOCKERFILE", "trigger_time": "ON_EVERY_EXECUTION"}],
}
INTEGRATIONS = [
    {"hash_id": "aa11", "identifier": "ecr_prod", "name": "ECR prod", "type": "AMAZON"},
    {"hash_id": "bb22", "identifier": "gcr", "name": "Google", "type": "GOOGLE_SERVICE_ACCOUNT"},
    {"hash_id": "cc33", "identifier": "hub", "name": "Docker Hub", "type": "DOCKER_HUB"},
    {"hash_id": "dd44", "identifier": None, "name": "GitHub", "type": "GIT_HUB"},
]


def dumped(body: object) -> bytes:
    """A body as it goes on the wire."""
    return json.dumps(body).encode()
