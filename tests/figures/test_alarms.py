"""The alarms of the guide ask for figures that there are."""

import re
from pathlib import Path

import yaml

from webapp.figures.families import COUNTED
from webapp.submissions.states import State

GUIDE = Path(__file__).parents[2] / "docs/operating.md"
READ = {"slipway_unsettled_oldest_seconds", "slipway_token_days_left", "up"}
FUNCTIONS = {"max", "min", "sum", "rate", "increase"}


def test_there_are_five_and_each_asks_for_what_there_is_and_says_what_to_do() -> None:
    (text,) = re.findall(r"```\n(groups:\n.*?)```", GUIDE.read_text(), re.S)
    rules = yaml.safe_load(text)["groups"][0]["rules"]
    assert len(rules) == 5
    known = READ | {f"{family.name}_total" for family in COUNTED}
    for rule in rules:
        bare = re.sub(r"\{.*?\}|\[.*?\]", "", rule["expr"])
        assert set(re.findall(r"[a-z_]{2,}", bare)) - FUNCTIONS <= known, rule["alert"]
        assert ". " in rule["annotations"]["summary"]
    (state,) = re.findall(r'state="(\w+)"', text)
    assert state in set(State)
