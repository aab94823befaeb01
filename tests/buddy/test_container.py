"""The table of settings: what it says of each holds of a container, and of how two actions are compared."""

from dataclasses import fields
from typing import Any

import pytest
from support.settings import UNTOLD, VALUES, action_with

from webapp.buddy.container import OWN, SETTINGS, Container, read_values
from webapp.buddy.images import BuiltImage, CredentialsImage, IntegrationImage, PublicImage
from webapp.buddy.likeness import differences, visible_differences
from webapp.buddy.wordings import in_contracts_words

IMAGES = (
    PublicImage("app", "1"),
    CredentialsImage("app", "1", "", "me", "hush"),
    IntegrationImage("app", "1", "hub"),
    BuiltImage("app", "1", 4),
    BuiltImage("app", "1", "Build"),
)
TOLD = [name for name in VALUES if name not in UNTOLD]
CHANGES = [(name, new) for name in VALUES for new in VALUES[name][1:]]


def read(action: dict[str, Any]) -> Container:
    return Container.of(read_values(in_contracts_words(action)))


def test_each_setting_belongs_to_the_container_or_to_an_image() -> None:
    of_images = {name for image in IMAGES for name in image.values()}
    assert {field.name for field in fields(Container)} == {*OWN, "image"}
    assert {*OWN, *of_images} == SETTINGS.keys() == VALUES.keys()
    assert not of_images & set(OWN)


def test_what_is_not_set_is_empty_in_its_kind() -> None:
    least = Container("", PublicImage("", ""), "")
    assert all(value == SETTINGS[name].kind.empty for name, value in least.values().items())
    assert read({}) == least


@pytest.mark.parametrize("name", TOLD)
def test_what_was_sent_is_read_back_and_compares_as_the_same(name: str) -> None:
    sent = action_with(name, VALUES[name][0])
    answered = {key: value for key, value in sent.items() if key not in UNTOLD}
    assert read(answered).payload() == {**answered, **({"password": ""} if "login" in sent else {})}
    assert differences(sent, answered) == ()
    assert visible_differences({"type": sent["type"], name: sent[name]}, answered) == ()


@pytest.mark.parametrize(("name", "new"), CHANGES)
def test_another_value_tells_two_actions_apart_where_buddy_tells_it(name: str, new: Any) -> None:
    sent = action_with(name, VALUES[name][0])
    named = () if name in UNTOLD else (name,)
    assert differences(sent, sent | {name: new}) == named
    assert visible_differences({name: sent[name]}, sent | {name: new}) == named


def test_a_setting_that_another_version_has_sent_is_compared_as_it_stands() -> None:
    assert visible_differences({"shell": "SH", "loop": []}, {"shell": "SH"}) == ()
    assert visible_differences({"shell": "SH"}, {"shell": "BASH"}) == ("shell",)
