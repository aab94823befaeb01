"""The `slipway` command."""

import logging
import os
import sys
from contextlib import closing
from typing import NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from webapp import create_app
from webapp.context import Parts
from webapp.housekeeping import Housekeeper
from webapp.server import PortTaken
from webapp.server import serve as serve_app
from webapp.settings import Settings, SettingsError

SANDBOX_LINES = (
    "It runs on its sandbox: nothing leaves this computer, and all is forgotten when it stops.\n"
    "To work with the real Buddy, set BUDDY_TOKEN to an API token and start it again."
)


@click.group(invoke_without_command=True)
@click.version_option(package_name="slipway")
@click.pass_context
def main(context: click.Context) -> None:
    """Slipway adds "Run Docker container" actions to Buddy pipelines. Without a command it serves."""
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
def serve() -> None:
    """Serve the pages until Ctrl+C or SIGTERM. The settings come from the environment: see the README."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        settings = Settings.from_environ(os.environ)
        app = create_app(settings)
    except (SettingsError, SQLAlchemyError, OSError) as error:
        fail(str(error))
    parts: Parts = app.extensions["slipway"]
    with closing(parts), closing(Housekeeper(parts.journal, settings.keep_days)):
        try:
            serve_app(app, settings.host, settings.port, lambda: announce(settings))
        except PortTaken as error:
            fail(f"{error}. Choose another port with SLIPWAY_PORT.")


def announce(settings: Settings) -> None:
    """Say where Slipway is."""
    click.echo(f"Slipway is ready: {settings.url}")
    if settings.sandbox:
        click.echo(SANDBOX_LINES)
    click.echo("Stop it with Ctrl+C.")
    sys.stdout.flush()


def fail(message: str) -> NoReturn:
    """End with one sentence."""
    raise SystemExit(f"Slipway did not start: {message}")
