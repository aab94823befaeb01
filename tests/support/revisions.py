"""Revisions of Slipway that are run side by side, all in this one's environment, which has what they need."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Revision:
    """A Slipway in a folder: this one, unless another is named."""

    folder: Path = ROOT

    @property
    def environment(self) -> dict[str, str]:
        """What lets Python run this one: it looks there before its own environment, and not where it was started."""
        return {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(self.folder)}

    def knows(self, setting: str) -> bool:
        """Whether it has a setting. A Slipway with one that it does not know does not start."""
        return setting in (self.folder / "webapp" / "settings.py").read_text()


THIS = Revision()


def check_out(revision: str, folder: Path) -> Revision:
    """Write the files of an older revision into a folder of its own."""
    archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True)
    folder.mkdir()
    subprocess.run(["tar", "--extract", "--directory", folder], input=archive.stdout, check=True)
    return Revision(folder)
