"""Boxes that are lists: what is offered by name, and that a value which is not in the list stays."""

from support.buddy import StubBuddy
from support.pages import Browser, Page

LEAST = {"name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "make test"}


def options(page: Page, id: str) -> dict[str, str]:
    """Value → words of what a box offers."""
    box = page.by_id(id)
    assert box is not None
    return {option.get("value", ""): "".join(option.itertext()) for option in box.iter("option")}


def test_integrations_build_actions_and_positions_are_chosen_by_name(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form)
    assert options(page, "integration") == {
        "": "Choose an integration",
        "ecr_prod": "ECR prod (Amazon)",
        "gcr": "Google (Google)",
        "hub": "Docker Hub (Docker Hub)",
        "dd44": "GitHub (GitHub)",
    }
    assert list(options(page, "docker_build_action_id").items()) == [
        ("", "None, or by its name below"),
        ("0", "The action just before this one"),
        ("1", "Build API"),
    ]
    assert options(page, "after_action_id") == {"": "At the end", "1": "After “Build API”"}
    page.send(**LEAST, after_action_id="1")
    assert upstream.bodies[0]["after_action_id"] == 1


def test_each_page_offers_what_its_pipeline_has_at_that_moment(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    at_first = options(desk.get(new_form), "after_action_id")
    for name in ("Step", "Step " * 500):
        upstream.by_hand = [{**upstream.actions[0], "id": 7, "name": name.strip()}]
        now = options(desk.get(new_form), "after_action_id")
        assert now == {**at_first, "7": f"After “{name.strip()}”"}
    upstream.by_hand = []
    assert options(desk.get(new_form), "after_action_id") == at_first


def test_regions_and_registries_are_suggested_and_free(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form)
    assert options(page, "region-list")["eu-central-1"] == "Frankfurt"
    assert options(page, "registry-list")["eu.gcr.io"] == "Google, EU"
    page = page.press("check", **LEAST, registry="registry.example.com")
    assert page.fields["registry"] == "registry.example.com"


def test_a_value_that_is_not_in_the_list_stays(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    typed = {
        "image_source": "integration",
        "integration": "mine",
        "docker_build_action_id": "77",
        "after_action_id": "8",
    }
    page = desk.get(f"{new_form}?" + "&".join(f"{name}={value}" for name, value in typed.items()))
    assert {name: page.fields[name] for name in typed} == typed
    page.send(**LEAST)
    assert upstream.bodies[0]["integration"] == {"identifier": "mine"}
    assert upstream.bodies[0]["after_action_id"] == 8


def test_what_is_not_known_by_name_can_be_typed(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    upstream.readable = False
    page = desk.get(new_form)
    for name in ("integration", "after_action_id"):
        box = page.by_id(name)
        assert box is not None
        assert (box.tag, box.get("type")) == ("input", "text")
