"""The `slipway` command."""

import gc
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from typing import NoReturn

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from webapp.app import create_app
from webapp.checking import problems
from webapp.compiled import compile_all
from webapp.context import Parts
from webapp.directory import SELDOM
from webapp.dispatching import Dispatcher
from webapp.figures.board import Board
from webapp.figures.counting import Figures
from webapp.figures.families import THREADS, WAITING
from webapp.logs import log_to_stderr
from webapp.processes import WorkerContext, WorkerPool
from webapp.routine import Routine
from webapp.samples import make_samples
from webapp.server import GRACE_SECONDS, NotThisComputer, PortTaken, bind
from webapp.server import serve as serve_app
from webapp.settings import Settings, SettingsError
from webapp.storage import KEY_FILE, address_in, open_storage
from webapp.store.backups import BackupError, back_up, begin_anew, database_file
from webapp.store.backups import restore as put_back
from webapp.store.database import NewerDatabase, open_database
from webapp.store.engines import connect_to, is_sqlite
from webapp.store.failures import JournalUnavailable, said_by
from webapp.store.journal import utc_now
from webapp.store.keys import WrongKey, prove_key, rotate_keys
from webapp.store.moving import MoveError, address_from, refuse_running
from webapp.store.moving import move as move_all
from webapp.store.vault import Vault
from webapp.submissions.words import sentence
from webapp.views.sending import sending_in

SWEEP_SECONDS = 3600
# A process lets requests in flight end, and what runs beside them.
SECONDS_TO_END = GRACE_SECONDS + 20
LOOK_SECONDS = 1
# What one process has counted, the others know after so long.
PUBLISH_SECONDS = 5
NO_PASSWORDS = (
    "nobody signs in with a password here (SLIPWAY_SIGN_IN): with oidc the provider says who is an administrator"
)
KEEPS_NOTHING = "on its sandbox Slipway keeps nothing: run this with the settings that it serves with"
WITHOUT_NAME = "Without a name, the link makes a new administrator."
FAILURES = (SettingsError, WrongKey, NewerDatabase, BackupError, MoveError, JournalUnavailable, OSError)
ON_SANDBOX = "It runs on its sandbox: nothing leaves this computer, and everything is forgotten when it stops."
ON_KEPT_SANDBOX = (
    "It runs on its sandbox: nothing is sent to the real Buddy, and what its simulated one holds is forgotten when "
    "it stops.\n"
    "What was sent, drafts and templates stay in the database of SLIPWAY_DATABASE_URL."
)
TO_BUDDY = "To work with the real Buddy, set BUDDY_TOKEN to an API token and start it again."


@click.group(invoke_without_command=True)
@click.version_option(package_name="slipway")
@click.pass_context
def main(context: click.Context) -> None:
    """Slipway adds "Run Docker container" actions to Buddy pipelines. Without a command it serves."""
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
def serve() -> None:
    """Serve the pages until Ctrl+C or SIGTERM. The settings come from the environment: see docs/settings.md."""
    log_to_stderr(logging.INFO)
    with failing_with("Slipway did not start"):
        settings = Settings.from_environ(os.environ)
    try:
        with bind(settings.host, settings.port) as listener:
            # Memory that all processes see has to be there before they are.
            board = Board(settings.processes) if settings.processes > 1 and settings.metrics_token else None
            work = partial(serve_alone, settings, listener, board)
            if settings.processes == 1:
                work(WorkerContext())
            else:
                WorkerPool(settings.processes, work, SECONDS_TO_END, listener.close).run()
    except NotThisComputer as error:
        fail(f"Slipway did not start: {error}. Choose another host with SLIPWAY_HOST.")
    except PortTaken as error:
        fail(f"Slipway did not start: {error}. Choose another port with SLIPWAY_PORT.")


def serve_alone(settings: Settings, listener: socket, board: Board | None, worker: WorkerContext) -> None:
    """Serve in this process, which may be one of several. Raises `PortTaken`."""
    figures = Figures(worker.number, board)
    with failing_with("Slipway did not start"):
        app = create_app(settings, figures=figures)
        parts: Parts = app.extensions["slipway"]
        if parts.sandbox:
            make_samples(parts.library)
    gc.freeze()
    # Nearly all that a page makes goes by itself. The rest need not be looked for with each page.
    gc.set_threshold(5_000, 10, 10)

    def ready(dispatcher: Dispatcher) -> None:
        figures.show(WAITING, lambda: dispatcher.waiting)
        figures.show(THREADS, lambda: dispatcher.active_count)
        if worker.number == 0 and not worker.replaces:
            announce(parts)
        worker.ready()

    with (
        closing(parts),
        closing(Routine("housekeeper", lambda _: sweep(parts), SWEEP_SECONDS)),
        closing(Routine("reconciler", parts.reconciler.round, LOOK_SECONDS)),
        closing(Routine("directory", parts.directory.refresh, SELDOM)),
        closing(Routine("figures", lambda _: figures.publish(), PUBLISH_SECONDS)) if board else nullcontext(),
    ):
        serve_app(app, listener, ready, worker.over, sending_in(app))


@main.command()
def reconcile() -> None:
    """Look in Buddy, now, for everything that was sent, not answered for and is due, and say what was found."""
    log_to_stderr(logging.WARNING)
    with failing_with("Slipway did not look"):
        app = create_app(Settings.from_environ(os.environ))
    parts: Parts = app.extensions["slipway"]
    with closing(parts), failing_with("Slipway did not look"):
        looks = parts.reconciler.round()
    for look in looks:
        click.echo(f"{look.name}: {sentence(look.kind, look.state)} {look.problem}".rstrip())
    click.echo("Nothing is due." if not looks else f"Looked for {len(looks)}.")


@main.command()
def migrate() -> None:
    """Bring the database's tables up to date, and end. `slipway serve` does so by itself, too, when it starts."""
    log_to_stderr(logging.WARNING)
    with failing_with("The tables were not brought up to date"), opened(Settings.from_environ(os.environ)):
        pass
    click.echo("The tables are up to date.")


@main.command("rotate-keys")
def rotate() -> None:
    """Seal every kept secret again with the first key of SLIPWAY_SECRET_KEY, so that the older ones can go."""
    log_to_stderr(logging.WARNING)
    with failing_with("No key was changed"), existing(Settings.from_environ(os.environ)) as (engine, vault):
        count = rotate_keys(engine, vault)
    sealed = "1 secret is" if count == 1 else f"{count} secrets are"
    click.echo(f"{sealed} sealed with the first key now. The keys behind it are no longer needed for them.")


@main.command("administrator-link")
@click.argument("login", metavar="[SIGN-IN NAME]", required=False)
def administrator_link(login: str | None) -> None:
    """Print a link that makes a new administrator; with the SIGN-IN NAME of one, a link to choose a new password."""
    log_to_stderr(logging.WARNING)
    with failing_with("No link was made"):
        app = create_app(Settings.from_environ(os.environ))
    parts: Parts = app.extensions["slipway"]
    with closing(parts), failing_with("No link was made"):
        if "password" not in parts.settings.sign_in:
            raise SettingsError(NO_PASSWORDS)
        secret = parts.staff.administrator_link(login)
    if secret is None:
        fail(f"No link was made: {login} is no administrator who may sign in with a password. {WITHOUT_NAME}")
    whom = "a new administrator" if login is None else f"a new password for {login}"
    click.echo(f"This link works once, for three days, for {whom}: {parts.settings.url}/invitations/{secret}")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the database into a new FILE, also while Slipway is running. The secret key is not in it."""
    log_to_stderr(logging.WARNING)
    with failing_with("No backup was made"), stored() as (database, settings, _):
        count = back_up(database, file)
    key = "SLIPWAY_SECRET_KEY" if settings.secret_keys else str(database.with_name(KEY_FILE))
    click.echo(f"{file} has everything but the secret key (submissions and drafts: {count}).")
    click.echo(f"Keep {key} in another place.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Keep a database that is there beside the restored one.")
def restore(file: Path, force: bool) -> None:
    """Put a backup FILE in the database's place. Slipway must not be running."""
    log_to_stderr(logging.WARNING)
    with failing_with("Nothing was restored"), stored() as (database, _, vault):
        kept_as = database.with_name(f"{database.name}.{utc_now():%Y%m%dT%H%M%SZ}") if force else None
        kept = put_back(database, file, vault, kept_as)
    click.echo(f"{database} is as it was in {file}. Everybody has to sign in again.")
    if kept:
        click.echo(f"The database that was there is {kept_as} now.")


@main.command("begin-anew")
def begin_anew_command() -> None:
    """After the database was put back by another tool: end all sessions and links. Slipway may be running."""
    log_to_stderr(logging.WARNING)
    with failing_with("Nothing was ended"), existing(Settings.from_environ(os.environ)) as (engine, _):
        count = begin_anew(engine)
    click.echo("Everybody has to sign in again, and links that make somebody choose a password no longer work.")
    click.echo(f"Sends that were on their way: {count}. Slipway looks for them in Buddy as soon as it runs.")


@main.command()
@click.argument("source", metavar="FROM")
def move(source: str) -> None:
    """Copy everything from another database into the empty one of SLIPWAY_DATABASE_URL.

    FROM is a file that holds the other one's address, or the name of an environment variable that does, or an SQLite
    database itself. Slipway must not be running on either.
    """
    log_to_stderr(logging.WARNING)
    with failing_with("Nothing was moved"), ExitStack() as stack:
        address = address_from(source, os.environ)
        refuse_running(address)
        origin = connect_to(address, patient=True)
        stack.callback(origin.dispose)
        storage = stack.enter_context(open_storage(Settings.from_environ(os.environ)))
        open_database(storage.url).dispose()
        engine, vault = connect_to(storage.url, patient=True), Vault(storage.secret_keys)
        stack.callback(engine.dispose)
        moved = move_all(origin, engine, vault)
        prove_key(engine, vault)
    rows = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in moved.counts.items() if count)
    click.echo(f"Everything is in the database of SLIPWAY_DATABASE_URL now, and the key fits. Rows: {rows or 'none'}.")
    if moved.shortened:
        texts = ", ".join(f"{column} in {count}" for column, count in moved.shortened.items())
        click.echo(f"Texts that were longer than PostgreSQL takes end with “…” now; rows: {texts}.")
    click.echo("The database before is as it was. Start Slipway on the new one alone.")


@main.command("compile")
def compile_code() -> None:
    """Compile Slipway's modules and templates: it starts faster where it can't write into its own folder."""
    sys.dont_write_bytecode = False
    with TemporaryDirectory(prefix="slipway-") as folder, failing_with("Slipway was not compiled"):
        app = create_app(Settings.from_environ({"SLIPWAY_DATABASE_URL": f"sqlite:///{folder}/slipway.db"}))
        with closing(app.extensions["slipway"]):
            kept = compile_all(app.jinja_env)
    if not kept:
        fail("Slipway was not compiled: it can't write beside its modules and templates.")


@main.command()
def check() -> None:
    """Say what of the present settings is unsafe, a line each; it fails when anything is. Nothing is changed."""
    with failing_with("The settings can't be used"):
        found = list(problems(Settings.from_environ(os.environ), os.environ))
    for problem in found:
        click.echo(problem)
    if found:
        raise SystemExit(1)
    click.echo("Nothing unsafe was found in the settings.")


@contextmanager
def stored() -> Iterator[tuple[Path, Settings, Vault]]:
    """The database's file, the settings and the keys. Raises what `failing_with` tells of."""
    settings = Settings.from_environ(os.environ)
    refuse_sandbox(settings)
    with open_storage(settings) as storage:
        yield database_file(storage.url), settings, Vault(storage.secret_keys)


@contextmanager
def existing(settings: Settings) -> Iterator[tuple[Engine, Vault]]:
    """The same as `opened`, but of a database that is there: what is done to a new one would be taken for done."""
    url = address_in(settings.database_url) if settings.database_url else None
    if url and is_sqlite(url) and not database_file(url).is_file():
        raise BackupError(f"there is no database at {database_file(url).absolute()}")
    with opened(settings) as parts:
        yield parts


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Engine, Vault]]:
    """The database, its tables up to date, and the keys that it was written with. Raises what `failing_with` tells
    of."""
    refuse_sandbox(settings)
    with ExitStack() as stack:
        storage = stack.enter_context(open_storage(settings))
        engine, vault = open_database(storage.url), Vault(storage.secret_keys)
        stack.callback(engine.dispose)
        prove_key(engine, vault)
        yield engine, vault


def refuse_sandbox(settings: Settings) -> None:
    """Raise `SettingsError` where whatever a command does would be thrown away with the sandbox's database."""
    if settings.sandbox and settings.database_url is None:
        raise SettingsError(KEEPS_NOTHING)


@contextmanager
def failing_with(failure: str) -> Iterator[None]:
    """End with one sentence when Slipway can't be put together."""
    try:
        yield
    except SQLAlchemyError as error:
        fail(f"{failure}: the database can't be used: {said_by(error)}")
    except FAILURES as error:
        fail(f"{failure}: {error}")


def sweep(parts: Parts) -> None:
    """Forget what has been kept for long enough."""
    parts.journal.sweep(timedelta(days=parts.settings.keep_days))
    parts.sessions.sweep()
    parts.unfinished.sweep()


def announce(parts: Parts) -> None:
    """Say where Slipway is, and how its first administrator gets in."""
    settings = parts.settings
    click.echo(f"Slipway is ready: {settings.url}")
    if settings.sandbox:
        click.echo(ON_SANDBOX if settings.database_url is None else ON_KEPT_SANDBOX)
        click.echo(TO_BUDDY)
    first = parts.staff.first_invitation() if "password" in settings.sign_in else None
    if first:
        link = f"{settings.url}/invitations/{first}"
        click.echo(f"It has no administrator yet. Use this link once to become the first one: {link}")
    click.echo("Stop it with Ctrl+C.")
    sys.stdout.flush()


def fail(message: str) -> NoReturn:
    """End with one sentence."""
    raise SystemExit(message)
