"""An action as one of a `buddy.yml`: what comes of it when it is pasted again, and what never stands in it."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.buddy.snapshot import Snapshot
from webapp.docker.secrets import holds_secret, looks_secret
from webapp.docker.texts import blank
from webapp.forms.action_form.exports import Exported, export
from webapp.forms.action_form.form import DEFAULTS
from webapp.forms.action_form.pasted import fill_from_paste
from webapp.forms.action_form.posted import Typed, flatten
from webapp.forms.validators import on_page

NOWHERE = Snapshot("")
CANARY = "Canary4Aa5Bb6Cc7Dd8Ee9Ff0Gg"

# What a page can hold: nobody can type the rest.
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30).filter(
    lambda text: on_page(text) == text
)
LINES = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)
PUBLIC = LINES.filter(lambda text: not blank(text) and not holds_secret(text))
LINE = WORDS.map(str.strip).filter(lambda text: not blank(text) and not holds_secret(text))
FOLDERS = st.from_regex(r"\A/[a-z]{0,5}\Z")
NUMBERS = st.integers(1, 99).map(str)
KEYS = st.from_regex(r"\A[A-Z]{1,3}_[0-9]\Z")
TICKS = st.just("true")
VARIABLES = st.fixed_dictionaries(
    {"key": KEYS, "value": st.one_of(PUBLIC, st.sampled_from(["true", "0", "22.10", "null", "~", "!a", "&a", "- a"]))},
    optional={"settable": TICKS, "description": LINE, "encrypted": TICKS},
).filter(lambda row: not looks_secret(row["key"], row["value"]))
IMAGES = st.one_of(
    st.fixed_dictionaries({"image_source": st.just("public")}, optional={"registry": st.just("ghcr.io")}),
    st.fixed_dictionaries({"image_source": st.just("credentials"), "login": LINE, "registry": st.just("quay.io")}),
    st.fixed_dictionaries({"image_source": st.just("integration"), "integration": st.from_regex(r"\A[a-z0-9]{3,9}\Z")}),
    st.fixed_dictionaries({"image_source": st.just("action"), "docker_build_action_id": st.integers(0, 9).map(str)}),
    st.fixed_dictionaries({"image_source": st.just("action"), "docker_build_action_name": LINE}),
)
SINGLE = st.fixed_dictionaries(
    {
        "name": LINE,
        "docker_image_name": st.sampled_from(["library/node", "a/$NAME"]),
        "docker_image_tag": st.sampled_from(["latest", "22.10", "1e3", "0o7", "yes", "$TAG"]),
        "inline_commands": PUBLIC,
        "trigger_time": st.sampled_from(["ON_EVERY_EXECUTION", "ON_WARNING", "ON_TERMINATE"]),
    },
    optional={
        "run_as_user": LINE,
        "entrypoint": LINE,
        "export_container_path": LINE,
        "mount_filesystem_disable": TICKS,
        "disabled": TICKS,
        "ignore_errors": TICKS,
        "timeout": NUMBERS,
        "retry_count": NUMBERS,
        "retry_interval": NUMBERS,
    },
)
ACTIONS = st.builds(
    lambda single, image, variables, volumes: {
        **single,
        **image,
        **flatten("variables", [{**row, "type": "VAR"} for row in variables]),
        **flatten("volume_mappings", volumes),
    },
    SINGLE,
    IMAGES,
    st.lists(VARIABLES, max_size=4, unique_by=lambda row: row["key"]),
    st.lists(
        st.fixed_dictionaries({"source": FOLDERS, "target": FOLDERS}), max_size=3, unique_by=lambda row: row["target"]
    ),
)


def exported(typed: Typed, *secrets: str) -> Exported:
    return export(typed, secrets, NOWHERE)


def said(typed: Typed) -> Typed:
    """What of a form is filled in, but for values that no file may hold."""
    secret = {name.removesuffix("-encrypted") for name in typed if name.endswith("-encrypted")}
    hidden = {f"{row}-{field}" for row in secret for field in ("value", "unknown")}
    return {name: value for name, value in typed.items() if value and name not in hidden}


@settings(max_examples=50)
@given(ACTIONS)
def test_a_form_comes_back_from_its_file_but_for_what_is_named(typed: Typed) -> None:
    written = exported(typed)
    for text in (written.action, written.file):
        assert said(fill_from_paste(DEFAULTS, text).typed) == said(typed)
    for name, key in typed.items():
        if name.endswith("-key") and f"{name[:-3]}encrypted" in typed:
            assert f"The value of the variable {key}: it is a secret. Set it in Buddy" in written.left


@settings(max_examples=50)
@given(
    st.fixed_dictionaries(
        {"image": st.just("quay.io/a/b:1"), "command": st.lists(LINE, min_size=1, max_size=3)},
        optional={"user": LINE, "environment": st.dictionaries(KEYS, PUBLIC, max_size=3)},
    ),
)
def test_a_service_fills_in_what_it_says(service: dict[str, Any]) -> None:
    def doubled(data: Any) -> Any:
        if isinstance(data, str):
            return data.replace("$", "$$")
        if isinstance(data, list):
            return [doubled(item) for item in data]
        return {name: doubled(value) for name, value in data.items()}

    text = yaml.safe_dump({"services": {"a": doubled(service)}}, allow_unicode=True)
    typed = fill_from_paste(DEFAULTS, text).typed
    assert (typed["docker_image_name"], typed["docker_image_tag"], typed["registry"]) == ("a/b", "1", "quay.io")
    assert typed.get("run_as_user", "") == service.get("user", "")
    variables = service.get("environment", {})
    numbers = range(len(variables))
    assert {typed[f"variables-{n}-key"]: typed[f"variables-{n}-value"] for n in numbers} == variables
    assert typed["inline_commands"]


def test_an_action_is_an_item_of_the_list_of_actions() -> None:
    typed = {
        "name": "Run tests",
        "docker_image_name": "library/node",
        "docker_image_tag": "22.10",
        "inline_commands": "npm ci\nnpm test",
        "volume_mappings-0-source": "/",
        "volume_mappings-0-target": "/app",
        "trigger_time": "ON_FAILURE",
        "run_only_on_first_failure": "true",
        "timeout": "60",
    }
    assert exported(typed) == Exported(
        "- action: Run tests\n"
        "  type: RUN_DOCKER_CONTAINER\n"
        "  docker_image_name: library/node\n"
        "  docker_image_tag: '22.10'\n"
        "  inline_commands: |-\n"
        "    npm ci\n"
        "    npm test\n"
        "  volume_mappings:\n"
        "  - /:/app\n"
        "  trigger_time: ON_FAILURE\n"
        "  run_only_on_first_failure: true\n"
        "  timeout: 60\n"
    )


def test_what_a_file_can_not_say_is_named_in_it() -> None:
    typed = {
        "name": "a",
        "image_source": "credentials",
        "login": "me",
        "after_action_id": "3",
        "timeout": "long",
        "variables-0-key": "A",
        "variables-0-encrypted": "true",
        "variables-1-key": "B",
        "variables-1-unknown": "true",
    }
    typed["run_only_on_first_failure"] = "true"
    written = exported(typed)
    assert written.left == (
        "The password for the registry: it is a secret. Set it in Buddy, or use an integration",
        "Position in the pipeline: actions of a buddy.yml run in the order in which they stand in it",
        "Only on the first failure: it does nothing in an action that does not run when the pipeline fails",
        "The value of the variable A: it is a secret. Set it in Buddy",
        "The value of the variable B: it is not known here",
        "Time limit in seconds: it is no whole number",
    )
    assert written.file.startswith("# Not in this file:\n# - The password for the registry: it is a secret.")
    assert written.file.endswith(written.action)


@pytest.mark.parametrize(
    "typed",
    [
        {"inline_commands": f"login -p {CANARY}"},
        {"inline_commands": f"say {CANARY}"},
        {"entrypoint": f"TOKEN={CANARY}"},
        {"run_as_user": CANARY},
        {"image_source": "credentials", "login": "me", "password": CANARY},
        {"variables-0-key": "API_TOKEN", "variables-0-value": CANARY},
        {"variables-0-key": "A", "variables-0-value": CANARY},
        {"variables-0-key": "A", "variables-0-value": CANARY, "variables-0-encrypted": "true"},
        {"variables-0-key": "A", "variables-0-value": CANARY, "variables-0-type": "SSH_KEY"},
        {"variables-0-key": "A", "variables-0-description": CANARY},
        {"volume_mappings-0-source": f"/{CANARY}", "volume_mappings-0-target": "/a"},
    ],
)
def test_a_secret_stands_in_no_file_and_is_named(typed: Typed) -> None:
    written = exported({"name": "a", **typed}, CANARY)
    assert CANARY not in written.file
    assert written.left


def test_a_line_about_what_is_missing_can_not_leave_its_comment() -> None:
    file = export({"name": "a"}, (), NOWHERE, ["a\nb\u2028c\x85d: e."]).file
    assert file.startswith("# Not in this file:\n# - a b c d: e\n- action: a\n")
