"""What a request can reach: the parts that `create_app` has put together, and who is asking."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from flask import Response, current_app, g, has_request_context, request, session

from webapp.assets import Assets
from webapp.auth.accounts import Staff
from webapp.auth.people import DEMO, LOCAL, Person, Role, demo_person
from webapp.auth.sessions import Sessions, Visit
from webapp.buddy.client import Client
from webapp.connection import Connection
from webapp.directory import Directory
from webapp.figures.counting import Figures
from webapp.library import Library
from webapp.logs import PERSON, ROUTE, shown_path
from webapp.registry.registries import Registries
from webapp.rulebook import Rulebook
from webapp.runs.download import Downloads
from webapp.runs.follower import Follower
from webapp.settings import Settings
from webapp.store.activity import Activity
from webapp.store.events import Actor
from webapp.store.failures import JournalUnavailable
from webapp.store.journal import Journal
from webapp.store.monitoring import DatabaseMonitor
from webapp.store.reading import Clock
from webapp.store.record import Record
from webapp.store.unfinished import UnfinishedTable
from webapp.store.vault import Vault
from webapp.submissions.envelope import EnvelopeSeal
from webapp.submissions.reconciling import Reconciler
from webapp.submissions.ruling import Ruling
from webapp.submissions.run_progress import RunProgress
from webapp.submissions.sending import Sender
from webapp.submissions.stopping import Stopping

if TYPE_CHECKING:
    from webapp.auth.openid.provider_accounts import ProviderAccounts
    from webapp.sandbox import Sandbox

# Where the cookie keeps which of the sandbox's people one is.
DEMO_ROLE = "demo role"
# Where the cookie keeps the secret of the session.
SESSION = "session"


@dataclass(frozen=True)
class Parts:
    """The parts of one running Slipway. `close` ends them all."""

    settings: Settings
    client: Client
    journal: Journal
    activity: Activity
    record: Record
    sessions: Sessions
    staff: Staff
    connection: Connection
    directory: Directory
    provider_accounts: "ProviderAccounts | None"
    library: Library
    unfinished: UnfinishedTable
    seal: EnvelopeSeal
    vault: Vault
    clock: Clock
    sender: Sender
    reconciler: Reconciler
    ruling: Ruling
    runs: RunProgress
    follower: Follower
    downloads: Downloads
    stopping: Stopping
    rulebook: Rulebook
    registries: Registries
    executor: Executor
    sandbox: "Sandbox | None"
    assets: Assets
    figures: Figures
    monitor: DatabaseMonitor
    link_base: str
    close: Callable[[], object]

    @property
    def endpoint(self) -> str:
        """The address of Buddy's API for other programs; the sandbox's is mounted beside the pages."""
        return f"{self.settings.url}/sandbox/api" if self.sandbox else self.settings.buddy_api_endpoint.rstrip("/")


def parts() -> Parts:
    """The parts of the Slipway that answers this request."""
    found = current_app.extensions["slipway"]
    assert isinstance(found, Parts)
    return found


def visit() -> Visit | None:
    """The session of who is asking, or None when nobody is signed in. Read once a request."""
    if "visit" not in g:
        # When the database can't be read, this request asks it no more, and its error page knows nobody.
        g.visit = None
        if parts().settings.sign_in:
            g.visit = parts().sessions.find(session.get(SESSION))
    found: Visit | None = g.visit
    return found


def visitor() -> Person | None:
    """Who is asking, or None when nobody is signed in."""
    if "visitor" not in g:
        g.visitor = find_visitor()
    found: Person | None = g.visitor
    return found


def find_visitor() -> Person | None:
    """Look up who is asking: each page asks for it again and again."""
    if parts().settings.sign_in:
        now = visit()
        return now.person if now else None
    if parts().settings.sandbox:
        return demo_person(session.get(DEMO_ROLE, "")) or DEMO[0]
    return LOCAL


def person() -> Person:
    """Who is asking, on pages that nobody sees who is not signed in."""
    found = visitor()
    assert found is not None, "nobody is let in who is not signed in"
    return found


def seconds_left() -> int | None:
    """For how many seconds who is asking is still signed in if nothing is done; None where nobody signs in."""
    now = visit()
    return None if now is None else round((now.ends_at - parts().clock()).total_seconds())


def may(role: str) -> bool:
    """Whether who is asking has a role, given by its name, or one that covers it."""
    found = visitor()
    return found is not None and found.role.covers(Role(role))


def may_by_rules(needed: Callable[[], Role]) -> bool:
    """Whether who is asking has the role that the rules say, or one that covers it: what pages offer, also while the
    rules can't be read. It is an editor's or an administrator's."""
    if may(Role.ADMINISTRATOR) or not may(Role.EDITOR):
        return may(Role.ADMINISTRATOR)
    try:
        return may(needed())
    except JournalUnavailable:
        return False


def would_be_let(owner: str, needed: Role) -> bool:
    """Whether somebody who is not signed in at the moment has a role, or one that covers it, and may sign in."""
    account = parts().staff.accounts.find(owner)
    return account is not None and account.disabled_at is None and Role.of(account.role).covers(needed)


def skip_visitor_lookup() -> None:
    """Look up no more who is asking: a page for what went wrong must not need the database."""
    g.setdefault("visit", None)


def tell_log(response: Response) -> Response:
    """Tell the access log who has asked, if that was looked up: for the log alone nobody asks the database; and which
    route has answered."""
    skip_visitor_lookup()
    found = visitor()
    request.environ[PERSON] = found.id if found else None
    request.environ[ROUTE] = request.url_rule.rule if request.url_rule else None
    return response


def actor() -> Actor:
    """Who is asking, as the record names them."""
    asking = person()
    return Actor(asking.id, asking.name, request.remote_addr)


def asker() -> str | None:
    """The id of whoever is asking, where people sign in and a request has told; None else."""
    now: Visit | None = g.get("visit") if has_request_context() else None
    return now.person.id if now else None


def asked() -> dict[str, str]:
    """What is asked for, as the record names it."""
    return {"method": request.method, "path": shown_path(request.path)}


def page_left() -> SplitResult:
    """The address of the page that this was asked from; an empty one where the browser says none, or what is none."""
    try:
        return urlsplit(request.referrer or "")
    except ValueError:
        return urlsplit("")


def anonymous_actor() -> Actor:
    """Somebody who is not signed in, as the record names them."""
    return Actor(None, "somebody", request.remote_addr)
