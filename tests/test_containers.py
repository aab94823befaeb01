"""What runs Slipway in containers fits what Slipway is: its settings, its probes, the time that it takes to end."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from webapp.cli import SECONDS_TO_END, main
from webapp.settings import NAMES, Settings

ROOT = Path(__file__).parent.parent
CONTAINERFILE = (ROOT / "Containerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
CLUSTER: list[dict[str, Any]] = [
    each
    for text in re.findall(r"^```\n(apiVersion.*?)^```", (ROOT / "docs/kubernetes.md").read_text(), re.M | re.S)
    for each in yaml.safe_load_all(text)
]
DEPLOYMENT = next(each for each in CLUSTER if each["kind"] == "Deployment")["spec"]
POD = DEPLOYMENT["template"]["spec"]
(CONTAINER,) = POD["containers"]
HOPS = 1


def known(names: set[str]) -> bool:
    return names <= {*NAMES, *(f"{name}_FILE" for name in NAMES)}


def test_the_settings_that_are_given_are_there_and_are_what_a_team_needs(tmp_path: Path) -> None:
    image = set(re.findall(r"^ +(SLIPWAY_\w+)=", CONTAINERFILE, re.M))
    compose = COMPOSE["x-slipway"]["environment"]
    cluster = {each["name"]: each["value"] for each in CONTAINER["env"]}
    assert image and known(image)
    for given in (compose, cluster):
        assert known(set(given))
        # The same may not come from two places.
        assert not {name.removesuffix("_FILE") for name in given} & image
        for name in [name for name in given if name.endswith("_FILE")]:
            (tmp_path / name).write_text("sqlite:////x/y.db" if "DATABASE" in name else "a-text-of-the-tests")
        values = {name: str(tmp_path / name) if name.endswith("_FILE") else value for name, value in given.items()}
        settings = Settings.from_environ(
            values | {"SLIPWAY_URL": "https://desk.example.com", "SLIPWAY_HOST": "0.0.0.0"}
        )
        assert (settings.proxy_hops, settings.sandbox, bool(settings.sign_in)) == (HOPS, False, True)


def test_slipway_has_the_time_that_it_takes_to_end() -> None:
    assert int(COMPOSE["x-slipway"]["stop_grace_period"].removesuffix("s")) > SECONDS_TO_END
    pause = int(CONTAINER["lifecycle"]["preStop"]["exec"]["command"][1])
    assert POD["terminationGracePeriodSeconds"] > pause + SECONDS_TO_END


def test_probes_ask_for_what_there_is(app: Flask) -> None:
    asked = {CONTAINER[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    asked |= set(re.findall(r"'GET', '(/\w+)'", CONTAINERFILE))
    assert asked == {"/healthz"}
    assert app.test_client().get("/healthz", headers={"Host": "10.1.2.3:8000"}).status_code == 200


def test_it_runs_with_no_right_that_it_does_not_need() -> None:
    assert re.findall(r"^USER (\S+)$", CONTAINERFILE, re.M) == ["10001:10001"]
    assert POD["securityContext"]["runAsUser"] == 10001
    assert COMPOSE["x-slipway"]["read_only"] and CONTAINER["securityContext"]["readOnlyRootFilesystem"]
    assert COMPOSE["x-slipway"]["cap_drop"] == CONTAINER["securityContext"]["capabilities"]["drop"] == ["ALL"]


def test_the_image_holds_what_the_lock_file_names_checked_by_its_hashes_and_what_is_copied_is_let_in() -> None:
    installs = re.findall(r"pip --python.*? install(.*?)\n(?=[A-Z])", CONTAINERFILE, re.S)
    assert ["--require-hashes" in each or "--no-deps" in each for each in installs] == [True, True]
    copied = {name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", CONTAINERFILE, re.M) for name in line.split()}
    let_in = {line[1:] for line in (ROOT / ".containerignore").read_text().split() if line.startswith("!")}
    assert copied == let_in


def test_the_proxy_sends_no_post_twice_and_hands_out_no_figures() -> None:
    proxy = COMPOSE["configs"]["proxy"]["content"]
    code = re.sub(r"#.*", "", proxy)
    assert re.findall(r"proxy_next_upstream (.*?);", code) == ["error timeout"]
    assert re.search(r"location = /metrics \{\s*return 404;", code)
    for name in [name for name, each in COMPOSE["services"].items() if each.get("image") == "slipway"]:
        assert f"server {name}:8000" in code
    declared = set(COMPOSE["secrets"])
    assert {name for each in COMPOSE["services"].values() for name in each["secrets"]} == declared


@pytest.mark.parametrize("kind", ["Deployment", "Job", "Service"])
def test_what_a_cluster_is_given_is_there_once(kind: str) -> None:
    (one,) = [each for each in CLUSTER if each["kind"] == kind]
    if kind == "Job":
        (container,) = one["spec"]["template"]["spec"]["containers"]
        assert container["args"][0] in main.commands
        assert container["image"] == CONTAINER["image"]
