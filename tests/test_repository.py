"""The repository: what lies at its top, what the lock files hold, what a wheel carries."""

import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from support.server import free_port

ROOT = Path(__file__).parent.parent
TOP = {
    "Containerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "compose.yaml",
    "docs",
    "pyproject.toml",
    "requirements.txt",
    "requirements-postgresql.txt",
    "requirements-test.txt",
    "static",
    "templates",
    "tests",
    "webapp",
}


def test_nothing_else_lies_at_the_top() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    top = {line.split("/")[0] for line in tracked.splitlines()}
    assert {name for name in top if not name.startswith(".")} == TOP


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-postgresql.txt", "requirements-test.txt"])
def test_a_lock_file_has_hashes_for_all_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    blocks = re.findall(
        r"^[A-Za-z0-9._-]+==\S+(?: ;[^\\\n]*)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.M
    )
    assert len(blocks) == len(re.findall(r"^[A-Za-z0-9]", text, re.M)) > 20
    assert "http" not in text
    assert "index" not in text.replace("--no-emit-index-url", "")


def test_the_lock_files_agree() -> None:
    pins = [
        dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / name).read_text(), re.M))
        for name in ("requirements.txt", "requirements-postgresql.txt", "requirements-test.txt")
    ]
    assert pins[0].items() <= pins[1].items() <= pins[2].items()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-c", f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"]
    built = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return folder / built.strip().splitlines()[-1]


def test_a_wheel_carries_templates_static_files_and_migrations(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "static"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file() and path.parent.name != "__pycache__"]
        assert {f"webapp/{path.relative_to(ROOT)}" for path in files} <= names
    assert "webapp/store/migrations/versions/0001_submissions_and_secrets.py" in names
    assert not [name for name in names if name.startswith(("tests", "templates", "static")) or "__pycache__" in name]


def test_an_installed_wheel_serves_the_form_from_an_empty_database(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    zipfile.ZipFile(wheel).extractall(site)
    # The dependencies come from the environment of the tests; the project itself does not.
    others = next(path for path in sys.path if path.endswith("site-packages"))
    Path(site, "others.pth").write_text(others)
    program = f"""
import sys
sys.path = [path for path in sys.path if path != {str(ROOT)!r}]
sys.meta_path = [finder for finder in sys.meta_path if "editable" not in repr(finder).lower()]
import webapp.app
assert webapp.__file__.startswith({site!r}), webapp.__file__
from webapp.settings import Settings
app = webapp.app.create_app(Settings(port={free_port()}, database_url="sqlite:///{tmp_path}/empty.db"))
client = app.test_client()
form = client.get("/workspaces/buddy/projects/company-website/pipelines/2/actions/new", base_url="http://localhost")
style = client.get(app.jinja_env.globals["asset"]("site.css"), base_url="http://localhost")
print(form.status_code, b"Image name" in form.data, style.status_code)
app.extensions["slipway"].close()
"""
    shown = subprocess.run([python, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert shown.split() == ["200", "True", "200"]
