"""What the types of actions are called."""

import pytest

from webapp.buddy.action_types import type_in_words

WORDS = {
    "RUN_DOCKER_CONTAINER": "Run Docker container",
    "DOCKERFILE": "Build Docker image",
    "BUILD": "Custom build",
    "SSH_COMMAND": "SSH command",
    "AMAZON_S3": "Amazon S3",
    "AWS_APP_RUNNER_DEPLOY": "AWS App Runner deploy",
    "GIT_HUB_RELEASE": "GitHub release",
    "KUBERNETES_SET_IMAGE": "Kubernetes set image",
    "GOOGLE_CDN_INVALIDATE": "Google CDN invalidate",
    "SFTP": "SFTP",
    "EMAIL": "Email",
    "COPY_FILES": "Copy files",
    "WEB_DAV": "WebDAV",
    # One that is newer than this version, and what is no code at all.
    "ORBITAL_LAUNCH_2": "Orbital launch 2",
    "Something else": "Something else",
    "": "",
}


@pytest.mark.parametrize(("type", "words"), WORDS.items())
def test_a_type_is_called_as_buddy_calls_it(type: str, words: str) -> None:
    assert type_in_words(type) == words
