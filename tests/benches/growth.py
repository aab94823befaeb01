"""How the time of a request grows with what is in it: the time, beside that for a quarter of the work."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory

from flask import Flask
from support.prepared import REPORT
from support.server import serving

from benches.measuring import alternate, milliseconds, show
from benches.tabs import ACTIONS, TYPED, Tab, fields_of
from webapp.buddy.changes import whole
from webapp.buddy.snapshot import Snapshot
from webapp.forms.action_form.containers import container_in
from webapp.forms.action_form.differences import differences
from webapp.forms.action_form.form import DEFAULTS
from webapp.prepared.boxes import Fixed
from webapp.prepared.judging import problems
from webapp.prepared.templates import PreparedVariable, PreparedVolume, Template

ROUNDS = 5
AIM = 5
FORM_PAGE = f"{ACTIONS}/new"
MAKER_PAGE = "/templates/new"
KB = 1024


def measure_growth() -> None:
    """Ask once with much and once with a quarter of it, in turn."""
    with signing_in() as sign_in:
        compare("A password of {} KB", 16, 64, sign_in)
    with filling_in() as fill:
        compare(".env text of {} lines", 500, 2_000, lambda count: fill("fill-env", {"env_text": env_text(count)}))
        compare("docker run with {} -e", 500, 2_000, lambda count: fill("fill-run", {"run_command": run_line(count)}))
        compare("{} posted rows", 1_500, 6_000, lambda count: fill("check", rows(count)))
        # The larger of these were refused: what follows is as much as is taken, and a quarter of it.
        compare(".env text of {} lines", 100, 400, lambda count: fill("fill-env", {"env_text": env_text(count)}))
        compare("docker run with {} -e", 100, 400, lambda count: fill("fill-run", {"run_command": run_line(count)}))
        compare("{} posted rows", 500, 2_000, lambda count: fill("check", rows(count)))
    with making() as make:
        compare("A maker's page with {} asked variables", 475, 1_900, lambda count: make(asked(count)))
    compare("A template with {} variables and folders", 500, 2_000, lambda count: problems(chain(count)))
    with drawing():
        compare("A change of {} variables, in words", 100, 400, tell_change)


def chain(count: int) -> Template:
    """A template with so many variables, each of which uses the one before, and as many volume mappings."""
    variables = [PreparedVariable("V0", Fixed("$NOTE"))]
    variables += [PreparedVariable(f"V{number}", Fixed(f"$V{number - 1}")) for number in range(1, count)]
    folders = (PreparedVolume(Fixed("/a"), Fixed("/b")),) * count
    return replace(REPORT, variables=(*REPORT.variables, *variables), volumes=folders)


def compare(what: str, few: int, many: int, ask: Callable[[int], object]) -> None:
    """Print how many times as long the four times as much takes."""
    quarter, whole = alternate(ROUNDS, lambda: ask(few), lambda: ask(many))
    show(f"{what.format(f'{few:,}/{many:,}')}: time ÷ a quarter's", f"{whole / quarter:.2f}", f"≤ {AIM}")
    show("  the two times", f"{milliseconds(quarter)}, {milliseconds(whole)}")


@contextmanager
def signing_in() -> Iterator[Callable[[int], None]]:
    """Somebody who tries to sign in with a password of so many KB: a letter, with all that can stand above it."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="slipway-bench-"))
        settings = {
            "SLIPWAY_SIGN_IN": "password",
            "SLIPWAY_SECRET_KEY": token_urlsafe(48),
            "SLIPWAY_DATABASE_URL": f"sqlite:///{Path(folder).as_posix()}/slipway.db",
        }
        tab = stack.enter_context(closing(Tab(stack.enter_context(serving(**settings)).url)))
        fields = fields_of(tab.page("/sign-in")) | {"login": "ada"}
        yield lambda size: tab.post("/sign-in", fields | {"password": "a" + "\u0315\u0300" * (size * KB // 4)})


@contextmanager
def filling_in() -> Iterator[Callable[[str, dict[str, str]], None]]:
    """Somebody who presses a helper button of a form in front of the sandbox."""
    with serving() as served, closing(Tab(served.url)) as tab:
        fields = fields_of(tab.page(FORM_PAGE)) | {"name": TYPED["name"]}
        yield lambda button, typed: tab.post(FORM_PAGE, fields | typed | {"button": button})


@contextmanager
def making() -> Iterator[Callable[[dict[str, str]], None]]:
    """Somebody who presses “Check” on the page of a new template."""
    with serving() as served, closing(Tab(served.url)) as tab:
        fields = fields_of(tab.page(MAKER_PAGE)) | {"button": "check"}
        yield lambda typed: tab.post(MAKER_PAGE, fields | typed)


@contextmanager
def drawing() -> Iterator[None]:
    """What a form is read within, where no Slipway is needed."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY=token_urlsafe(48))
    with app.test_request_context():
        yield


def tell_change(count: int) -> None:
    """Say what has changed in an action with so many variables, as lists do for each change."""
    before = DEFAULTS | {"name": TYPED["name"], **rows(count)}
    after = container_in(before | {"variables-0-value": "1"}, Snapshot(""))
    (change,) = differences(before, whole(after), Snapshot(""))
    assert change.term == "Variable A0"


def asked(count: int) -> dict[str, str]:
    """So many variables that are asked, as rows of a template's page."""
    return rows(count) | {f"variables-{number}-ask_use": "asked" for number in range(count)}


def env_text(count: int) -> str:
    """So many variables as a text."""
    return "".join(f"A{number}={number}\n" for number in range(count))


def run_line(count: int) -> str:
    """A command with so many variables."""
    return f"docker run {' '.join(f'-e A{number}={number}' for number in range(count))} ubuntu"


def rows(count: int) -> dict[str, str]:
    """So many variables as rows of a form."""
    return {f"variables-{number}-key": f"A{number}" for number in range(count)}
