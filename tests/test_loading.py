"""What is not used takes neither memory nor time at the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from support.migrating import migrated, migrations

from webapp.store.database import versions

ROOT = Path(__file__).parent.parent
FORM = "/workspaces/buddy/projects/company-website/pipelines/2/actions/new"
# Starts Slipway with the settings of its environment, opens a page and says what has been loaded.
STARTING = """
import os, sys
from webapp.app import create_app
from webapp.settings import Settings
app = create_app(Settings.from_environ(os.environ))
assert app.test_client().get(sys.argv[1], base_url="http://127.0.0.1:8000").status_code == 200
app.extensions["slipway"].close()
print(*sys.modules)
"""
# Runs a command, and says how often garbage was looked for until its end, and whether it would be further on.
COMMAND = """
import gc, sys
looks = []
gc.callbacks.append(lambda phase, _: looks.append(phase))
sys.argv = ["slipway", "check"]
from webapp.__main__ import main
try:
    main()
finally:
    print(looks.count("start"), gc.isenabled())
"""
PROVIDER = {
    "SLIPWAY_SIGN_IN": "oidc",
    "SLIPWAY_OIDC_ISSUER": "https://id.example.com",
    "SLIPWAY_OIDC_CLIENT_ID": "slipway",
    "SLIPWAY_OIDC_CLIENT_SECRET": "a secret of the client",
    "SLIPWAY_OIDC_EDITORS": "*",
}


def loaded(page: str = "/healthz", **settings: str) -> set[str]:
    """The modules that a start with these settings, and a page, have loaded."""
    return set(printed(STARTING, page, **settings).split())


def printed(program: str, *words: str, **settings: str) -> str:
    """What a program prints that has these settings alone."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "BUDDY_"))}
    command = [sys.executable, "-c", program, *words]
    started = subprocess.run(command, env=inherited | settings, cwd=ROOT, check=True, capture_output=True, text=True)
    return started.stdout


# What few who start Slipway need.
SELDOM = {
    "authlib",
    "joserfc",
    "webapp.sandbox",
    "zxcvbn",
    "alembic",
    "mako",
    "pygments",
    "sqlalchemy.dialects.postgresql",
    "yaml",
    "webapp.runs.failures",
}


@pytest.fixture
def database(tmp_path: Path) -> dict[str, str]:
    """The settings of a Slipway whose database is not there yet."""
    return {"SLIPWAY_DATABASE_URL": f"sqlite:///{tmp_path}/slipway.db", "BUDDY_TOKEN": "a-token"}


def test_neither_the_first_start_nor_a_later_one_loads_what_is_seldom_needed(database: dict[str, str]) -> None:
    for _ in range(2):
        assert loaded(**database) & SELDOM == set()


def test_a_start_on_the_tables_of_an_older_version_loads_what_brings_them_up_to_date(database: dict[str, str]) -> None:
    migrated(database["SLIPWAY_DATABASE_URL"], versions()[-2])
    assert loaded(**database) & SELDOM >= {"alembic"}
    assert loaded(**database) & SELDOM == set()


def test_a_start_with_a_provider_loads_what_it_needs(database: dict[str, str]) -> None:
    assert loaded(**database, **PROVIDER) & {"authlib", "zxcvbn", "alembic"} == {"authlib"}


def test_a_start_on_the_sandbox_loads_no_provider_of_either_side() -> None:
    assert loaded() & {"webapp.sandbox", "authlib", "joserfc", "zxcvbn"} == {"webapp.sandbox"}


def test_a_form_loads_nothing_that_reads_what_people_paste() -> None:
    readers = {"yaml", "webapp.docker.compose", "webapp.docker.run_commands", "webapp.docker.shell"}
    assert loaded(FORM) & readers == set()


def test_no_garbage_is_looked_for_while_the_program_is_loaded() -> None:
    looks, on = printed(COMMAND, BUDDY_TOKEN="a-token").split()[-2:]
    assert (int(looks) < 20, on) == (True, "True")


def test_the_app_is_made_by_what_the_package_calls_so() -> None:
    made = "from webapp import create_app; print(create_app.__module__, create_app.__name__)"
    assert printed(made) == "webapp.app create_app\n"


def test_the_files_of_the_migrations_are_called_by_their_versions() -> None:
    revisions = ScriptDirectory.from_config(migrations()).walk_revisions()
    assert versions() == [script.revision for script in revisions][::-1]
