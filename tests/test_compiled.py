"""What is compiled is kept for the next start, and never counts once what it was made from has changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from webapp.compiled import KeptTemplates, compile_all

ROOT = Path(__file__).parent.parent


class Project:
    """A folder of templates, and the package that they are drawn by."""

    def __init__(self, folder: Path) -> None:
        self.templates, self.module = folder / "templates", folder / "package/module.py"
        self.kept = self.templates / "__pycache__"
        for path, text in ((self.page, "Hello {{ 2 + 3 }}"), (self.module, "")):
            path.parent.mkdir(parents=True)
            path.write_text(text)

    @property
    def page(self) -> Path:
        return self.templates / "home/page.html"

    def draw(self) -> str:
        """The page, as a Slipway draws it that has just been started."""
        return self.started().get_template("home/page.html").render()

    def started(self) -> Environment:
        """What a Slipway draws with that has just been started."""
        return Environment(
            loader=FileSystemLoader(self.templates),
            autoescape=True,
            bytecode_cache=KeptTemplates(self.templates, self.module.parent),
        )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return Project(tmp_path)


def test_a_template_is_compiled_once(project: Project) -> None:
    assert project.draw() == "Hello 5"
    (file,) = project.kept.iterdir()
    written = file.stat().st_mtime_ns, file.read_bytes()
    assert project.draw() == "Hello 5"
    assert written == (file.stat().st_mtime_ns, file.read_bytes())


def test_whoever_may_look_into_the_folder_may_read_what_is_kept(project: Project) -> None:
    project.kept.mkdir(mode=0o755)
    project.draw()
    (file,) = project.kept.iterdir()
    assert file.stat().st_mode & 0o777 == 0o644


def test_a_template_that_has_changed_is_compiled_anew(project: Project) -> None:
    project.draw()
    project.page.write_text("Goodbye {{ 2 + 4 }}")
    assert project.draw() == "Goodbye 6"
    assert len(list(project.kept.iterdir())) == 1


def test_nothing_counts_that_was_compiled_by_another_version_of_a_module(project: Project) -> None:
    project.draw()
    (file,) = project.kept.iterdir()
    before = file.read_bytes()
    project.module.write_text("CHANGED = True\n")
    assert project.draw() == "Hello 5"
    changed = file.read_bytes()
    assert changed != before
    # As where a change leaves the size as it was.
    os.utime(project.module, (0, 0))
    assert project.draw() == "Hello 5"
    assert file.read_bytes() != changed


@pytest.mark.parametrize("broken", [b"", b"not compiled", b"j2"])
def test_a_file_that_is_broken_is_made_anew(project: Project, broken: bytes) -> None:
    project.draw()
    (file,) = project.kept.iterdir()
    whole = file.read_bytes()
    for bytes in (broken, whole[:-1], whole[:40]):
        file.write_bytes(bytes)
        assert project.draw() == "Hello 5"
        assert file.read_bytes() == whole


def test_where_nothing_can_be_written_a_template_is_compiled_each_time(project: Project) -> None:
    project.kept.write_text("a file where the folder would be")
    assert project.draw() == "Hello 5"
    assert project.draw() == "Hello 5"


def test_nothing_is_kept_where_python_is_to_keep_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert project.draw() == "Hello 5"
    assert not project.kept.exists()


def test_what_was_compiled_before_a_change_is_none_of_it(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compile_all(project.started())
    project.page.write_text("Goodbye {{ 2 + 4 }}")
    with monkeypatch.context() as nowhere:
        nowhere.setattr(sys, "dont_write_bytecode", True)
        assert not compile_all(project.started())
    assert compile_all(project.started())


def test_a_module_that_an_editor_has_locked_keeps_nothing_from_being_drawn(project: Project) -> None:
    project.module.with_name(".#module.py").symlink_to("somebody@a-computer.4711")
    assert project.draw() == "Hello 5"


def test_what_is_compiled_is_kept_where_python_is_told_to_keep_it(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "elsewhere"))
    assert project.draw() == "Hello 5"
    assert not project.kept.exists()
    assert len(list((tmp_path / "elsewhere").rglob("home.page.html.*.jinja"))) == 1


def compile_in(checkout: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "webapp", "compile"],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for folder in ("webapp", "templates", "static"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_command_compiles_all_modules_and_templates(checkout: Path) -> None:
    ended = compile_in(checkout)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    templates = {str(path.relative_to(checkout / "templates")) for path in (checkout / "templates").rglob("*.html")}
    kept = {path.name for path in (checkout / "templates/__pycache__").iterdir()}
    tag = sys.implementation.cache_tag
    assert kept == {f"{name.replace(os.sep, '.')}.{tag}.jinja" for name in templates}
    for module in (checkout / "webapp").rglob("*.py"):
        assert (module.parent / f"__pycache__/{module.stem}.{tag}.pyc").is_file(), module


def test_the_command_says_that_it_could_not(checkout: Path) -> None:
    (checkout / "templates/__pycache__").write_text("a file where the folder would be")
    ended = compile_in(checkout)
    assert ended.returncode == 1
    assert ended.stderr == "Slipway was not compiled: it can't write beside its modules and templates.\n"


def test_nothing_that_was_compiled_is_left_by_make_clean(checkout: Path) -> None:
    shutil.copy(ROOT / "Makefile", checkout)
    for folder in ("templates", "tests", "webapp", "webapp/views"):
        (checkout / folder / "__pycache__").mkdir(parents=True)
        (checkout / folder / "__pycache__/kept").write_text("compiled")
    subprocess.run(["make", "clean"], cwd=checkout, capture_output=True, timeout=60, check=True)
    assert not list(checkout.rglob("__pycache__"))
    assert (checkout / "templates/home/index.html").exists()
