"""What is not used takes neither memory nor time at the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

import webapp.store
from webapp.store.database import versions

ROOT = Path(__file__).parent.parent
# Starts Slipway with the settings of its environment, opens its sign of life and says what has been loaded.
STARTING = """
import os, sys
from webapp import create_app
from webapp.settings import Settings
app = create_app(Settings.from_environ(os.environ))
assert app.test_client().get("/healthz", base_url="http://127.0.0.1:8000").status_code == 200
app.extensions["slipway"].close()
print(*sys.modules)
"""
PROVIDER = {
    "SLIPWAY_SIGN_IN": "oidc",
    "SLIPWAY_OIDC_ISSUER": "https://id.example.com",
    "SLIPWAY_OIDC_CLIENT_ID": "slipway",
    "SLIPWAY_OIDC_CLIENT_SECRET": "a secret of the client",
    "SLIPWAY_OIDC_EDITORS": "*",
}


def loaded(**settings: str) -> set[str]:
    """The modules that a start with these settings has loaded."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "BUDDY_"))}
    started = subprocess.run(
        [sys.executable, "-c", STARTING], env=inherited | settings, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(started.stdout.split())


@pytest.fixture
def database(tmp_path: Path) -> dict[str, str]:
    """The settings of a Slipway that has been started before."""
    settings = {"SLIPWAY_DATABASE_URL": f"sqlite:///{tmp_path}/slipway.db", "BUDDY_TOKEN": "a-token"}
    assert "alembic" in loaded(**settings)
    return settings


def test_a_start_loads_neither_a_provider_nor_the_sandbox_nor_passwords_nor_migrations(
    database: dict[str, str],
) -> None:
    assert (
        loaded(**database) & {"authlib", "joserfc", "webapp.sandbox", "zxcvbn", "alembic", "mako", "pygments"} == set()
    )


def test_a_start_with_a_provider_loads_what_it_needs(database: dict[str, str]) -> None:
    assert loaded(**database, **PROVIDER) & {"authlib", "zxcvbn", "alembic"} == {"authlib"}


def test_a_start_on_the_sandbox_loads_no_provider_of_either_side() -> None:
    assert loaded() & {"webapp.sandbox", "authlib", "joserfc", "zxcvbn"} == {"webapp.sandbox"}


def test_the_files_of_the_migrations_are_called_by_their_versions() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(webapp.store.__file__).with_name("migrations")))
    revisions = ScriptDirectory.from_config(config).walk_revisions()
    assert versions() == [script.revision for script in revisions][::-1]
