"""The house rules that a reader could not see in one file."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "webapp"
# Each room and the rooms it may import from.
ROOMS = {
    "docker": set(),
    "yaml_texts": set(),
    "http": set(),
    "registry": {"docker", "http"},
    "buddy": {"http"},
    "store": set(),
    "settings": {"registry"},
    "sandbox": set(),
    "auth": {"http", "settings", "store"},
    "connection": {"buddy", "http", "store"},
    "directory": {"buddy", "http", "store"},
    "library": {"prepared", "store"},
    "samples": {"library", "prepared", "store"},
    "assets": set(),
    "compiled": set(),
    "flask_app": set(),
    "gate": {"logs"},
    "logs": set(),
    "processes": set(),
    "figures": set(),
    "dispatching": {"http"},
    "open_files": set(),
    "channel": set(),
    "server": {"channel", "dispatching", "http", "open_files"},
    "storage": {"settings", "store"},
    "checking": {"settings", "storage"},
    "routine": {"store"},
    "rulebook": {"prepared", "store"},
    "prepared": {"docker", "yaml_texts"},
    "forms": {"buddy", "docker", "http", "prepared", "yaml_texts"},
    "runs": {"buddy", "http", "store", "submissions"},
    "submissions": {"buddy", "http", "prepared", "store"},
    "context": {
        "assets",
        "auth",
        "buddy",
        "connection",
        "directory",
        "figures",
        "library",
        "logs",
        "registry",
        "rulebook",
        "runs",
        "sandbox",
        "settings",
        "store",
        "submissions",
    },
    "views": {
        "auth",
        "buddy",
        "compiled",
        "context",
        "figures",
        "forms",
        "http",
        "library",
        "logs",
        "prepared",
        "registry",
        "runs",
        "store",
        "submissions",
    },
}
# Who may use a library that is one room's business.
LIBRARIES = {
    "requests": {"auth", "http", "registry"},
    "urllib3": {"http"},
    "sqlalchemy": {"store", "storage", "cli", "checking"},
    "alembic": {"store"},
    "cryptography": {"store"},
    "packaging": {"registry"},
    "argon2": {"auth"},
    "authlib": {"auth"},
    "joserfc": {"auth", "sandbox"},
    "zxcvbn": {"checking", "forms"},
    "flask": {"views", "sandbox", "context", "flask_app", "app"},
    "flask_wtf": {"forms", "views"},
    "wtforms": {"forms"},
    "yaml": {"yaml_texts"},
    "flask_compress": {"app"},
    "waitress": {"channel", "dispatching", "server"},
    "prometheus_client": {"figures"},
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downwards_only(path: Path) -> None:
    room = room_of(path)
    used = {name.split(".")[1] for name in imports(path) if name.startswith("webapp.")}
    if room in ROOMS:
        assert used - {room} <= ROOMS[room], f"{room} imports {used - {room} - ROOMS[room]}"
    else:
        assert room in ("__init__", "__main__", "app", "cli")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_library_is_used_only_in_its_room(path: Path) -> None:
    used = {name.split(".")[0] for name in imports(path)}
    assert [name for name, rooms in LIBRARIES.items() if name in used and room_of(path) not in rooms] == []


def test_views_pick_no_data_out_of_forms() -> None:
    for path in (PACKAGE / "views").rglob("*.py"):
        attributes = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert "data" not in attributes, path.name


def test_every_package_says_what_belongs_in_it_and_what_does_not() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        words = ast.get_docstring(ast.parse(path.read_text())) or ""
        assert path.parent.name == "versions" or ("Belongs here" in words and "Does not belong here" in words), path


def test_inputs_are_drawn_by_components_alone() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert "|safe" not in text.replace(" ", "")
        if path.parent.name != "components":
            assert not [line for line in text.splitlines() if "<input" in line and 'type="hidden"' not in line], path


def test_the_token_of_a_form_is_drawn_by_one_component() -> None:
    drawn = re.compile(r"csrf_token\(|\.csrf_token|name=.csrf_token")
    files = [path for path in (ROOT / "templates").rglob("*.html") if drawn.search(path.read_text())]
    assert files == [ROOT / "templates/components/csrf.html"]


def test_all_that_a_field_is_drawn_from_is_in_its_look() -> None:
    """What is drawn anew here, and not there, would be shown as another field that was drawn before."""
    drawn = set(re.findall(r"\bfield\.(\w+)", (ROOT / "templates/components/fields.html").read_text()))
    own = {"when_empty", "suggestions", "rows", "on", "choices", "hints"}
    # Made of those that all fields have.
    made = {"described_by"}
    assert drawn == {"id", "name", "label", "description", "text", "errors", "note", "warnings"} | made | own, (
        "has its `look` all of these?"
    )


# What Python itself promises of `strftime`, everywhere; anything else, such as `%-d`, is one system's own.
EVERYWHERE = set("aAwdbBmyYHIpMSfzZjUWcxX%")
# A call with its format in quotes; what is written otherwise could not be seen here.
FORMATTED = re.compile(r"""strftime\(\s*(["'])(.*?)\1\s*\)""")


def time_formats(path: Path) -> list[str]:
    """The formats in which a file writes times."""
    text = path.read_text()
    formats = [match[2] for match in FORMATTED.finditer(text)]
    assert text.count("strftime") == len(formats), path
    if path.suffix == ".py":
        specs = [node.format_spec for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FormattedValue)]
        parts = [part for spec in specs if isinstance(spec, ast.JoinedStr) for part in spec.values]
        formats += [str(part.value) for part in parts if isinstance(part, ast.Constant) and "%" in str(part.value)]
    return formats


def test_times_come_out_on_every_system() -> None:
    found = {path: time_formats(path) for path in [*MODULES, *(ROOT / "templates").rglob("*.html")]}
    assert sum(len(formats) for formats in found.values()) >= 2
    for path, formats in found.items():
        used = {directive for format in formats for directive in re.findall("%(.)", format)}
        assert used <= EVERYWHERE, f"{path}: {used - EVERYWHERE}"


def test_assets_hold_no_program() -> None:
    assert not [path for folder in ("templates", "static") for path in (ROOT / folder).rglob("*.py")]


def test_importing_it_opens_nothing() -> None:
    program = """
import sys, socket
def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        raise RuntimeError(event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise RuntimeError(f"{event} {arguments}")
sys.addaudithook(refuse)
import webapp, webapp.cli
"""
    subprocess.run([sys.executable, "-B", "-c", program], check=True, cwd=ROOT)
