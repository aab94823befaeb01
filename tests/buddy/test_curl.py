"""The command for a terminal, run in a real shell: it sends what Slipway itself would send."""

import json
from subprocess import CalledProcessError

import pytest
from support.buddy import StubBuddy
from support.curl import run_in_shell

from webapp.buddy.container import Container
from webapp.buddy.curl import curl, stand_in
from webapp.buddy.images import CredentialsImage, PublicImage
from webapp.buddy.variables import Variable

from .conftest import PLACE

ACTIONS = f"{PLACE.path}/actions"
HARD = "a \"b\" \\c 'd' $HOME `ls` $(ls) é\\n %s \\u0000 EOF"
PUBLIC = PublicImage("library/ubuntu", "latest")
PRIVATE = CredentialsImage("team/app", "1.2", "ghcr.io", "me", f"{HARD} ")
KEY = Variable("PATH", f"\t{HARD}\n\n two\\\n", encrypted=True)
OTHER_KEY = Variable("DEPLOY_KEY", "-----BEGIN-----\nabc\n", type="SSH_KEY")
SECRETS = {
    "REGISTRY_PASSWORD": PRIVATE.password,
    "VARIABLE_PATH": KEY.value,
    "VARIABLE_DEPLOY_KEY": OTHER_KEY.value,
}
REQUESTS = {
    "least": Container("Run tests", PUBLIC, "make test"),
    "hard to quote": Container(HARD, PUBLIC, f"{HARD}\n\n\t'x'\n"),
    "rows": Container("A", PUBLIC, "ls", volume_mappings=("/:/it's",), variables=(Variable("A", HARD),)),
    "a password": Container("A", PRIVATE, "ls"),
    "all secrets": Container("A", PRIVATE, "ls", variables=(KEY, Variable("B", "1"), OTHER_KEY)),
    "larger than a shell passes on": Container("A", PUBLIC, "x" * 65_000, entrypoint="y" * 65_000),
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_it_sends_what_slipway_would_send(upstream: StubBuddy, request_: Container) -> None:
    command = curl("POST", upstream.url + ACTIONS, request_.with_stand_ins(stand_in))
    assert not [secret for secret in SECRETS.values() if json.dumps(secret, ensure_ascii=False)[1:-1] in command]
    answer = json.loads(run_in_shell(command, BUDDY_TOKEN="a-token", **SECRETS))
    assert upstream.bodies == [request_.payload()]
    assert upstream.paths == [ACTIONS]
    assert answer["type"] == "RUN_DOCKER_CONTAINER"


@pytest.mark.parametrize("variables", [{"BUDDY_TOKEN": "a-token"}, {"REGISTRY_PASSWORD": "hush"}], ids=["1", "2"])
def test_it_does_nothing_where_a_secret_is_missing(upstream: StubBuddy, variables: dict[str, str]) -> None:
    body = Container("A", PRIVATE, "ls").with_stand_ins(stand_in)
    with pytest.raises(CalledProcessError):
        run_in_shell(curl("POST", upstream.url + ACTIONS, body), **variables)
    assert upstream.bodies == []
