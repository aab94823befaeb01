"""Answers become the form that the whole form would post, and the same request comes of it."""

from support.prepared import REPORT

from webapp.forms.action_form.form import SECTIONS, field_names
from webapp.prepared.answers import fill, locked_boxes
from webapp.prepared.boxes import BOXES


def test_every_box_of_the_whole_form_can_be_prepared() -> None:
    of_the_form = {"name", *(name for section in SECTIONS for name in field_names(section))}
    assert set(BOXES) == of_the_form - {"password_kept"}


def test_the_form_is_filled_in_with_the_answers() -> None:
    assert fill(REPORT, {"country": "pl", "since": "2026-03-01", "note": "hello"}) == {
        "name": "Report Poland",
        "image_source": "credentials",
        "docker_image_name": "team/report",
        "docker_image_tag": "22.04",
        "registry": "registry.example.com",
        "login": "robot",
        "password_kept": "template:password",
        "inline_commands": 'report --country "$COUNTRY" --since "$SINCE"\necho "$NOTE"',
        "trigger_time": "ON_EVERY_EXECUTION",
        "timeout": "600",
        "ignore_errors": "true",
        "volume_mappings-0-source": "/",
        "volume_mappings-0-target": "/buddy/app",
        "variables-0-key": "COUNTRY",
        "variables-0-type": "VAR",
        "variables-0-description": "",
        "variables-0-value": "pl",
        "variables-1-key": "SINCE",
        "variables-1-type": "VAR",
        "variables-1-description": "",
        "variables-1-value": "2026-03-01",
        "variables-2-key": "NOTE",
        "variables-2-type": "VAR",
        "variables-2-description": "Goes into the mail",
        "variables-2-value": "hello",
        "variables-3-key": "DB_PASSWORD",
        "variables-3-type": "VAR",
        "variables-3-description": "",
        "variables-3-encrypted": "true",
        "variables-3-kept": "template:variable:DB_PASSWORD",
    }


def test_boxes_of_the_whole_form_are_locked_under_their_own_names() -> None:
    posted = ["csrf_token", "answers-country", "timeout", "password_kept", "variables-0-value", "variables-²-key"]
    assert locked_boxes(REPORT, [*posted, "answers-city", "volume_mappings-0-source", "later"]) == (
        "timeout",
        "password_kept",
        "variables-0-value",
        "variables-²-key",
        "answers-city",
        "volume_mappings-0-source",
    )
