"""A template that is there, and what people answer to it."""

from support.pages import Browser, Page
from support.prepared import REPORT
from support.rigs import NEW, Rig
from webapp.prepared.templates import Template
from webapp.store.events import SLIPWAY

ACTIONS = NEW.removesuffix("/new")
SECRETS = {"template:password": "canary-of-the-registry", "template:variable:DB_PASSWORD": "canary-of-the-database"}
ANSWERS = {"answers-country": "pl", "answers-since": "2026-03-01", "answers-note": 'It\'s "me"'}
# The whole of it on the wire.
REPORTED = {
    "name": "Report Poland",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "team/report",
    "docker_image_tag": "22.04",
    "registry": "registry.example.com",
    "login": "robot",
    "password": "canary-of-the-registry",
    "inline_commands": 'report --country "$COUNTRY" --since "$SINCE"\necho "$NOTE"',
    "mount_filesystem_disable": False,
    "volume_mappings": ["/:/buddy/app"],
    "variables": [
        {"key": "COUNTRY", "value": "pl"},
        {"key": "SINCE", "value": "2026-03-01"},
        {"key": "NOTE", "value": 'It\'s "me"', "description": "Goes into the mail"},
        {"key": "DB_PASSWORD", "value": "canary-of-the-database", "encrypted": True},
    ],
    "timeout": 600,
    "ignore_errors": True,
}


def make_template(team: Rig, template: Template = REPORT) -> str:
    """Make a template, and give its id."""
    return team.parts.library.make(template, SECRETS, SLIPWAY)


def open_template(browser: Browser, id: str, query: str = "") -> Page:
    """Open its form in the contract's pipeline."""
    return browser.get(f"{NEW}?template={id}{query}")
