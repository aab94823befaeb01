"""What is compiled when it is first used, kept for the next start: modules by Python, templates here, beside them.

Compiling the templates of one page takes a fifth of a start.
"""

import compileall
import os
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache
from jinja2 import __version__ as jinja_version
from jinja2.bccache import Bucket

PACKAGE = Path(__file__).parent


class KeptTemplates(FileSystemBytecodeCache):
    """The compiled templates of a folder, kept where Python would keep modules of it: where that can't be written, or
    Python is to keep nothing, nothing is kept.

    What filters make of constants is compiled, too. So what was kept counts no more once a module of the `package` has
    changed.
    """

    def __init__(self, folder: Path, package: Path = PACKAGE) -> None:
        beside = Path(cache_from_source(str(folder / "a_module.py"))).parent
        super().__init__(str(beside), f"%s.{sys.implementation.cache_tag}.jinja")
        self._compiled_by = f"{jinja_version} {mark_of(package)} "

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """What the file of a template is called."""
        return name.replace("/", ".")

    def get_source_checksum(self, source: str) -> str:
        """What a template was compiled from, and by."""
        return sha256((self._compiled_by + source).encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what was kept of a template, if anything was. A file that is broken fails in many ways."""
        try:
            super().load_bytecode(bucket)
        except Exception:
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was just compiled."""
        if sys.dont_write_bytecode:
            return
        folder = Path(self.directory)
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
            # Jinja lets nobody else read the file, and often another account compiles than serves.
            (folder / (self.pattern % bucket.key)).chmod(folder.stat().st_mode & 0o666)

    def keeps(self, environment: Environment, name: str) -> bool:
        """Whether a template is kept as it is now."""
        assert environment.loader is not None
        source, filename, _ = environment.loader.get_source(environment, name)
        return self.get_bucket(environment, name, filename, source).code is not None


def mark_of(package: Path) -> str:
    """Tell the modules of a package from others: by what Python looks at, their times and sizes."""
    paths = (os.path.join(folder, name) for folder, _, names in os.walk(package) for name in names)
    # Editors put links that lead nowhere beside what they have open.
    found = sorted((path, os.stat(path)) for path in paths if path.endswith(".py") and os.path.isfile(path))
    return sha256(repr([(path, int(about.st_mtime), about.st_size) for path, about in found]).encode()).hexdigest()


def compile_all(environment: Environment) -> bool:
    """Compile and keep all modules and templates. False where one could not be kept."""
    kept = environment.bytecode_cache
    assert isinstance(kept, KeptTemplates)
    names = environment.list_templates(extensions=["html"])
    for name in names:
        environment.get_template(name)
    return bool(compileall.compile_dir(PACKAGE, quiet=1)) and all(kept.keeps(environment, name) for name in names)
