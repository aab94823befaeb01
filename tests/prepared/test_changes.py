"""What a newer version of a template changes, in words."""

from dataclasses import replace

from hypothesis import given, settings
from support.prepared import COUNTRY, REPORT, templates

from webapp.prepared.areas import Area
from webapp.prepared.boxes import Asked, Fixed
from webapp.prepared.changes import Change, Words, changes
from webapp.prepared.templates import PreparedVariable, Template


@given(templates, templates)
@settings(max_examples=50)
def test_two_versions_differ_only_if_something_is_told(one: Template, other: Template) -> None:
    assert changes(one, one) == ()
    keys = [item.key for item in (*one.variables, *other.variables)]
    if one != other and len(set(keys)) == len(keys):
        assert changes(one, other) != ()


def test_each_thing_is_told_once_with_what_it_was_and_is() -> None:
    newer = replace(
        REPORT,
        name="Weekly report",
        boxes={**REPORT.boxes, "docker_image_tag": Fixed("23.04"), "timeout": Asked(replace(COUNTRY, key="limit"))},
        variables=(
            PreparedVariable("COUNTRY", Asked(replace(COUNTRY, label="Market")), settable=True),
            *REPORT.variables[1:3],
        ),
        volumes=(),
    )
    assert changes(REPORT, newer) == (
        Change("template_name", "Nightly report", "Weekly report"),
        Change("docker_image_tag", "fixed: 22.04", "fixed: 23.04"),
        Change("timeout", "fixed: 600", "asked: Country"),
        Change("volume_mappings-0", "fixed: / → fixed: /buddy/app", "not there"),
        Change("variables-COUNTRY", "Country", "Market", "label"),
        Change("variables-COUNTRY", "no", "yes", "settable"),
        Change("variables-DB_PASSWORD", "a secret of the template", "not there"),
    )


def test_places_that_are_called_the_same_are_told_apart_by_their_addresses() -> None:
    one, other = (replace(REPORT, areas=(Area("buddy", name),)) for name in ("site", "site-2"))
    (change,) = changes(one, other, Words(areas=lambda areas: "The site"))
    assert (change.before, change.after) == ("buddy/site", "buddy/site-2")
    assert changes(one, one, Words(areas=lambda areas: "The site")) == ()
