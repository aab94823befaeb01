"""The form: what reaches Buddy, what is refused and how, what the helper buttons do."""

import re
from threading import Barrier, Thread

import pytest
from flask import Flask
from support.buddy import StubBuddy
from support.examples import REQUEST_EXAMPLE, RESPONSE_EXAMPLE
from support.pages import Browser, Page

EXAMPLE = {
    "name": "Run container",
    "image_source": "integration",
    "docker_image_name": "library/ubuntu",
    "docker_image_tag": "latest",
    "integration": "5ddb7c180fb38be67bd78a88a",
    "inline_commands": "ls -al > ls.log",
    "run_as_user": "$containerUser",
    "export_container_path": "/exportPath",
    "volume_mappings__0__source": "/",
    "volume_mappings__0__target": "/buddy/mount/directory",
    "variables__0__key": "containerUser",
    "variables__0__value": "notRoot",
    "entrypoint": "/bin/sh",
}
LEAST = {"name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "make test"}
LEAST_ON_THE_WIRE = {
    "name": "Run tests",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "library/ubuntu",
    "docker_image_tag": "latest",
    "inline_commands": "make test",
    "mount_filesystem_disable": False,
}
BASE = {
    "name": "Run tests",
    "type": "RUN_DOCKER_CONTAINER",
    "inline_commands": "make test",
    "mount_filesystem_disable": False,
}


def test_the_contracts_example_reaches_the_wire_and_both_its_links_the_receipt(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    receipt = desk.get(new_form).send(**EXAMPLE)
    assert upstream.bodies == [REQUEST_EXAMPLE]
    assert upstream.paths == ["/workspaces/buddy/projects/company-website/pipelines/2/actions"]
    assert receipt.path.startswith("/submissions/")
    assert RESPONSE_EXAMPLE["html_url"] in receipt.links.values()
    assert RESPONSE_EXAMPLE["pipeline"]["html_url"] in receipt.links.values()
    assert "“Run container” was added" in receipt.heading


# One row for each line of the table "Where the image comes from: which fields go together".
SOURCES = {
    "Docker Hub, public": ({"image_source": "public"}, {}),
    "another public registry": (
        {"image_source": "public", "registry": "quay.io"},
        {"registry": "quay.io"},
    ),
    "Docker Hub, private": (
        {"image_source": "integration", "integration": "hub", "region": "eu-west-1"},
        {"integration": {"identifier": "hub"}},
    ),
    "Amazon ECR": (
        {"image_source": "integration", "integration": "ecr_prod", "region": "eu-central-1", "login": "me"},
        {"integration": {"identifier": "ecr_prod"}, "region": "eu-central-1"},
    ),
    "Google GCR": (
        {"image_source": "integration", "integration": "gcr", "registry": "eu.gcr.io", "region": "eu-central-1"},
        {"integration": {"identifier": "gcr"}, "registry": "eu.gcr.io"},
    ),
    "Google Artifact Registry": (
        {"image_source": "integration", "integration": "gcr", "registry": "europe-west1-docker.pkg.dev"},
        {"integration": {"identifier": "gcr"}, "registry": "europe-west1-docker.pkg.dev"},
    ),
    "GitHub, connected": (
        {"image_source": "integration", "integration": "dd44"},
        {"integration": {"identifier": "dd44"}},
    ),
    "GitHub, with a token": (
        {"image_source": "credentials", "registry": "ghcr.io", "login": "me", "password": "a-token"},
        {"registry": "ghcr.io", "login": "me", "password": "a-token"},
    ),
    "another private registry": (
        {
            "image_source": "credentials",
            "registry": "registry.example.com:5000",
            "login": "me",
            "password": "pass word ",
            "integration": "hub",
            "region": "eu-west-1",
        },
        {"registry": "registry.example.com:5000", "login": "me", "password": "pass word "},
    ),
    "an image from the action before": (
        {"image_source": "action", "docker_build_action_id": "0", "registry": "quay.io", "login": "me"},
        {"use_image_from_action": True, "docker_build_action_id": 0},
    ),
    "an image from an action by number": (
        {"image_source": "action", "docker_build_action_id": "1", "integration": "hub"},
        {"use_image_from_action": True, "docker_build_action_id": 1},
    ),
    "an image from an action by name": (
        {"image_source": "action", "docker_build_action_name": "Build API"},
        {"use_image_from_action": True, "docker_build_action_name": "Build API"},
    ),
}


@pytest.mark.parametrize(("typed", "wire"), SOURCES.values(), ids=SOURCES)
def test_only_what_belongs_to_the_image_source_is_sent(
    desk: Browser, upstream: StubBuddy, new_form: str, typed: dict[str, str], wire: dict[str, object]
) -> None:
    desk.get(new_form).send(**LEAST, **typed, docker_image_tag="1.2")
    assert upstream.bodies == [BASE | {"docker_image_name": "library/ubuntu", "docker_image_tag": "1.2"} | wire]


# Each parameter of the contract, and those that all actions have: typed → on the wire.
PARAMETERS = {
    "name": ({"name": "  Lint  "}, {"name": "Lint"}),
    "docker_image_name": ({"docker_image_name": "team/app"}, {"docker_image_name": "team/app"}),
    "docker_image_tag": ({"docker_image_tag": "22.04"}, {"docker_image_tag": "22.04"}),
    "inline_commands": ({"inline_commands": " a\r\n\tb \r\n"}, {"inline_commands": " a\n\tb \n"}),
    "run_as_user": ({"run_as_user": "$containerUser"}, {"run_as_user": "$containerUser"}),
    "mount_filesystem_disable": ({"mount_filesystem_disable": "true"}, {"mount_filesystem_disable": True}),
    "volume_mappings": (
        {"volume_mappings__0__source": "$DIR", "volume_mappings__0__target": "/app"},
        {"volume_mappings": ["$DIR:/app"]},
    ),
    "registry": ({"registry": "ghcr.io/team"}, {"registry": "ghcr.io/team"}),
    "login and password": (
        {"image_source": "credentials", "login": "me", "password": " secret "},
        {"login": "me", "password": " secret "},
    ),
    "export_container_path": ({"export_container_path": "/out"}, {"export_container_path": "/out"}),
    "integration": (
        {"image_source": "integration", "integration": "typed_by_hand"},
        {"integration": {"identifier": "typed_by_hand"}},
    ),
    "region": (
        {"image_source": "integration", "integration": "ecr_prod", "region": "us-east-1"},
        {"integration": {"identifier": "ecr_prod"}, "region": "us-east-1"},
    ),
    "use_image_from_action and docker_build_action_id": (
        {"image_source": "action", "docker_build_action_id": "1"},
        {"use_image_from_action": True, "docker_build_action_id": 1},
    ),
    "docker_build_action_name": (
        {"image_source": "action", "docker_build_action_name": "Build API"},
        {"use_image_from_action": True, "docker_build_action_name": "Build API"},
    ),
    "entrypoint": ({"entrypoint": "/bin/bash"}, {"entrypoint": "/bin/bash"}),
    "variables": (
        {"variables__0__key": "A", "variables__0__value": " 1 "},
        {"variables": [{"key": "A", "value": " 1 "}]},
    ),
    "variables, all of one": (
        {
            "variables__0__key": "A",
            "variables__0__value": "c2VjcmV0",
            "variables__0__type": "FILE",
            "variables__0__encrypted": "true",
            "variables__0__settable": "true",
            "variables__0__description": "What it is",
        },
        {
            "variables": [
                {
                    "key": "A",
                    "value": "c2VjcmV0",
                    "type": "FILE",
                    "encrypted": True,
                    "settable": True,
                    "description": "What it is",
                }
            ]
        },
    ),
    "trigger_time": ({"trigger_time": "ON_WARNING"}, {"trigger_time": "ON_WARNING"}),
    "run_only_on_first_failure": (
        {"trigger_time": "ON_FAILURE", "run_only_on_first_failure": "true"},
        {"trigger_time": "ON_FAILURE", "run_only_on_first_failure": True},
    ),
    "run_only_on_first_failure, not ticked": (
        {"trigger_time": "ON_FAILURE"},
        {"trigger_time": "ON_FAILURE", "run_only_on_first_failure": False},
    ),
    "after_action_id": ({"after_action_id": "1"}, {"after_action_id": 1}),
    "disabled": ({"disabled": "true"}, {"disabled": True}),
    "timeout": ({"timeout": "600"}, {"timeout": 600}),
    "ignore_errors": ({"ignore_errors": "true"}, {"ignore_errors": True}),
    "retry_count": ({"retry_count": "3"}, {"retry_count": 3}),
    "retry_interval": ({"retry_interval": "30"}, {"retry_interval": 30}),
}


@pytest.mark.parametrize(("typed", "wire"), PARAMETERS.values(), ids=PARAMETERS)
def test_every_parameter_reaches_the_wire(
    desk: Browser, upstream: StubBuddy, new_form: str, typed: dict[str, str], wire: dict[str, object]
) -> None:
    desk.get(new_form).send(**LEAST | typed)
    assert upstream.bodies == [LEAST_ON_THE_WIRE | wire]


CREDENTIALS = {"image_source": "credentials", "login": "me", "password": "secret"}
INTEGRATION = {"image_source": "integration", "integration": "hub"}
BUILT = {"image_source": "action", "docker_build_action_id": "1"}
CONTROL = "must have no hidden or unreadable characters: character"
# Typed → the field that is refused → its message.
REFUSALS = [
    ({"name": " "}, "name", "Enter a name for the action, for example Run tests"),
    ({"name": "\u200b"}, "name", "Enter a name for the action, for example Run tests"),
    ({"name": "a\x1bb"}, "name", f"The name of the action {CONTROL} 2 is U+001B"),
    ({"name": "ab\u202ec"}, "name", f"The name of the action {CONTROL} 3 is U+202E"),
    ({"name": "x" * 65_537}, "name", "“Name of the action” must be at most 65,536 bytes long: this is 65,537"),
    ({"docker_image_name": ""}, "docker_image_name", "Enter the name of the image, for example library/ubuntu"),
    ({"docker_image_tag": ""}, "docker_image_tag", "Enter the tag of the image, for example latest"),
    ({"image_source": "elsewhere"}, "image_source", "Choose where the image comes from"),
    ({"inline_commands": "\n \n"}, "inline_commands", "Enter the commands to run, one per line"),
    ({"inline_commands": "ls\x00"}, "inline_commands", f"The commands {CONTROL} 3 is U+0000"),
    ({"run_as_user": "a\tb"}, "run_as_user", f"The user {CONTROL} 2 is U+0009"),
    ({"entrypoint": "\x07"}, "entrypoint", f"The entrypoint {CONTROL} 1 is U+0007"),
    ({"export_container_path": "/a\x7f"}, "export_container_path", f"The export path {CONTROL} 3 is U+007F"),
    (CREDENTIALS | {"login": ""}, "login", "Enter the user name for the registry"),
    (CREDENTIALS | {"login": "a\x01"}, "login", f"The user name {CONTROL} 2 is U+0001"),
    (CREDENTIALS | {"password": ""}, "password", "Enter the password for the registry"),
    (CREDENTIALS | {"password": "a\nb"}, "password", f"The password {CONTROL} 2 is U+000A"),
    (INTEGRATION | {"integration": ""}, "integration", "Choose the integration that connects the registry"),
    (INTEGRATION | {"integration": "\x02"}, "integration", f"The integration {CONTROL} 1 is U+0002"),
    (
        INTEGRATION | {"integration": "ecr_prod"},
        "region",
        "Enter the AWS region of the registry, for example eu-central-1",
    ),
    (
        INTEGRATION | {"integration": "ecr_prod", "region": "\x03"},
        "region",
        f"The AWS region {CONTROL} 1 is U+0003",
    ),
    (
        INTEGRATION | {"integration": "gcr"},
        "registry",
        "Enter the address of the Google registry, for example eu.gcr.io",
    ),
    (
        BUILT | {"docker_build_action_id": ""},
        "docker_build_action_id",
        "Choose the action that builds the image, by its number or by its name",
    ),
    (
        BUILT | {"docker_build_action_name": "Build API"},
        "docker_build_action_name",
        "Choose the build action by its number or by its name, not by both",
    ),
    (
        BUILT | {"docker_build_action_id": "９"},
        "docker_build_action_id",
        "The number of the build action must be a whole number from 0 up",
    ),
    (
        {"image_source": "action", "docker_build_action_name": "\x04"},
        "docker_build_action_name",
        f"The name of the build action {CONTROL} 1 is U+0004",
    ),
    (
        {"volume_mappings__0__source": "/a"},
        "volume_mappings-0-target",
        "Enter the folder in the container, for example /buddy/app",
    ),
    (
        {"volume_mappings__0__target": "/a"},
        "volume_mappings-0-source",
        "Enter the folder in the pipeline, for example /",
    ),
    (
        {
            "volume_mappings__0__source": "/a",
            "volume_mappings__0__target": "/b",
            "volume_mappings__1__source": "/c",
            "volume_mappings__1__target": "/b",
        },
        "volume_mappings-1-target",
        "The folder in the container must differ from volume 1",
    ),
    ({"variables__0__value": "1"}, "variables-0-key", "Enter the name of the variable, for example APP_ENV"),
    (
        {"variables__0__key": "1A"},
        "variables-0-key",
        "The name must be letters, digits and _ only, and not begin with a digit",
    ),
    (
        {"variables__0__key": "A", "variables__1__key": "A"},
        "variables-1-key",
        "The name must differ from variable 1",
    ),
    (
        {"variables__0__key": "A", "variables__0__value": "\x05"},
        "variables-0-value",
        f"The value {CONTROL} 1 is U+0005",
    ),
    (
        {"variables__0__key": "A", "variables__0__value": "not base64!", "variables__0__type": "FILE"},
        "variables-0-value",
        "The value of a file must be its content in Base64",
    ),
    ({"variables__0__key": "A", "variables__0__type": "SSH_KEY"}, "variables-0-value", "Enter the value"),
    ({"variables__0__key": "A", "variables__0__type": "FILE"}, "variables-0-value", "Enter the value"),
    (
        {"variables__0__key": "A", "variables__0__type": "GPG_KEY"},
        "variables-0-type",
        "Choose the kind of the variable",
    ),
    (
        {"variables__0__key": "A", "variables__0__description": "\x06"},
        "variables-0-description",
        f"The description {CONTROL} 1 is U+0006",
    ),
    ({"trigger_time": "ON_SUCCESS"}, "trigger_time", "Choose when the action runs"),
    (
        {"run_only_on_first_failure": "true"},
        "run_only_on_first_failure",
        "“Only on the first failure” must go with “When the pipeline fails”",
    ),
    ({"after_action_id": "0"}, "after_action_id", "The number of the action before must be a whole number from 1 up"),
    ({"timeout": "1.5"}, "timeout", "The time limit must be a whole number from 1 to 86,400"),
    ({"retry_count": "101"}, "retry_count", "The number of tries must be a whole number from 0 to 100"),
    (
        {"retry_interval": "-1"},
        "retry_interval",
        "The seconds between tries must be a whole number from 0 to 86,400",
    ),
]


@pytest.mark.parametrize(("typed", "field", "message"), REFUSALS, ids=[f"{row[1]}: {row[2][:40]}" for row in REFUSALS])
def test_a_bad_value_is_refused_in_words_with_everything_kept(
    desk: Browser, upstream: StubBuddy, new_form: str, typed: dict[str, str], field: str, message: str
) -> None:
    page = desk.get(new_form).send(**LEAST | typed)
    assert (page.status, upstream.bodies) == (422, [])
    assert page.errors == [page.summed_up(field)]
    assert page.error_at(field) == message
    assert_kept(page, LEAST | typed)


def assert_kept(page: Page, typed: dict[str, str]) -> None:
    """Everything typed stands in the page's form, but for secrets, and for what HTML itself can't hold."""
    fields = page.fields
    for name, value in typed.items():
        if name == "password" or value in ("elsewhere", "ON_SUCCESS", "GPG_KEY"):
            continue
        shown = fields.get(name.replace("__", "-"), "")
        readable = re.sub("[\x00-\x08\x0b-\x1f\x7f]", "\ufffd", value.replace("\r\n", "\n"))
        assert shown.strip() == readable.strip(), name


def test_volumes_without_the_filesystem_are_sent_and_said_to_have_no_effect(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    typed = LEAST | {
        "mount_filesystem_disable": "true",
        "volume_mappings__0__source": "/",
        "volume_mappings__0__target": "/app",
    }
    page = desk.get(new_form).press("check", **typed)
    assert "volume mappings will have no effect" in page.text
    page.send()
    assert upstream.bodies[0]["volume_mappings"] == ["/:/app"]
    assert upstream.bodies[0]["mount_filesystem_disable"] is True


def test_rows_come_and_go_by_helper_buttons_and_nothing_is_sent(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).press("add-variables", **LEAST, variables__0__key="A", variables__0__value="1")
    page = page.press("add-variables", variables__1__key="B", variables__1__value="2")
    page = page.press("add-volume_mappings", variables__2__key="C", variables__2__value="3")
    page = page.press("remove-variables-1")
    assert upstream.bodies == []
    page.send(volume_mappings__0__source="/", volume_mappings__0__target="/x")
    assert upstream.bodies[0]["variables"] == [{"key": "A", "value": "1"}, {"key": "C", "value": "3"}]
    assert upstream.bodies[0]["volume_mappings"] == ["/:/x"]


def test_a_form_that_goes_off_without_any_of_its_buttons_sends_nothing(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).send_to(new_form, **LEAST)
    assert (page.status, page.fields["name"], upstream.bodies) == (200, LEAST["name"], [])
    assert page.send().heading == f"“{LEAST['name']}” was added"


def test_too_many_rows_are_an_error_that_keeps_all_of_them(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    rows = {f"variables__{number}__key": f"V{number}" for number in range(401)}
    rows |= {f"volume_mappings__{number}__source": "/a" for number in range(401)}
    rows |= {f"volume_mappings__{number}__target": f"/b{number}" for number in range(401)}
    page = desk.get(new_form).send(**LEAST, **rows)
    assert page.errors == [
        "Volume mappings must be at most 400: these are 401",
        "Variables must be at most 400: these are 401",
    ]
    assert_kept(page, rows)
    assert upstream.bodies == []


def test_the_largest_form_is_sent(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    rows = {f"variables__{number}__key": f"V{number}" for number in range(400)}
    rows |= {f"volume_mappings__{number}__source": "/a" for number in range(400)}
    rows |= {f"volume_mappings__{number}__target": f"/b{number}" for number in range(400)}
    desk.get(new_form).send(**LEAST, **rows)
    assert len(upstream.bodies[0]["variables"]) == 400
    assert len(upstream.bodies[0]["volume_mappings"]) == 400


def test_names_that_are_no_fields_and_odd_row_numbers_are_dropped(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    odd = {"state": "created", "variables__²__key": "A", "variables__٣__key": "A", "html_url": "https://example.com"}
    desk.get(new_form).send(**LEAST | odd)
    assert upstream.bodies == [LEAST_ON_THE_WIRE]


def test_three_secrets_one_removed_one_renamed_each_reach_their_own_key(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).press("add-variables", **LEAST, **secret_row(0, "A", "secret-of-a"))
    page = page.press("add-variables", **secret_row(1, "B", "secret-of-b"))
    page = page.press("check", **secret_row(2, "C", "secret-of-c"))
    assert "secret-of" not in page.html
    assert page.text.count("A value is kept.") == 3
    page = page.press("remove-variables-1", variables__2__key="RENAMED")
    assert "secret-of" not in page.html
    receipt = page.send()
    assert upstream.bodies[0]["variables"] == [
        {"key": "A", "value": "secret-of-a", "encrypted": True},
        {"key": "RENAMED", "value": "secret-of-c", "encrypted": True},
    ]
    assert "secret-of" not in receipt.html


def secret_row(number: int, key: str, value: str) -> dict[str, str | None]:
    row = f"variables__{number}__"
    return {f"{row}key": key, f"{row}value": value, f"{row}encrypted": "true"}


def test_a_kept_secret_can_be_forgotten(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = desk.get(new_form).press("check", **LEAST, **CREDENTIALS)
    assert page.status == 200
    assert "password_kept" in page.fields
    page = page.press("forget-password")
    assert "password_kept" not in page.fields
    assert page.send().errors == ["Enter the password for the registry"]
    assert upstream.bodies == []


def test_a_kept_value_never_goes_out_unencrypted(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = desk.get(new_form).press("check", **LEAST, **secret_row(0, "A", "secret-of-a"))
    page = page.send(variables__0__encrypted=None)
    assert page.errors == ["A: enter the value again, or tick “Encrypted”: a kept value is only sent encrypted"]
    assert (upstream.bodies, "secret-of-a" in page.html) == ([], False)
    page.send(variables__0__encrypted="true")
    assert upstream.bodies[0]["variables"] == [{"key": "A", "value": "secret-of-a", "encrypted": True}]


def test_an_encrypted_variable_may_be_empty(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = desk.get(new_form).press("check", **LEAST, **secret_row(0, "A", "secret-of-a"), **secret_row(1, "B", ""))
    assert page.errors == []
    page = page.press("forget-variables-0")
    page.send()
    assert upstream.bodies[0]["variables"] == [
        {"key": "A", "value": "", "encrypted": True},
        {"key": "B", "value": "", "encrypted": True},
    ]


def test_a_page_without_its_csrf_token_keeps_what_was_typed_and_sends_nothing(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).send(**LEAST | CREDENTIALS, csrf_token="old")
    assert (page.status, upstream.bodies) == (400, [])
    assert "nothing has been sent" in page.text
    assert_kept(page, LEAST)
    page.send()
    assert upstream.bodies[0]["password"] == "secret"


def test_a_page_with_anothers_signed_value_keeps_what_was_typed_and_sends_nothing(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).send(**LEAST, envelope="forged")
    assert (page.status, upstream.bodies) == (400, [])
    assert_kept(page, LEAST)
    page.send()
    assert upstream.bodies == [LEAST_ON_THE_WIRE]


def test_a_post_with_neither_token_nor_signed_value_is_a_strangers(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).send(**LEAST, envelope="forged", csrf_token="forged")
    assert (page.status, upstream.bodies) == (400, [])
    assert page.by_id("form") is None


def test_the_same_form_posted_20_times_at_once_is_sent_once(
    desk: Browser, personal: Flask, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form)
    fields = page.fields | LEAST
    start = Barrier(20, timeout=60)
    places: list[str] = []

    def post() -> None:
        client = personal.test_client()
        client.set_cookie("slipway-8000", cookie, domain="127.0.0.1")
        start.wait()
        answer = client.post(new_form.removesuffix("/new"), data=fields, base_url=desk.url)
        places.append(answer.headers["Location"])

    cookie = desk.client.get_cookie("slipway-8000", domain="127.0.0.1").value
    threads = [Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert upstream.bodies == [LEAST_ON_THE_WIRE]
    assert (len(places), len(set(places))) == (20, 1)


def test_back_and_send_again_unchanged_leads_to_the_same_receipt(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form)
    first = page.send(**LEAST)
    second = page.send(**LEAST)
    assert (first.path, len(upstream.bodies)) == (second.path, 1)


def test_back_and_send_an_edited_copy_asks_first_and_keeps_it(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form)
    page.send(**LEAST)
    copy = page.send(**LEAST | {"inline_commands": "make lint"})
    assert (copy.status, len(upstream.bodies)) == (409, 1)
    assert "This form was sent before" in copy.text
    copy.send()
    assert [body["inline_commands"] for body in upstream.bodies] == ["make test", "make lint"]


def test_the_form_can_be_filled_by_its_address_but_not_with_secrets(desk: Browser, new_form: str) -> None:
    page = desk.get(
        f"{new_form}?docker_image_name=team/app&password=hush&variables-0-key=A&variables-0-value=hush"
        "&variables-0-encrypted=true&disabled=true"
    )
    assert page.fields["docker_image_name"] == "team/app"
    assert page.fields["variables-0-key"] == "A"
    assert page.fields["disabled"] == "true"
    assert "hush" not in page.html


def test_an_old_page_looks_at_the_pipeline_before_it_sends(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    upstream.readable = False
    page = desk.get(new_form)
    assert "before it is sent, Slipway looks at the pipeline again" in page.text
    receipt = page.send(**LEAST)
    assert (upstream.bodies, "Nothing was sent" in receipt.text) == ([], True)
    upstream.readable = True
    upstream.reads.clear()
    again = desk.post(f"{receipt.path}/attempts", {"csrf_token": page.fields["csrf_token"]})
    assert upstream.bodies == [LEAST_ON_THE_WIRE]
    assert upstream.reads[0].endswith("/pipelines/2/actions")
    assert "was added" in again.heading


def test_a_fresh_page_sends_without_reading_again(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = desk.get(new_form)
    page.send(**LEAST)
    place = "/workspaces/buddy/projects/company-website/pipelines/2"
    assert sorted(upstream.reads) == ["/user/token", "/workspaces/buddy/integrations", place]


def test_the_summary_calls_rows_what_people_call_them_and_by_number_where_they_have_no_name(
    desk: Browser, new_form: str
) -> None:
    secret = "ghp_" + "a1B2" * 9
    rows = {
        "variables__0__value": "1",
        "variables__1__key": "DEPLOY_KEY",
        "variables__1__type": "SSH_KEY",
        "variables__2__key": secret,
        "variables__2__type": "SSH_KEY",
        "variables__3__key": "N" * 300,
        "variables__3__type": "SSH_KEY",
        "volume_mappings__0__target": "/buddy/app",
        "volume_mappings__1__source": "/",
    }
    errors = desk.get(new_form).send(**LEAST, **rows).errors
    assert [error for error in errors if error.startswith("Vol")] == [
        "Volume 1 (/buddy/app): enter the folder in the pipeline, for example /",
        "Volume 2: enter the folder in the container, for example /buddy/app",
    ]
    assert "Variable 1: enter the name of the variable, for example APP_ENV" in errors
    assert "DEPLOY_KEY: enter the value" in errors
    assert "Variable 3: enter the value" in errors
    assert f"{'N' * 80}…: enter the value" in errors
    assert secret not in "".join(errors)
