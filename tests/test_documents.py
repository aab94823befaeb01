"""The README and docs/: their links lead somewhere, and the settings, commands and files that they name are there."""

import re
from pathlib import Path

import pytest

from webapp.cli import main
from webapp.settings import NAMES

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {str(path.relative_to(ROOT)): path.read_text() for path in DOCUMENTS}
# A line of a table or of running text; what is between fences is for a terminal.
FENCED = re.compile(r"^```.*?^```$", re.M | re.S)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(r"`((?:webapp|templates|static|tests|docs)/[\w./-]*|[\w-]+\.py)`")


def headings(text: str) -> set[str]:
    """The places in a document that a link can lead to."""
    found = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.M)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in found}


@pytest.mark.parametrize("name", TEXTS)
def test_each_link_leads_somewhere(name: str) -> None:
    for target in LINK.findall(TEXTS[name]):
        if "://" in target:
            continue
        file, _, place = target.partition("#")
        path = (ROOT / name).parent / file if file else ROOT / name
        assert path.exists(), target
        assert not place or place in headings(path.read_text()), target


@pytest.mark.parametrize("name", TEXTS)
def test_each_file_that_is_named_is_there(name: str) -> None:
    files = {path.name for room in ("webapp", "static", "tests") for path in (ROOT / room).rglob("*")}
    for named in NAMED_FILE.findall(TEXTS[name]):
        assert (ROOT / named).exists() if "/" in named else named in files, named


@pytest.mark.parametrize("name", TEXTS)
def test_each_setting_that_is_named_exists(name: str) -> None:
    named = set(re.findall(r"\b((?:SLIPWAY|BUDDY)_[A-Z_]*[A-Z])\b", TEXTS[name]))
    assert named <= {*NAMES, *(f"{setting}_FILE" for setting in NAMES)}


def test_every_setting_is_in_the_table_of_settings() -> None:
    assert [name for name in NAMES if f"`{name}`" not in TEXTS["docs/settings.md"]] == []


@pytest.mark.parametrize("name", TEXTS)
def test_each_command_that_is_named_exists(name: str) -> None:
    text = TEXTS[name]
    assert set(re.findall(r"(?:`|^|&& )slipway ([a-z][a-z-]*)", text, re.M)) <= set(main.commands)
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"(?:`|^|\) )make ([a-z][a-z-]*)", text, re.M)) <= targets


def test_every_command_is_told_of() -> None:
    everything = "".join(TEXTS.values())
    assert [name for name in main.commands if f"slipway {name}" not in everything] == []
