"""Making one Slipway: the only place where the parts meet. Logic does not belong here."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from webapp.assets import Assets
from webapp.auth.accounts import Staff
from webapp.auth.browsers import Browsers
from webapp.auth.passwords import Passwords
from webapp.auth.sessions import OPENID, Sessions
from webapp.auth.sign_in_limits import SignInLimits
from webapp.buddy.client import Client
from webapp.connection import Connection
from webapp.context import Parts, asker, may, seconds_left, tell_log, visit, visitor
from webapp.directory import SELDOM, Directory
from webapp.figures.counters import counting_calls, counting_requests
from webapp.figures.counting import Figures
from webapp.figures.families import CONNECTIONS, DATABASE_ERRORS, LOOKS, SENDS, SLOTS
from webapp.flask_app import SlipwayFlask
from webapp.gate import Gate
from webapp.http.rate_limit import Pace, RateLimit
from webapp.http.slots import Slots
from webapp.http.transport import CallObserver, Timings, TokenSource
from webapp.library import Library
from webapp.logs import AccessLog
from webapp.registry.hosts import Host
from webapp.registry.registries import Registries
from webapp.rulebook import Rulebook
from webapp.runs.download import Downloads
from webapp.runs.follower import Follower
from webapp.runs.maskable_secrets import MaskableSecrets
from webapp.settings import Settings
from webapp.storage import Storage, open_storage
from webapp.store.accounts import Accounts
from webapp.store.activity import Activity
from webapp.store.connection import ConnectionTable
from webapp.store.database import open_database
from webapp.store.journal import Journal, utc_now
from webapp.store.keys import prove_key
from webapp.store.monitoring import DatabaseMonitor, report_failures
from webapp.store.places import PlaceTable
from webapp.store.reading import Clock
from webapp.store.record import Record
from webapp.store.rules import RuleTable
from webapp.store.sessions import SessionTable
from webapp.store.sign_in_attempts import SignInAttempts
from webapp.store.templates import TemplateTable
from webapp.store.unfinished import UnfinishedTable
from webapp.store.vault import Vault
from webapp.submissions.clearance import Clearance
from webapp.submissions.envelope import EnvelopeSeal
from webapp.submissions.reconciling import Reconciler
from webapp.submissions.ruling import Ruling
from webapp.submissions.run_progress import RunProgress, is_going
from webapp.submissions.sending import Sender
from webapp.submissions.states import DONE_STATES
from webapp.submissions.stopping import Stopping
from webapp.submissions.words import as_it_runs
from webapp.views import (
    access,
    account,
    actions,
    activity,
    bodies,
    components,
    deletions,
    drafts,
    errors,
    files,
    filters,
    health,
    home,
    invitations,
    people,
    places,
    record,
    rules,
    sign_in,
)

# Under their own names they would hide packages of `webapp`.
from webapp.views import assets as asset_pages
from webapp.views import connection as connection_pages
from webapp.views import submissions as submission_pages
from webapp.views.action_form import additions, changes
from webapp.views.runs import asking, following
from webapp.views.runs.rights import may_run_whole
from webapp.views.states import listed_state
from webapp.views.templates import routes as template_pages
from webapp.views.templates.makers import may_make

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from webapp.auth.openid.provider_accounts import ProviderAccounts
    from webapp.sandbox import Sandbox

LARGEST_BODY = 2 * 1024 * 1024
LARGEST_FORM_PARTS = 3000
# Where an http address names none.
HTTP_PORT = 80
# The modules with the pages: each has a blueprint, `bp`.
NOUNS = (
    home,
    places,
    actions,
    additions,
    changes,
    deletions,
    asking,
    drafts,
    submission_pages,
    following,
    activity,
    template_pages,
    record,
    rules,
    account,
    people,
    sign_in,
    invitations,
    connection_pages,
    health,
    asset_pages,
)
# What the sandbox's pages take from the static files.
SANDBOX_STYLE = {"stylesheet": "site.css", "icon": "icon.svg"}


def create_app(
    settings: Settings,
    clock: Clock = utc_now,
    timings: Timings | None = None,
    passwords: Passwords | None = None,
    figures: Figures | None = None,
) -> Flask:
    """Build one Slipway from its settings and bring its database up to date.

    `clock` tells the time; `timings` how long Buddy may take, and `passwords` how they are hashed, where that is not to
    be the usual. `figures` counts what is done, where another process is to know it, too.

    `app.extensions["slipway"].close()` ends it. Raises `SettingsError` when the settings can't work together,
    `WrongKey` when the database was written with another secret key, and `sqlalchemy.exc.SQLAlchemyError` or
    `JournalUnavailable` when it can't be used.
    """
    folder = assets_folder()
    app = SlipwayFlask("webapp", template_folder=str(folder / "templates"), static_folder=None)
    with ExitStack() as building:
        storage = building.enter_context(open_storage(settings))
        told = figures or Figures()
        parts = assemble(settings, clock, timings, passwords or Passwords(), told, storage, folder, building)
        building.callback(parts.close)
        configure(app, settings, parts, storage.secret_keys)
        # From here on it is the app's own business to close them.
        building.pop_all()
    return app


def assemble(
    settings: Settings,
    clock: Clock,
    timings: Timings | None,
    passwords: Passwords,
    figures: Figures,
    storage: Storage,
    folder: Path,
    stack: ExitStack,
) -> Parts:
    """Make the parts. On success their closing moves from `stack` to `Parts.close`."""
    engine, vault = open_database(storage.url), Vault(storage.secret_keys)
    journal = Journal(engine, vault, clock)
    stack.callback(journal.close)
    prove_key(engine, vault)
    monitor = DatabaseMonitor(engine)
    monitor.warn_at_start()
    report_failures(engine, partial(figures.count, DATABASE_ERRORS))
    assets = Assets(folder / "static")
    sandbox = open_sandbox(settings, folder / "templates", assets, stack)
    tables = (engine, journal.writing, clock)
    slots = Slots(who=asker)
    figures.show(SLOTS, lambda: slots.taken)
    figures.show(CONNECTIONS, monitor.connections_used)
    rate_limit = RateLimit()
    pace = Pace(rate_limit, SELDOM)
    options = ClientOptions(timings, slots, rate_limit, counting_calls(figures))
    connection = open_connection(settings, sandbox, ConnectionTable(*tables), vault, options)
    client = connection.client_for(connection.token)
    stack.callback(client.close)
    quiet = connection.client_for(connection.token, pace)
    stack.callback(quiet.close)
    in_flight: set[str] = set()
    directory = Directory(PlaceTable(*tables), client, quiet, pace, connection.mark, clock)
    looked, sent = partial(figures.count, LOOKS), partial(figures.count, SENDS)
    reconciler = Reconciler(journal, client, clock, in_flight, directory.pipeline, looked)
    sender = Sender(journal, client, clock, Clearance(journal, reconciler, clock), in_flight, sent)
    runs = RunProgress(journal, clock)
    templates = TemplateTable(*tables, vault)
    maskable = MaskableSecrets(journal, templates)
    accounts = Accounts(*tables)
    issuer = settings.oidc.issuer if settings.oidc and OPENID in settings.sign_in else None
    attempts = SignInLimits(SignInAttempts(*tables), clock, journal.fingerprint)
    return Parts(
        settings=settings,
        clock=clock,
        client=client,
        journal=journal,
        activity=Activity(engine, DONE_STATES),
        record=Record(engine),
        sessions=Sessions(SessionTable(*tables), clock, settings.sign_in, issuer),
        staff=Staff(accounts, attempts, passwords, Browsers(storage.secret_keys, clock), clock, issuer),
        provider_accounts=open_provider_accounts(settings, accounts, clock, stack),
        connection=connection,
        directory=directory,
        library=Library(templates),
        unfinished=UnfinishedTable(*tables),
        seal=EnvelopeSeal(storage.secret_keys),
        vault=vault,
        sender=sender,
        reconciler=reconciler,
        ruling=Ruling(journal, client, clock),
        runs=runs,
        follower=Follower(client, clock, rate_limit, maskable, runs.seen),
        downloads=Downloads(client, maskable),
        stopping=Stopping(journal, client, clock, runs),
        rulebook=Rulebook(RuleTable(*tables)),
        registries=open_registries(settings, sandbox, slots, stack),
        executor=client.executor,
        sandbox=sandbox,
        assets=assets,
        figures=figures,
        monitor=monitor,
        link_base=settings.url if sandbox else settings.buddy_api_endpoint,
        close=stack.pop_all().close,
    )


def open_sandbox(settings: Settings, templates: Path, assets: Assets, stack: ExitStack) -> "Sandbox | None":
    """Make the sandbox, where Slipway runs on one."""
    if not settings.sandbox:
        return None
    # Loaded here, since few who run Slipway need it.
    from webapp.sandbox import Sandbox

    style = {name: assets.address(file) for name, file in SANDBOX_STYLE.items()}
    sandbox = Sandbox(f"{settings.url}/sandbox", str(templates), style)
    stack.callback(sandbox.close)
    return sandbox


@dataclass(frozen=True)
class ClientOptions:
    """How Buddy is asked, whatever the token: what `Client` is given besides."""

    timings: Timings | None
    slots: Slots
    rate_limit: RateLimit
    observer: CallObserver


def open_connection(
    settings: Settings, sandbox: "Sandbox | None", table: ConnectionTable, vault: Vault, options: ClientOptions
) -> Connection:
    """Make what knows the token for Buddy, or for the sandbox on its own port."""
    endpoint = settings.buddy_api_endpoint if sandbox is None else sandbox.start()
    fixed = settings.buddy_token if sandbox is None else sandbox.token

    def client_for(token: str | TokenSource, pace: Pace | None = None) -> Client:
        return Client(
            endpoint,
            token,
            settings.buddy_ca_file,
            options.timings,
            options.slots,
            pace,
            options.rate_limit,
            options.observer,
        )

    return Connection(table, vault, fixed, endpoint, client_for)


def open_registries(settings: Settings, sandbox: "Sandbox | None", slots: Slots, stack: ExitStack) -> Registries:
    """Make what asks registries whether an image is there. On the sandbox its own one stands in for all of them."""
    stand_in = Host.in_url(sandbox.start_registry()) if sandbox else None
    registries = Registries(settings.registries, settings.registry_ca_file, slots=slots, stand_in=stand_in)
    if sandbox:
        # A pause that a registry wanted ends with its weather.
        sandbox.state.weather_chosen = registries.end_pauses
    stack.callback(registries.close)
    return registries


def open_provider_accounts(
    settings: Settings, accounts: Accounts, clock: Clock, stack: ExitStack
) -> "ProviderAccounts | None":
    """Make what lets in the people whom an OpenID provider knows, where there is one."""
    if settings.oidc is None or OPENID not in settings.sign_in:
        return None
    # Loaded here, since what signs and checks identities takes 5 MB, and most have no provider.
    from webapp.auth.openid.asking import Asker
    from webapp.auth.openid.provider import Provider
    from webapp.auth.openid.provider_accounts import ProviderAccounts

    asker = Asker()
    stack.callback(asker.close)
    return ProviderAccounts(
        settings.oidc, Provider(settings.oidc, f"{settings.url}{sign_in.ANSWER}", asker, clock), accounts
    )


def configure(app: Flask, settings: Settings, parts: Parts, secret_keys: Sequence[str]) -> None:
    """Tie the parts, the pages and who may use them to the app."""
    app.config.update(configuration(settings, secret_keys))
    Compress(app)
    app.extensions["slipway"] = parts
    filters.register(app)
    files.register(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(known_to_templates(settings, parts))
    for noun in NOUNS:
        app.register_blueprint(noun.bp)
    if parts.sandbox is not None:
        app.register_blueprint(components.bp)
    errors.register(app)
    # Who may not use a page is told that first, whatever was posted to it.
    access.register(app)
    bodies.register(app)
    app.after_request(tell_log)
    served: WSGIApplication = app.wsgi_app
    if parts.sandbox is not None:
        served = DispatcherMiddleware(served, {"/sandbox": parts.sandbox.wsgi})
    gate = Gate(served, settings.url, settings.proxy_hops)
    app.wsgi_app = AccessLog(gate, settings.proxy_hops > 0, counting_requests(parts.figures))  # type: ignore[method-assign]


def configuration(settings: Settings, secret_keys: Sequence[str]) -> dict[str, object]:
    """What Flask and its extensions are told."""
    newest, *older = secret_keys
    return {
        # Whatever Flask's own environment variable says: its debugger would run anybody's code.
        "DEBUG": False,
        "SECRET_KEY": newest,
        "SECRET_KEY_FALLBACKS": older,
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LARGEST_BODY,
        "MAX_FORM_PARTS": LARGEST_FORM_PARTS,
        "SESSION_COOKIE_NAME": cookie_name(settings),
        "SESSION_COOKIE_SECURE": settings.url.startswith("https:"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
    }


def known_to_templates(settings: Settings, parts: Parts) -> dict[str, object]:
    """What all templates can use."""
    return {
        "sandbox": parts.sandbox is not None,
        "buddy": "Buddy" if parts.sandbox is None else "the sandbox",
        "send_seconds": f"{parts.client.timings.write:g}",
        "signing_in": bool(settings.sign_in),
        "checks_images": not settings.registries.nobody,
        "asset": parts.assets.address,
        "visitor": visitor,
        "may": may,
        "may_make_templates": may_make,
        "may_run_whole": may_run_whole,
        "listed_state": listed_state,
        "is_going": is_going,
        "as_it_runs": as_it_runs,
        "visit": visit,
        "seconds_left": seconds_left,
    }


def cookie_name(settings: Settings) -> str:
    """The session cookie's name: bound to this host under https; else with the port that people use, since a browser
    sends the cookies of one port to all others of the same host."""
    address = urlsplit(settings.url)
    return "__Host-slipway" if address.scheme == "https" else f"slipway-{address.port or HTTP_PORT}"


def assets_folder() -> Path:
    """Where `templates/` and `static/` are: in the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    return package if (package / "templates").is_dir() else package.parent
